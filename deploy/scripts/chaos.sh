#!/usr/bin/env bash
# make chaos [CLUSTER=1 [STREAMS=20] [CONTINUITY=Off] [STANDBY=Hot]] [MINUTES=5] [SEED=n]: random scripts and faults against the whole system, or against a whole cluster, for so long. The last line
# says what came of it; not zero when an invariant was violated or the truth was not reached.
set -euo pipefail
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/mediamtx.sh"

MINUTES=${MINUTES:-5}
case $MINUTES in '' | *[!0-9]* | 0) die "MINUTES=$MINUTES is not a whole number of minutes, 1 or more" ;; esac
STREAMS=${STREAMS:-20}
case $STREAMS in '' | *[!0-9]* | 0) die "STREAMS=$STREAMS is not a number of streams, 1 or more" ;; esac
if [ -n "${CLUSTER:-}" ]; then test='*Random_faults_of_a_cluster*'; else test='*Random_scripts_end_in_the_truth*'; fi
check_given_mediamtx
"$ROOT/deploy/scripts/setup.sh"
build_all || die 'it does not build'
forget_proxies

log=$RUN/chaos.log
status=0
MTX_HOOK_BIN=$HOOK_BIN CHAOS_MINUTES=$MINUTES CHAOS_SEED=${SEED:-} CHAOS_STREAMS=$STREAMS CHAOS_CONTINUITY=${CONTINUITY:-} CHAOS_STANDBY=${STANDBY:-} \
  "$ROOT/tests/EndToEnd.Tests/bin/Release/net10.0/Streams.EndToEnd.Tests" \
  --filter-method "$test" --show-test-results all --show-stdout All --no-ansi --progress off \
  </dev/null >"$log" 2>&1 || status=$?
grep 'CHAOS_SEED=' "$log" || true
if [ "$status" -ne 0 ]; then grep -v '^ *chaos:' "$log" || true; fi
grep -o 'chaos: .*' "$log" || warn "no result; see $log"
exit "$status"
