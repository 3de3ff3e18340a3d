#!/usr/bin/env bash
# make check, and the hooks of .pre-commit-config.yaml: what a commit must pass. Arguments: format, build, test; all three without any.
set -euo pipefail
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"

# The projects whose tests start neither a silo nor MediaMTX: a minute in all. make test runs the rest.
QUICK='Verify Grains Silo'

# White space only, and without loading the solution: rules of style are errors of the build.
check_format() { dotnet format whitespace . --folder --verify-no-changes || die 'not formatted as .editorconfig says: make format'; }

check_build() { dotnet build Streams.sln "${DOTNET_BUILD[@]}" </dev/null; }

check_test() {
  local name failed=''
  for name in $QUICK; do
    "tests/$name.Tests/bin/Release/net10.0/Streams.$name.Tests" --no-ansi --progress off --results-directory "$RUN/test/$name.Tests" </dev/null || failed="$failed $name"
  done
  [ -z "$failed" ] || die "tests failed:$failed"
}

cd "$ROOT"
"$ROOT/deploy/scripts/setup.sh"
[ $# -gt 0 ] || set -- format build test
for step; do
  case $step in
    format | build | test) "check_$step" ;;
    *) die "$step is none of format, build, test" ;;
  esac
done
