#!/usr/bin/env bash
# make containers-check: builds both images, runs the Compose file as it stands on free ports with the engine that is here (Docker, or podman
# by its socket), publishes a stream, and checks what containers have to do. Not zero when a check fails, or when there is no engine: it says
# why. What was found and both logs are left in .run/containers.
set -euo pipefail
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

WORK=$RUN/containers
NAME=streams-check-$$
PATIENCE=${STREAMS_CHECK_WITHIN:-60}
failures=0

report() {
  say "$*"
  printf '%s\n' "$*" >>"$WORK/report"
}

# check WHAT COMMAND...: what has to hold, and whether it does.
check() {
  local what=$1
  shift
  if "$@" >"$WORK/answer" 2>&1; then
    report "ok      $what"
  else
    failures=$((failures + 1))
    report "FAILED  $what"
    head -n 5 "$WORK/answer" | cut -c1-300 | sed 's/^/          /' | tee -a "$WORK/report"
  fi
}

# Whether a command comes to succeed within a minute.
eventually() {
  local end=$((SECONDS + PATIENCE))
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.5
  done
}

# --- the engine ---

service_pid=''

# Sets ENGINE (the program that inspects and runs), COMPOSE, and ENGINE_IS, what both are; false, with NO_ENGINE, when there is none.
find_engine() {
  local version why=''
  ENGINE='' NO_ENGINE=''
  if has docker; then
    if version=$(docker version --format '{{.Server.Version}}' 2>"$WORK/answer") && [ -n "$version" ]; then
      ENGINE=docker ENGINE_IS="Docker $version ($(docker info --format '{{.DefaultRuntime}}, {{.Driver}}' 2>/dev/null))"
    else
      why="docker has no engine: $(head -n 1 "$WORK/answer" | cut -c1-200)"
    fi
  else
    why='there is no docker'
  fi
  if [ -z "$ENGINE" ]; then
    if ! has podman; then
      NO_ENGINE="$why, and there is no podman"
      return 1
    fi
    if ! version=$(podman info --format '{{.Version.Version}} ({{.Host.OCIRuntime.Name}}, {{.Store.GraphDriverName}})' 2>"$WORK/answer"); then
      NO_ENGINE="$why; podman does not work here: $(head -n 1 "$WORK/answer" | cut -c1-200)"
      return 1
    fi
    export DOCKER_HOST=unix://$WORK/podman.sock DOCKER_BUILDKIT=0
    podman system service --time=0 "$DOCKER_HOST" >"$WORK/podman.log" 2>&1 &
    service_pid=$!
    ENGINE=podman ENGINE_IS="podman $version"
    if ! eventually test -S "$WORK/podman.sock"; then
      NO_ENGINE="$why; podman's service does not answer: $(tail -n 1 "$WORK/podman.log" | cut -c1-200)"
      return 1
    fi
  fi
  if docker compose version >/dev/null 2>&1; then
    COMPOSE=(docker compose)
  elif has docker-compose && docker-compose version >/dev/null 2>&1; then
    COMPOSE=(docker-compose)
  else
    NO_ENGINE="there is $ENGINE_IS, and no Compose (docker compose, or docker-compose)"
    return 1
  fi
  ENGINE_IS="$ENGINE_IS, Compose $("${COMPOSE[@]}" version --short)"
}

compose() { "${COMPOSE[@]}" --project-name "$NAME" --file "$ROOT/deploy/docker-compose.yml" --file "$WORK/network.yml" "$@"; }

clean_up() {
  trap - EXIT INT TERM
  [ -z "${publisher:-}" ] || kill "$publisher" 2>/dev/null || true
  if [ -n "${COMPOSE:-}" ] && [ -f "$WORK/network.yml" ]; then compose down --volumes --timeout 10 >>"$WORK/compose.log" 2>&1 || true; fi
  [ -z "$service_pid" ] || kill "$service_pid" 2>/dev/null || true
}

rm -rf "$WORK"
mkdir -p "$WORK"
trap clean_up EXIT
trap 'exit 130' INT TERM
has curl ffmpeg ffprobe || die 'curl, ffmpeg and ffprobe are needed: make setup'
if ! find_engine; then
  die "the containers were not checked: $NO_ENGINE. Install Docker with Compose, or podman with docker-compose, and see that $(id -un) may use it"
fi
report "engine: $ENGINE_IS"

# --- the settings: every default but the ports and the tokens ---

while IFS= read -r name; do unset "$name"; done < <(sed -n 's/^\([A-Z_][A-Z_]*\)=.*/\1/p' "$ROOT/.env.example")
forget_proxies
next=20000
free_port() {
  while listens "$next"; do next=$((next + 1)); done
  eval "export $1=$next"
  next=$((next + 1))
}
for name in STREAMS_API_PORT STREAMS_SILO_PORT STREAMS_GATEWAY_PORT MEDIAMTX_RTMP_PORT MEDIAMTX_RTSP_PORT MEDIAMTX_HLS_PORT MEDIAMTX_API_PORT \
  MEDIAMTX_METRICS_PORT MEDIAMTX_PLAYBACK_PORT; do
  free_port "$name"
done
export STREAMS_OPERATOR_TOKEN=operator-of-the-containers-check ORCHESTRATOR_TOKEN=hook-of-the-containers-check
# A deployment that runs keeps its network.
printf 'networks:\n  dubbing-network:\n    name: %s\n' "$NAME" >"$WORK/network.yml"

# --- what is asked ---

API=http://127.0.0.1:$STREAMS_API_PORT
STREAM=$API/v1/streams/check

container() { compose ps -aq "$1" | head -n 1; }
state() { "$ENGINE" inspect --format "{{.State.$2}}" "$(container "$1")"; }
get() { curl -sS --noproxy '*' --max-time 5 -H "Authorization: Bearer $STREAMS_OPERATOR_TOKEN" "$@"; }
status_of() { curl -sS --noproxy '*' --max-time 5 -o /dev/null -w '%{http_code}' "$@"; }

is_healthy() {
  # Without systemd podman asks only when it is told to.
  if [ "$ENGINE" = podman ]; then podman healthcheck run "$(container "$1")"; else [ "$(state "$1" Health.Status)" = healthy ]; fi
}
shows() { get "$STREAM" | grep -q "$1"; }
runs() { shows '"phase":"Running"'; }
is_held() { shows '"isHeld":true'; }
logs() { "$ENGINE" logs "$(container "$1")" 2>&1; }
no_lines() { # pattern, in what is on standard input
  local found
  found=$(grep -E "$1" || true)
  [ -z "$found" ] || {
    printf '%s\n' "$found"
    return 1
  }
}

overrides_nothing() { logs streams | no_lines 'Overriding address'; }
holds_workers() { logs streams | grep 'workers die with the silo: True'; }
order() { get -f -o /dev/null -X POST "$STREAM/$1"; }
recreate() { compose up --detach --force-recreate streams; }
went_on() { [ "$(state mediamtx StartedAt)" = "$media_since" ] && kill -0 "$publisher"; }

wants_tokens() {
  local open known
  open=$(status_of "$API/v1/streams")
  known=$(status_of -H "Authorization: Bearer $STREAMS_OPERATOR_TOKEN" "$API/v1/streams")
  say "without a token $open, with the operator's $known"
  [ "$open" = 401 ] && [ "$known" = 200 ]
}
plays() {
  local tracks
  tracks=$(ffprobe -v error -rtsp_transport tcp -show_entries stream=codec_name -of csv=p=0 "rtsp://127.0.0.1:$MEDIAMTX_RTSP_PORT/live/check/out" | sort | tr '\n' ' ')
  say "tracks: $tracks"
  [ "$tracks" = 'aac h264 ' ]
}

# Of every process in the container: none has, or can get, a capability; none is root's.
has_no_rights() {
  "$ENGINE" exec "$(container "$1")" sh -c 'cat /proc/[0-9]*/status' |
    awk '/^Cap(Prm|Eff|Bnd|Amb):/ && $2 !~ /^0+$/ || /^Uid:/ && !($2 && $3) || /^NoNewPrivs:/ && $2 != 1 { print; bad = 1 } /^Uid:/ { seen++ } END { exit bad || seen < 2 }'
}
# The root is read-only, whoever asks.
has_read_only_root() {
  local out
  out=$("$ENGINE" exec --user 0 "$(container "$1")" sh -c ': >/written' 2>&1) && return 1
  say "$out"
  printf '%s' "$out" | grep -qi 'read-only'
}
# Folders that the container's user can write to, with the device that they are on. What an engine mounts by itself is memory too.
writes_only_to() { # service, place...
  local service=$1 found on_root place
  shift
  found=$("$ENGINE" exec "$(container "$service")" sh -c 'stat -c "%d root" /; find / -xdev -type d -writable -exec stat -c "%d %n" {} + 2>/dev/null') || true
  on_root=$(printf '%s\n' "$found" | awk 'NR == 1 { root = $1; next } $1 == root { print $2 }')
  printf '%s\n' "$found" "on the root: ${on_root:-none}"
  [ -z "$on_root" ] || return 1
  for place; do printf '%s\n' "$found" | grep -q " $place\$" || return 1; done
}

ended_well() { # service
  local code
  code=$(state "$1" ExitCode)
  say "exit code $code"
  [ "$code" = 0 ]
}
since_its_end() { logs streams | awk '/Application is shutting down/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }'; }
ended_quietly() { since_its_end | no_lines '"@l":'; }
hooks_were_heard() { logs mediamtx | no_lines 'mtx-hook.*"ERR"|"ERR".*mtx-hook'; }
ended_first() {
  local first second
  first=$(state mediamtx FinishedAt)
  second=$(state streams FinishedAt)
  say "mediamtx $first, streams $second"
  [ "$(printf '%s\n%s\n' "$first" "$second" | sort | head -n 1)" = "$first" ]
}
in_time() {
  say "$1 s"
  [ "$1" -lt "$STREAMS_STOP_WITHIN" ]
}

# --- the checks ---

build() { compose build >"$WORK/build.log" 2>&1 || { tail -n 5 "$WORK/build.log"; return 1; }; }
start() { compose up --detach >>"$WORK/compose.log" 2>&1 || { tail -n 5 "$WORK/compose.log"; return 1; }; }

go_on() { # what failed, its log
  [ "$failures" -eq 0 ] || die "$1, and so nothing more is checked: $WORK/$2"
}

STREAMS_STOP_WITHIN=30
say 'Building both images; the first time takes minutes.'
began=$SECONDS
check 'both images are built' build
go_on 'the images were not built' build.log
report "        built in $((SECONDS - began)) s"
for image in streams-silo streams-mediamtx; do
  report "        $image: $(($("$ENGINE" image inspect --format '{{.Size}}' "$image") / 1000000)) MB"
done

check 'Compose starts both' start
go_on 'the containers were not started' compose.log
for service in streams mediamtx; do
  check "$service becomes healthy" eventually is_healthy "$service"
done
check 'the API asks for a token' wants_tokens
check 'no port of the base image is overridden' overrides_nothing
check 'workers die with their silo (setpriv works without capabilities)' holds_workers

ffmpeg -hide_banner -loglevel error -nostdin -re -f lavfi -i testsrc2=size=320x180:rate=25 -re -f lavfi -i sine=frequency=440:sample_rate=48000 \
  -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25 -bf 0 -c:a aac -ac 1 -output_ts_offset 2.5 \
  -f flv "rtmp://127.0.0.1:$MEDIAMTX_RTMP_PORT/live/check/in" >"$WORK/publisher.log" 2>&1 &
publisher=$!
check 'a published stream runs' eventually runs
check 'its output plays' eventually plays

for service in streams mediamtx; do
  check "$service: no process is root's or has a capability" has_no_rights "$service"
  check "$service: the root is read-only" has_read_only_root "$service"
done
check 'streams can write to its volume and to memory only' writes_only_to streams /data /slates /tmp
check 'mediamtx can write to memory only' writes_only_to mediamtx /tmp

check "an operator's stop is taken" order stop
check 'and obeyed' eventually is_held
media_since=$(state mediamtx StartedAt)
check 'the silo is created anew' recreate
check 'streams becomes healthy again' eventually is_healthy streams
check 'the stop outlives the container' is_held
check 'MediaMTX and the publisher went on meanwhile' went_on
check 'the stream is resumed' order resume
check 'and runs' eventually runs

compose stop streams >>"$WORK/compose.log" 2>&1
check 'the silo ends with 0 under a live stream' ended_well streams
check 'and logs no warning at its end' ended_quietly
check 'and has answered every hook' hooks_were_heard
compose start streams >>"$WORK/compose.log" 2>&1
check 'started again, the stream runs' eventually runs

began=$SECONDS
compose stop >>"$WORK/compose.log" 2>&1
check 'everything ends in time' in_time $((SECONDS - began))
check 'MediaMTX ends before the silo' ended_first
check 'mediamtx ends with 0' ended_well mediamtx
check 'streams ends with 0' ended_well streams
check 'the silo logs no warning at its end' ended_quietly
check 'every hook was answered' hooks_were_heard
for service in streams mediamtx; do logs "$service" >"$WORK/$service.log"; done

[ "$failures" -eq 0 ] || die "$failures checks failed; $WORK has the report and the logs"
say 'All checks passed.'
