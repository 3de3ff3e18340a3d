#!/usr/bin/env bash
# make containers-check CLUSTER=1: builds both images, runs the profile cluster of the Compose file on free ports (PostgreSQL, three silos, two
# media servers), publishes a stream to each media server, and does to it what operators and accidents do: silos are killed, drained, replaced and
# frozen, the database and a media server are restarted, all of it ends and comes back. Not zero when a check fails, or when there is no engine: it says
# why. What was found and the logs are left in .run/containers.
set -euo pipefail
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/containers-lib.sh"

SILOS=(silo-1 silo-2 silo-3)
MEDIA=(mediamtx-a mediamtx-b)
PARTS=(postgres "${SILOS[@]}" "${MEDIA[@]}")
STREAM_A=check-a STREAM_B=check-b

begin_check
use_defaults
MEDIAMTX_B_RTMP_PORT='' MEDIAMTX_B_RTSP_PORT=''
for name in STREAMS_SECOND_API_PORT STREAMS_THIRD_API_PORT MEDIAMTX_B_RTMP_PORT MEDIAMTX_B_RTSP_PORT MEDIAMTX_B_HLS_PORT; do free_port "$name"; done
# A cluster that runs keeps its network. Containers of the other services have profiles, or are not named.
export STREAMS_SILO_NETWORK=10.217.31 COMPOSE_PROFILES=cluster
# More than the drain and the end of the last workers: STREAMS_CLUSTER_STOP_WITHIN.
LONGEST_STOP=120
JAR=$WORK/session

# --- what is asked ---

api_of() { # silo
  case $1 in
    silo-1) printf 'http://127.0.0.1:%s' "$STREAMS_API_PORT" ;;
    silo-2) printf 'http://127.0.0.1:%s' "$STREAMS_SECOND_API_PORT" ;;
    *) printf 'http://127.0.0.1:%s' "$STREAMS_THIRD_API_PORT" ;;
  esac
}
# Asks the first silo that answers.
ask() { # path, more arguments of curl...
  local silo path=$1
  shift
  for silo in "${SILOS[@]}"; do
    if get -f "$@" "$(api_of "$silo")$path" 2>/dev/null; then return 0; fi
  done
  say "no silo answers $path"
  return 1
}
field() { # stream, name of a number, a text or a truth value
  ask "/v1/streams/$1" | sed -n "s/.*\"$2\":\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p"
}
generation() { ask "/v1/streams/$1" | sed -n 's/.*"isHeld":[a-z]*,.*"generation":\([0-9]*\).*/\1/p' | head -n 1; }
runs() { [ "$(field "$1" phase)" = Running ]; }
is_held() { [ "$(field "$1" isHeld)" = true ]; }
is_kept() { ask "/v1/streams/$1" | grep -o '"continuity":{[^}]*}' | grep '"state":"Kept"'; }
order() { ask "/v1/streams/$1/$2" -o /dev/null -X POST; } # stream, command

# How many silos every silo shows as taking work.
knows_all() { # silo
  local active
  active=$(get -f "$(api_of "$1")/v1/nodes" | grep -o '"state":"Active"' | wc -l)
  say "$1 shows $active silos as active"
  [ "$active" -eq "${#SILOS[@]}" ]
}
all_know_all() {
  local silo
  for silo in "${SILOS[@]}"; do knows_all "$silo" || return 1; done
}
store_is() { # ready or away
  local code
  code=$(status_of "$(api_of silo-1)/health/ready")
  say "/health/ready: $code"
  case $1 in ready) [ "$code" = 200 ] ;; *) [ "$code" = 503 ] ;; esac
}

# The silos that have a worker of a stream, one name a worker.
workers_of() { # stream
  local silo
  for silo in "${SILOS[@]}"; do
    # shellcheck disable=SC2016 # to be expanded in the container
    "$ENGINE" exec "$(container "$silo")" sh -c 'for file in /proc/[0-9]*/cmdline; do tr "\0" " " <"$file"; echo; done' 2>/dev/null |
      sed -n "s,.*live/$1/out.*,$silo,p" || true
  done
}
has_one_worker() {
  local found
  found=$(workers_of "$1")
  say "workers of $1: ${found:-none}"
  [ "$(printf '%s' "$found" | grep -c .)" = 1 ]
}
each_has_one_worker() { has_one_worker "$STREAM_A" && has_one_worker "$STREAM_B"; }
has_no_worker() { [ -z "$(workers_of "$1")" ]; }
has_moved() { # stream, from silo
  local found
  found=$(workers_of "$1")
  say "its workers: ${found:-none}"
  [ -n "$found" ] && [ "$found" != "$2" ] && runs "$1"
}
is_as_it_was() { # stream, generation
  local now
  now=$(generation "$1")
  say "generation $2 before, $now now"
  [ "$now" = "$2" ] && runs "$1"
}

# --- readers, who must not be lost ---

# Reads an output in the background, and counts its pictures.
read_output() { # stream, RTSP port
  ffmpeg -hide_banner -loglevel error -nostdin -rtsp_transport tcp -i "rtsp://127.0.0.1:$2/live/$1/out" -map 0:v -c copy -f null \
    -progress "$WORK/reader-$1" -stats_period 0.5 - >"$WORK/reader-$1.log" 2>&1 &
  reader=$!
  helpers+=("$reader")
}
pictures() { sed -n 's/^frame=//p' "$WORK/reader-$1" | tail -n 1; }
has_more_than() { [ "$(pictures "$1")" -gt "$2" ]; }
# The reader is connected still, and new pictures arrive.
still_reads() { # stream, pid
  local before
  kill -0 "$2" || return 1
  before=$(pictures "$1")
  eventually has_more_than "$1" $((before + 25)) && kill -0 "$2"
}
all_still_read() { still_reads "$STREAM_A" "$reader_a" && still_reads "$STREAM_B" "$reader_b"; }
pictures_arrive() { [ "$(pictures "$1")" -gt 0 ] 2>/dev/null; }

# --- a browser's session ---

sign_in() { # silo
  local form
  form=$(curl -fsS --noproxy '*' -c "$JAR" -b "$JAR" "$(api_of "$1")/sign-in" | sed -n 's/.*name="\([^"]*\)" value="\([^"]*\)".*/\1=\2/p')
  [ "$(curl -sS --noproxy '*' -c "$JAR" -b "$JAR" -o /dev/null -w '%{http_code}' --data-urlencode "$form" \
    --data-urlencode "token=$STREAMS_OPERATOR_TOKEN" "$(api_of "$1")/sign-in")" = 302 ]
}
shows_page() { # silo
  local code
  code=$(status_of -b "$JAR" "$(api_of "$1")/")
  say "$1: $code"
  [ "$code" = 200 ]
}
all_show_the_page() {
  local silo
  for silo in "${SILOS[@]}"; do shows_page "$silo" || return 1; done
}

# --- what is done ---

# As when the machine kills it: the silo's process, not the container, which the engine would take for an operator's wish.
kill_silo() { # silo
  # shellcheck disable=SC2016 # to be expanded in the container
  "$ENGINE" exec "$(container "$1")" sh -c 'for process in /proc/[0-9]*; do
      read -r name <"$process/comm" && [ "$name" = Streams.Silo ] && kill -9 "${process#/proc/}" && exit 0
    done 2>/dev/null
    exit 1'
}
restarts() { "$ENGINE" inspect --format '{{.RestartCount}}' "$(container "$1")"; }
was_started_again() { [ "$(restarts "$1")" -gt 0 ] && is_healthy "$1"; }
replace() { compose up --detach --no-deps --force-recreate "$1"; }
freeze() { "$ENGINE" pause "$(container "$1")"; }
thaw() { "$ENGINE" unpause "$(container "$1")"; }
end_part() { # part; sets TOOK
  local began=$SECONDS
  compose stop "$1" >>"$WORK/compose.log" 2>&1 || return 1
  TOOK=$((SECONDS - began))
}
drained() { logs "$1" | grep -o 'workers have moved within[^"]*'; }
never_panicked() { logs "$1" | no_lines 'panic|goroutine'; }
# Orleans itself says what another silo still sent to this one, and sends again.
warned_of_nothing() { since_its_end "$1" | { grep -v '"SourceContext":"Orleans' || true; } | no_lines '"@l":'; }
ended_without_fault() { since_its_end "$1" | no_lines '"@l":"Fatal"'; }
settle() { eventually all_know_all && eventually each_has_one_worker; }

# --- the checks ---

check_build silo-1 mediamtx-a
check 'Compose starts the cluster' start "${PARTS[@]:1}"
go_on 'the containers were not started' compose.log
for part in "${PARTS[@]}"; do
  check "$part becomes healthy" eventually is_healthy "$part"
done
check 'each silo shows all three' eventually all_know_all
go_on 'there is no cluster' compose.log
check 'a browser signs in at one silo' sign_in silo-1
check 'and is known at all of them' all_show_the_page

publish "$STREAM_A" "$MEDIAMTX_RTMP_PORT"
publish "$STREAM_B" "$MEDIAMTX_B_RTMP_PORT"
publisher_b=$publisher
for stream in "$STREAM_A" "$STREAM_B"; do
  check "$stream runs" eventually runs "$stream"
  check 'and its audience is kept: the media server reads the slates of the silos' is_kept "$stream"
done
check "$STREAM_A plays" eventually plays "$STREAM_A" "$MEDIAMTX_RTSP_PORT"
check "$STREAM_B plays" eventually plays "$STREAM_B" "$MEDIAMTX_B_RTSP_PORT"
check 'each has one worker' eventually each_has_one_worker
read_output "$STREAM_A" "$MEDIAMTX_RTSP_PORT"
reader_a=$reader
read_output "$STREAM_B" "$MEDIAMTX_B_RTSP_PORT"
reader_b=$reader
for stream in "$STREAM_A" "$STREAM_B"; do check "a reader of $stream gets pictures" eventually pictures_arrive "$stream"; done

for part in "${PARTS[@]}"; do
  check "$part: no process is root's or has a capability" has_no_rights "$part"
  check "$part: the root is read-only" has_read_only_root "$part"
done
for silo in "${SILOS[@]}"; do check "$silo can write to memory and to the slates only" writes_only_to "$silo" /data /slates /tmp; done
for part in "${MEDIA[@]}"; do check "$part can write to memory only" writes_only_to "$part" /tmp; done

say 'A silo is killed.'
home=$(workers_of "$STREAM_A")
check "$home, which has the worker of $STREAM_A, is killed" kill_silo "$home"
check "$STREAM_A runs elsewhere" eventually has_moved "$STREAM_A" "$home"
check "$home is started again by itself" eventually was_started_again "$home"
check 'all silos know each other, and each stream has one worker' settle
check 'no reader was lost' all_still_read

say 'A silo is stopped, as before an update.'
home=$(workers_of "$STREAM_A")
check "$home stops" end_part "$home"
check 'sooner than it would be killed' in_time "${TOOK:-999}" "$LONGEST_STOP"
check 'with 0' ended_well "$home"
check 'it has drained' drained "$home"
check 'its streams are elsewhere' has_moved "$STREAM_A" "$home"
check 'and warns of nothing' warned_of_nothing "$home"
check "$home is started" start --no-deps "$home"
check "$home becomes healthy" eventually is_healthy "$home"
check 'all silos know each other, and each stream has one worker' settle
check 'no reader was lost' all_still_read

say 'All silos are replaced, one after the other.'
for silo in "${SILOS[@]}"; do
  check "$silo is replaced" replace "$silo"
  check "$silo becomes healthy" eventually is_healthy "$silo"
  check 'all silos know each other, and each stream has one worker' settle
done
check 'no reader was lost' all_still_read
check 'the browser is still known at all silos' all_show_the_page

say 'A silo hangs.'
home=$(workers_of "$STREAM_A")
check "$home, which has the worker of $STREAM_A, is frozen" freeze "$home"
check "$STREAM_A runs elsewhere" eventually has_moved "$STREAM_A" "$home"
check "$home thaws" thaw "$home"
check 'learns that the others have gone on without it, and is started anew' eventually was_started_again "$home"
check 'all silos know each other, and each stream has one worker' settle
check 'no reader was lost' all_still_read

say 'The database is restarted.'
generation_a=$(generation "$STREAM_A") generation_b=$(generation "$STREAM_B")
check 'the database stops' compose stop postgres
check 'the silos say that their store is away' eventually store_is away
check 'the workers run on' each_has_one_worker
check 'the database is started' start postgres
check 'the silos have their store again' eventually store_is ready
check "$STREAM_A is as it was" is_as_it_was "$STREAM_A" "$generation_a"
check "$STREAM_B is as it was" is_as_it_was "$STREAM_B" "$generation_b"
check 'no reader was lost' all_still_read

say 'A media server is restarted.'
check 'mediamtx-b restarts' compose restart mediamtx-b
check 'mediamtx-b becomes healthy' eventually is_healthy mediamtx-b
check "$STREAM_A, at the other one, is as it was" is_as_it_was "$STREAM_A" "$generation_a"
kill "$publisher_b" 2>/dev/null || true
publish "$STREAM_B" "$MEDIAMTX_B_RTMP_PORT"
check "its publisher comes again, and $STREAM_B runs" eventually runs "$STREAM_B"
check 'each has one worker' eventually each_has_one_worker
check "$STREAM_B plays" eventually plays "$STREAM_B" "$MEDIAMTX_B_RTSP_PORT"
check 'and is kept again' is_kept "$STREAM_B"
check "no reader of $STREAM_A was lost" still_reads "$STREAM_A" "$reader_a"

say 'All of it ends, and comes back.'
check "an operator's stop is taken" order "$STREAM_B" stop
check 'and obeyed' eventually has_no_worker "$STREAM_B"
for part in "${MEDIA[@]}"; do check "$part never panicked" never_panicked "$part"; done
for part in "${PARTS[@]}"; do logs "$part" >"$WORK/$part.log"; done
began=$SECONDS
check 'everything ends' compose stop
check 'sooner than it would be killed' in_time $((SECONDS - began)) "$LONGEST_STOP"
for part in "${PARTS[@]}"; do
  check "$part ends with 0" ended_well "$part"
  logs "$part" >"$WORK/$part.log"
done
for silo in "${SILOS[@]}"; do check "$silo logs no fatal error at its end" ended_without_fault "$silo"; done
check 'the containers are removed' compose down
check 'and made anew' start "${PARTS[@]:1}"
check 'all silos know each other' eventually all_know_all
check "the operator's stop outlives them" is_held "$STREAM_B"
check 'the browser is still known at all silos' all_show_the_page

end_check
