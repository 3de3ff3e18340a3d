#!/usr/bin/env bash
# make verify [ONLY="SC-002 SC-004"] [AUDIENCE=all|off|cluster]: measures the success criteria (docs/requirements.md) with 1 and with 5 streams, on the system that
# runs or on one that it starts and stops again. Not zero when one is not met. The report is left in .run/verify.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/mediamtx.sh"

VERIFY_BIN=$ROOT/tests/Verify/bin/Release/net10.0/Streams.Verify

[ "$STREAMS_MEDIAMTX" = standin ] || check_given_mediamtx
"$ROOT/deploy/scripts/setup.sh" test
mkdir -p "$RUN/logs"
# What make dev builds is built before: SC-001 times the start of a tree that is built.
build_silo
build_hook
build_standin
build_unless_current verify "$VERIFY_BIN" 'tests/Verify tests/Measuring tests/Testing' dotnet build tests/Verify/Streams.Verify.csproj "${DOTNET_BUILD[@]}"

cd "$ROOT"
forget_proxies
# shellcheck disable=SC2086 # ids are to be split
exec "$VERIFY_BIN" "$RUN/verify" ${ONLY:-}
