#!/usr/bin/env bash
# make cluster-down: stops all that make cluster started, and makes sure that nothing of it is left. The database stays; make clean removes it.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/cluster-lib.sh"

if [ ! -d "$RUN" ]; then
  say 'Nothing was running.'
  exit 0
fi
if has flock; then
  exec 9>"$RUN/lock"
  flock -w 30 9 || die "another make cluster or make cluster-down works on $RUN"
fi

failed=0
stopped=''
note_alive() { # part
  if part_alive "$1"; then stopped="$stopped, $1"; fi
}
# Publishers first, then the media servers: a stream that ends is told to the silos as long as there are some. The parts are those that are recorded, also of a
# cluster that had others.
for record in "$RUN"/pids/publish-* "$RUN"/pids/node-*; do
  [ -f "$record" ] || continue
  note_alive "${record##*/}"
  stop_part "${record##*/}" 10 || failed=1
done

# All silos are told at the same time: one after the other would hand its streams to the next.
for record in "$RUN"/pids/silo-*; do
  case $record in *.child | *.ends | *'*') continue ;; esac
  note_alive "${record##*/}"
  if part_alive "${record##*/}"; then signal_process TERM "$PART_PID" "$PART_START"; fi
done
for record in "$RUN"/pids/silo-*; do
  case $record in *.child | *.ends | *'*') continue ;; esac
  stop_part "${record##*/}" "$STREAMS_STOP_WITHIN" || failed=1
done
# Whose supervisor was killed.
for record in "$RUN"/pids/silo-*.child; do
  part=${record##*/}
  if silo_process "${part%.child}"; then
    killed=$(printf '%s %s\n' "$SILO_PID" "$SILO_START" | stop_all "$STREAMS_STOP_WITHIN")
    [ -z "$killed" ] || warn "${part%.child} did not end within $STREAMS_STOP_WITHIN s and was killed"
  fi
  rm -f "$record" "$record.ends"
done

# PostgreSQL's polite signal waits for its clients; this one does not.
note_alive postgres
if part_alive postgres; then signal_process INT "$PART_PID" "$PART_START"; fi
stop_part postgres 10 || failed=1

end_orphans || failed=1

[ "$failed" -eq 0 ] || die 'not everything is stopped: see above'
rm -f "$(ports_file)" "$RUN"/pids/*.ends
if [ -n "$stopped" ]; then say "Stopped: ${stopped#, }. Nothing is left."; else say 'Nothing was running.'; fi
