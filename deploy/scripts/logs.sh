#!/usr/bin/env bash
# make logs [STREAM=demo] [FOLLOW=0]: both logs, each line with its part before it. With STREAM, all lines of that stream from the
# beginning of the logs, their older files included; without, the last 50 of each. FOLLOW=0 ends instead of waiting for more.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

stream=${STREAM:-}
lines=50
pattern=''
if [ -n "$stream" ]; then
  check_stream "$stream"
  lines=all
  pattern="\"StreamId\":\"$stream\"|live/$stream/(in|out)"
fi
follow=1
if [ "${FOLLOW:-1}" = 0 ]; then follow=0; fi

[ -d "$RUN/logs" ] || die 'there are no logs yet: make dev'

show() { # part
  "$ROOT/deploy/scripts/log-read.pl" "$RUN/logs/$1.log" "$lines" "$follow" | { grep --line-buffered -E -e "$pattern" || true; } | sed -u "s/^/$(printf '%-8s' "$1") | /"
}

if [ "$follow" = 0 ]; then
  show silo
  show mediamtx
  exit 0
fi
# Whoever waits for lines does not notice that nobody reads them any more: both pipelines go when this script goes.
end_children() {
  local pid
  for pid in $(descendants "$$" | cut -d' ' -f1); do kill "$pid" 2>/dev/null || true; done
}
trap end_children EXIT
trap 'exit 0' INT TERM
show silo &
show mediamtx &
wait
