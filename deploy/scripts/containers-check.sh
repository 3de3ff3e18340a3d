#!/usr/bin/env bash
# make containers-check: builds both images, runs the Compose file as it stands on free ports with the engine that is here (Docker, or podman
# by its socket), publishes a stream, and checks what containers have to do; CLUSTER=1: the same for its profile cluster. Not zero when a check
# fails, or when there is no engine: it says why. What was found and the logs are left in .run/containers.
set -euo pipefail
if [ -n "${CLUSTER:-}" ]; then exec "$(dirname "$0")/containers-cluster.sh"; fi
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/containers-lib.sh"

begin_check
use_defaults
API=http://127.0.0.1:$STREAMS_API_PORT
STREAM=$API/v1/streams/check

# --- what is asked ---

shows() { get "$STREAM" | grep -q "$1"; }
runs() { shows '"phase":"Running"'; }
is_kept() {
  get "$STREAM" | grep -o '"continuity":{[^}]*}'
  shows '"continuity":{"state":"Kept"'
}
is_held() { shows '"isHeld":true'; }
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
ended_first() {
  local first second
  first=$(state mediamtx FinishedAt)
  second=$(state streams FinishedAt)
  say "mediamtx $first, streams $second"
  [ "$(printf '%s\n%s\n' "$first" "$second" | sort | head -n 1)" = "$first" ]
}

# --- the checks ---

check_build streams mediamtx
check 'Compose starts both' start
go_on 'the containers were not started' compose.log
for service in streams mediamtx; do
  check "$service becomes healthy" eventually is_healthy "$service"
done
check 'the API asks for a token' wants_tokens
check 'no port of the base image is overridden' overrides_nothing
check 'workers die with their silo (setpriv works without capabilities)' holds_workers

publish check "$MEDIAMTX_RTMP_PORT"
check 'a published stream runs' eventually runs
check 'its output plays' eventually plays check "$MEDIAMTX_RTSP_PORT"
check 'and is kept: the media server reads the slates' is_kept

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
check 'and logs no warning at its end' ended_quietly streams
check 'and has answered every hook' hooks_were_heard mediamtx
compose start streams >>"$WORK/compose.log" 2>&1
check 'started again, the stream runs' eventually runs

began=$SECONDS
compose stop >>"$WORK/compose.log" 2>&1
check 'everything ends in time' in_time $((SECONDS - began)) "$STREAMS_STOP_WITHIN"
check 'MediaMTX ends before the silo' ended_first
check 'mediamtx ends with 0' ended_well mediamtx
check 'streams ends with 0' ended_well streams
check 'the silo logs no warning at its end' ended_quietly streams
check 'every hook was answered' hooks_were_heard mediamtx
for service in streams mediamtx; do logs "$service" >"$WORK/$service.log"; done

end_check
