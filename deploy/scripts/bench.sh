#!/usr/bin/env bash
# make bench [ONLY="hook memory"] [PUBLISH=1] [TIMES=10] [STREAMS=30] (how often and with how many streams the cluster is tried): measures what one machine can do, and prints it beside its targets and references. The results
# are left in .run/bench; PUBLISH=1 writes docs/benchmarks.md and its charts too. Not zero when a part could not be measured.
set -euo pipefail
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/mediamtx.sh"

check_given_mediamtx
"$ROOT/deploy/scripts/setup.sh"
mkdir -p "$RUN/bench" "$RUN/logs"
build_hook
# The project builds the silo and the stand-in, which it runs.
build_unless_current benchmarks "$BENCH_BIN" \
  'tests/Benchmarks tests/Measuring tests/SiloHook tests/Testing tests/MediaMtx.Standin Silo Api Grains Grains.Abstractions hooks/schemas' \
  dotnet build tests/Benchmarks/Streams.Benchmarks.csproj "${DOTNET_BUILD[@]}"

# Born with this in their environment, the processes that are left over are found, also when the program itself was killed.
STREAMS_BENCH_RUN=$RUN/bench.$$.$(date +%s)
end_the_rest() {
  local left
  left=$(marked STREAMS_BENCH_RUN "$STREAMS_BENCH_RUN")
  if [ -n "$left" ]; then stop_all 5 <<<"$left" >/dev/null; fi
}
trap end_the_rest EXIT
trap 'exit 130' INT TERM

publish=()
if [ -n "${PUBLISH:-}" ]; then publish=(--publish "$ROOT/docs"); fi
cd "$ROOT"
rm -f "$RUN/bench/silo.log"
forget_proxies
# shellcheck disable=SC2086 # names are to be split
STREAMS_BENCH_RUN=$STREAMS_BENCH_RUN MTX_HOOK_BIN=$HOOK_BIN BENCH_TIMES=${TIMES:-} BENCH_STREAMS=${STREAMS:-} "$BENCH_BIN" "$RUN/bench" ${publish[@]+"${publish[@]}"} ${ONLY:-}
