#!/usr/bin/env bash
# make publish STREAM=demo [N=5] [SECONDS=60] [NODE=b]: publishes a test picture and a sine over RTMP until the time is over or Ctrl-C.
# With N, the streams demo-1 to demo-N; with NODE, at that media server of make cluster. Arguments: stream, count (empty: one, with the stream's own name), seconds (empty: no end).
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # names are to be split
keep_to_oneself $SECRETS

if [ -n "${NODE:-}" ]; then
  . "$(dirname "$0")/cluster-lib.sh"
  use_node "$NODE"
fi

stream=${1:-}
count=${2:-}
seconds=${3:-}
check_stream "$stream"
[ -z "$count" ] || check_number N "$count" 1 100
[ -z "$seconds" ] || check_number SECONDS "$seconds" 1 864000
has ffmpeg || die 'there is no ffmpeg: make setup'

streams=$stream
if [ -n "$count" ]; then
  streams=''
  for ((i = 1; i <= count; i++)); do
    check_stream "$stream-$i"
    streams="$streams $stream-$i"
  done
fi

if [ "$STREAMS_MEDIA_AUTH" = http ] && [ -z "$PUBLISH_QUERY" ]; then
  die 'publishing needs a key, and STREAMS_PUBLISH_KEY is empty: set it in .env, and restart with make down dev'
fi
for one in $streams; do
  if part_alive "publish-$one"; then die "$one is published already, by process $PART_PID (make ${NODE:+cluster-}ps; make ${NODE:+cluster-}down ends it)"; fi
done
listens "$MEDIAMTX_RTMP_PORT" || die "nobody takes RTMP on port $MEDIAMTX_RTMP_PORT: make $([ -n "${NODE:-}" ] && echo cluster || echo dev)"

started=''
stop_publishers() {
  local one
  trap '' INT TERM
  for one in $started; do
    if part_alive "publish-$one"; then signal_process TERM "$PART_PID" "$PART_START"; fi
  done
  for one in $started; do stop_part "publish-$one" 5 || true; done
}
trap stop_publishers EXIT
trap 'exit 0' INT TERM

# A key frame a second, no B-frames: what a live encoder sends. Time stamps that begin at 2.5 s make MediaMTX offer the stream at once:
# it waits for 2 s of stream time otherwise (docs/mediamtx.md).
tone=440
for one in $streams; do
  # shellcheck disable=SC2046 # no option without a limit
  start_part "publish-$one" "publisher of $one" '' \
    ffmpeg -hide_banner -loglevel warning -nostdin \
    -re -f lavfi -i testsrc2=size=640x360:rate=30 \
    -re -f lavfi -i "sine=frequency=$tone:sample_rate=48000" \
    $([ -z "$seconds" ] || printf '%s %s' -t "$seconds") \
    -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -b:v 800k -g 30 -keyint_min 30 -sc_threshold 0 -bf 0 \
    -c:a aac -b:a 96k -ac 1 \
    -output_ts_offset 2.5 -f flv "$RTMP_URL/live/$one/in$PUBLISH_QUERY"
  started="$started $one"
  # Each stream sounds different, so that a mix-up can be heard.
  tone=$((tone + 110))
  say "publishing $RTMP_URL/live/$one/in"
done
say "See it: make play STREAM=${started##* }${NODE:+ NODE=$NODE} (in another terminal), or $API_URL/streams/${started##* }. ${seconds:+Ends after $seconds s. }Ctrl-C ends it."

failed=''
for one in $started; do
  read_part "publish-$one" || continue # make down was here
  while alive "$PART_PID" "$PART_START"; do sleep 0.2; done
  wait_log "publish-$one"
  # An end in time leaves no warning; make down and a Ctrl-C leave ffmpeg's line about the signal.
  log=$RUN/logs/publish-$one.log
  if [ -f "$(record_of "publish-$one")" ] && grep -qE 'Conversion failed|[Ee]rror|refused|Broken pipe' "$log"; then
    failed="$failed $one"
    warn "--- the publish of $one failed:"
    tail -n 5 "$log" >&2
  fi
done
[ -z "$failed" ] || die "these publishers failed:$failed. Is MediaMTX running? make ps"
