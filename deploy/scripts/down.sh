#!/usr/bin/env bash
# make down: stops publishers, MediaMTX and the silo, and makes sure that nothing of them is left.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

if [ -d "$RUN" ] && has flock; then
  exec 9>"$RUN/lock"
  flock -w 30 9 || die "another make dev or make down works on $RUN"
fi

failed=0
stopped=''
# Publishers first: a stream that ends is told to the silo as long as there is one.
for record in "$RUN"/pids/publish-*; do
  [ -f "$record" ] || continue
  part=${record##*/}
  if part_alive "$part"; then stopped="$stopped, ${part/publish-/publisher of }"; fi
  stop_part "$part" 5 || failed=1
done
for part in mediamtx silo; do
  if part_alive "$part"; then stopped="$stopped, $part"; fi
  stop_part "$part" "$STOP_WAIT" || failed=1
done

end_orphans || failed=1

[ "$failed" -eq 0 ] || die 'not everything is stopped: see above'
if [ -n "$stopped" ]; then say "Stopped: ${stopped#, }. Nothing is left."; else say 'Nothing was running.'; fi
