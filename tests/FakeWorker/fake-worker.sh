#!/usr/bin/env bash
# A stand-in for ffmpeg in tests: a real process that behaves as well or as badly as it is told, and reports progress as ffmpeg does.
#
#   fake-worker.sh progress [PERIOD]   reports progress every PERIOD seconds (0.2) until it is asked to end
#   fake-worker.sh slow                reports three fifths of the stream time that passes
#   fake-worker.sh freeze REPORTS      reports that often, then goes on reporting without growth
#   fake-worker.sh silent              lives, and says nothing
#   fake-worker.sh stubborn            reports progress, and ignores SIGINT and SIGTERM
#   fake-worker.sh fail CODE [REPORTS] writes an error line and exits with CODE, after REPORTS reports (0)
#   fake-worker.sh refused [CODE]      says what ffmpeg says when MediaMTX refuses it, and exits with CODE (1; newer ones: 255)
#   fake-worker.sh complain TEXT       writes the text to standard error and exits with 1
#   fake-worker.sh hevc                says what ffmpeg says when its output cannot carry its input's codec, and exits with 1
#   fake-worker.sh flood               writes to standard error as fast as it can, while it reports progress
#   fake-worker.sh parent              as progress, with a child of its own that ignores SIGINT and outlives it
#   fake-worker.sh stamp               writes the time at which it runs to standard error, then as progress
#   fake-worker.sh lookahead SECONDS   uses the processor and says nothing for so long, as an encoder that fills its look-ahead; then as progress
#   fake-worker.sh echo ARGUMENT...    writes its arguments, one a line, to standard error, and exits with 0
set -u

# Waiting without a child process: nothing is ever written to this pipe. Hundreds of fake workers must cost next to nothing.
exec 9<> <(:)
nap() { read -rt "$1" -u 9 _ || true; }

report() {
  frame=$1
  printf 'frame=%d\nfps=25.0\nbitrate= 800.0kbits/s\ntotal_size=%d\nout_time_us=%d000\ndup_frames=0\ndrop_frames=0\nspeed=1.0x\nprogress=continue\n' \
    "$frame" $((frame * 1000)) $((frame * 40))
}

progress() { # period, frames in it
  frame=0
  while :; do
    frame=$((frame + ${2:-5}))
    report "$frame"
    nap "$1"
  done
}

mode=${1:?mode}
shift
case $mode in
  progress) trap 'exit 0' INT TERM; progress "${1:-0.2}" ;;
  slow) trap 'exit 0' INT TERM; progress 0.2 3 ;;
  freeze)
    trap 'exit 0' INT TERM
    frame=0
    while :; do
      [ "$frame" -ge "$1" ] || frame=$((frame + 1))
      report "$frame"
      nap 0.1
    done ;;
  silent) trap 'exit 0' INT TERM; while :; do nap 0.2; done ;;
  stubborn) trap '' INT TERM; progress 0.2 ;;
  fail)
    frame=0
    while [ "$frame" -lt "${2:-0}" ]; do
      frame=$((frame + 1))
      report "$frame"
      nap 0.1
    done
    echo "fake-worker: told to fail with $1" >&2
    exit "$1" ;;
  refused)
    echo '[rtmp @ 0x1] Server error: authentication failed' >&2
    echo 'rtmp://127.0.0.1:1935/live/demo/out: Operation not permitted' >&2
    exit "${1:-1}" ;;
  complain) printf '%s\n' "$1" >&2; exit 1 ;;
  hevc)
    echo '[flv @ 0x1] [error] Video codec hevc not compatible with flv' >&2
    echo '[error] Could not write header for output file #0 (incorrect codec parameters ?): Function not implemented' >&2
    echo '[error] ' >&2
    exit "${1:-1}" ;;
  flood)
    trap 'kill "$flooder" 2>/dev/null; exit 0' INT TERM
    yes 'a line of a flood, and another, and another' >&2 &
    flooder=$!
    progress 0.2 ;;
  parent)
    (trap '' INT TERM; while :; do sleep 1; done) &
    trap 'exit 0' INT TERM
    progress 0.2 ;;
  stamp) echo "runs since $EPOCHREALTIME" >&2; trap 'exit 0' INT TERM; progress 0.5 ;;
  lookahead)
    trap 'exit 0' INT TERM
    while [ "$SECONDS" -lt "$1" ]; do :; done
    progress 0.2 ;;
  echo) for argument in "$@"; do echo "$argument" >&2; done ;;
  *) echo "fake-worker: no mode '$mode'" >&2; exit 64 ;;
esac
