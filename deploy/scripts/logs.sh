#!/usr/bin/env bash
# make logs [STREAM=demo] [FOLLOW=0]: both logs, each line with its part before it. With STREAM, all lines of that stream from the
# beginning of the logs; without, the last 50 of each. FOLLOW=0 ends instead of waiting for more.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

stream=${STREAM:-}
lines=50
pattern=''
if [ -n "$stream" ]; then
  check_stream "$stream"
  lines=+1
  pattern="\"StreamId\":\"$stream\"|live/$stream/(in|out)"
fi
follow=-F
if [ "${FOLLOW:-1}" = 0 ]; then follow=''; fi

[ -d "$RUN/logs" ] || die 'there are no logs yet: make dev'

show() { # part
  # shellcheck disable=SC2086 # follow may be nothing
  tail -n "$lines" $follow "$RUN/logs/$1.log" 2>/dev/null | { grep --line-buffered -E -e "$pattern" || true; } | sed -u "s/^/$(printf '%-8s' "$1") | /"
}

if [ -z "$follow" ]; then
  show silo
  show mediamtx
  exit 0
fi
# tail does not notice that nobody reads any more: both pipelines go when this script goes.
end_children() {
  local pid
  for pid in $(descendants "$$" | cut -d' ' -f1); do kill "$pid" 2>/dev/null || true; done
}
trap end_children EXIT
trap 'exit 0' INT TERM
show silo &
show mediamtx &
wait
