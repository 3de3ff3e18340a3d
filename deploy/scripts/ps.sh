#!/usr/bin/env bash
# make ps: the parts, their workers by stream, and the publishers of make publish.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

row() { printf '%-10s %-34s %8s %12s  %s\n' "$@"; }

show_part() {
  if ! read_part "$1"; then
    row "$1" - - - stopped
  elif alive "$PART_PID" "$PART_START"; then
    row "$1" "$PART_WHAT" "$PART_PID" "$(uptime_of "$PART_PID")" running
  else
    row "$1" "$PART_WHAT" "$PART_PID" - "dead: make dev starts it again, its log is $RUN/logs/$1.log"
  fi
}

# A worker is a process below the silo that names an output path. Only program and stream are shown: arguments hold the password.
show_workers() {
  local pid args stream
  descendants "$1" | while read -r pid _; do
    args=$(ps -o args= -p "$pid" 2>/dev/null) || continue
    stream=${args#*/live/}
    [ "$stream" != "$args" ] || continue
    stream=${stream%%/*}
    args=${args%% *}
    row worker "$stream (${args##*/})" "$pid" "$(uptime_of "$pid")" running
  done
}

row PART WHAT PID UPTIME STATE
show_part silo
show_part mediamtx
if part_alive silo; then show_workers "$PART_PID"; fi
for record in "$RUN"/pids/publish-*; do
  [ -f "$record" ] || continue
  part=${record##*/}
  if part_alive "$part"; then row publisher "${part#publish-}" "$PART_PID" "$(uptime_of "$PART_PID")" running; fi
done
