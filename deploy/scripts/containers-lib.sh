# shellcheck shell=bash disable=SC2034
# What both forms of make containers-check share: the engine, settings on free ports, a report, and what has to hold for every container. Sourced after
# env.sh and lib.sh.

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

# What this script started beside the containers: publishers and readers.
helpers=()
clean_up() {
  local pid
  trap - EXIT INT TERM
  for pid in ${helpers[@]+"${helpers[@]}"}; do kill "$pid" 2>/dev/null || true; done
  if [ -n "${COMPOSE:-}" ] && [ -f "$WORK/network.yml" ]; then compose down --volumes --timeout 10 >>"$WORK/compose.log" 2>&1 || true; fi
  [ -z "$service_pid" ] || kill "$service_pid" 2>/dev/null || true
}

# Finds the engine, or ends.
begin_check() {
  rm -rf "$WORK"
  mkdir -p "$WORK"
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  has curl ffmpeg ffprobe || die 'curl, ffmpeg and ffprobe are needed: make setup'
  if ! find_engine; then
    die "the containers were not checked: $NO_ENGINE. Install Docker with Compose, or podman with docker-compose, and see that $(id -un) may use it"
  fi
  report "engine: $ENGINE_IS"
}

end_check() {
  [ "$failures" -eq 0 ] || die "$failures checks failed; $WORK has the report and the logs"
  say 'All checks passed.'
}

# --- the settings: every default but the ports and the tokens ---

next=20000
free_port() {
  while listens "$next"; do next=$((next + 1)); done
  eval "export $1=$next"
  next=$((next + 1))
}
use_defaults() {
  local name
  while IFS= read -r name; do unset "$name"; done < <(sed -n 's/^\([A-Z_][A-Z_]*\)=.*/\1/p' "$ROOT/.env.example")
  forget_proxies
  for name in STREAMS_API_PORT STREAMS_SILO_PORT STREAMS_GATEWAY_PORT MEDIAMTX_RTMP_PORT MEDIAMTX_RTSP_PORT MEDIAMTX_HLS_PORT MEDIAMTX_API_PORT \
    MEDIAMTX_METRICS_PORT MEDIAMTX_PLAYBACK_PORT; do
    free_port "$name"
  done
  STREAMS_STOP_WITHIN=30
  export STREAMS_OPERATOR_TOKEN=operator-of-the-containers-check ORCHESTRATOR_TOKEN=hook-of-the-containers-check
  # A deployment that runs keeps its network.
  printf 'networks:\n  dubbing-network:\n    name: %s\n' "$NAME" >"$WORK/network.yml"
}

# --- what is asked ---

container() { compose ps -aq "$1" | head -n 1; }
state() { "$ENGINE" inspect --format "{{.State.$2}}" "$(container "$1")"; }
logs() { "$ENGINE" logs "$(container "$1")" 2>&1; }
get() { curl -sS --noproxy '*' --max-time 5 -H "Authorization: Bearer $STREAMS_OPERATOR_TOKEN" "$@"; }
status_of() { curl -sS --noproxy '*' --max-time 5 -o /dev/null -w '%{http_code}' "$@"; }

is_healthy() {
  # Without systemd podman asks only when it is told to.
  if [ "$ENGINE" = podman ]; then podman healthcheck run "$(container "$1")"; else [ "$(state "$1" Health.Status)" = healthy ]; fi
}
no_lines() { # pattern, in what is on standard input
  local found
  found=$(grep -E "$1" || true)
  [ -z "$found" ] || {
    printf '%s\n' "$found"
    return 1
  }
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
since_its_end() { logs "$1" | awk '/Application is shutting down/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }'; }
ended_quietly() { since_its_end "$1" | no_lines '"@l":'; }
hooks_were_heard() { logs "$1" | no_lines 'mtx-hook.*"ERR"|"ERR".*mtx-hook'; }
in_time() { # seconds, limit
  say "$1 s"
  [ "$1" -lt "$2" ]
}

# --- what is done ---

start() { compose up --detach "$@" >>"$WORK/compose.log" 2>&1 || { tail -n 5 "$WORK/compose.log"; return 1; }; }

build() { compose build "$@" >"$WORK/build.log" 2>&1 || { tail -n 5 "$WORK/build.log"; return 1; }; }

# Builds the images of these services, or ends.
check_build() { # service...
  local began=$SECONDS image
  say 'Building both images; the first time takes minutes.'
  check 'both images are built' build "$@"
  go_on 'the images were not built' build.log
  report "        built in $((SECONDS - began)) s"
  for image in streams-silo streams-mediamtx; do
    report "        $image: $(($("$ENGINE" image inspect --format '{{.Size}}' "$image") / 1000000)) MB"
  done
}

go_on() { # what failed, its log
  [ "$failures" -eq 0 ] || die "$1, and so nothing more is checked: $WORK/$2"
}

# Publishes a test stream in the background, until it is ended.
publish() { # stream, RTMP port
  ffmpeg -hide_banner -loglevel error -nostdin -re -f lavfi -i testsrc2=size=320x180:rate=25 -re -f lavfi -i sine=frequency=440:sample_rate=48000 \
    -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25 -bf 0 -c:a aac -ac 1 -output_ts_offset 2.5 \
    -f flv "rtmp://127.0.0.1:$2/live/$1/in" >"$WORK/publisher-$1.log" 2>&1 &
  publisher=$!
  helpers+=("$publisher")
}

plays() { # stream, RTSP port
  local tracks
  tracks=$(ffprobe -v error -rtsp_transport tcp -show_entries stream=codec_name -of csv=p=0 "rtsp://127.0.0.1:$2/live/$1/out" | sort | tr '\n' ' ')
  say "tracks: $tracks"
  [ "$tracks" = 'aac h264 ' ]
}
