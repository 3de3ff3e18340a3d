#!/usr/bin/env bash
# make coverage: every test, with the lines of each product project that are run by it, also by the silos that tests start. Prints a table
# and leaves .run/coverage: summary.json, index.html to read. Not zero when a test failed or the targets of SC-010 are missed.
set -euo pipefail
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/test-lib.sh"

RESULTS=$RUN/coverage
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
unset STREAMS_TEST_RUN # if a test runs this, what else it started is not ours to end
end_with_all 20 # more than test.sh needs to end its own
run_and_show "$RESULTS/test.log" env COVERAGE=1 "$ROOT/deploy/scripts/test.sh"
counts=$(tail -n 1 "$RESULTS/test.log")
case $counts in *' passed, '*' failed'*) ;; *) die "the tests came to no count; see $RESULTS/test.log" ;; esac

cd "$ROOT"
dotnet tool restore >"$RESULTS/report.log"
# Sources that are generated while building have no lines of ours.
dotnet reportgenerator "-reports:$RESULTS/test/*/coverage*.xml" "-targetdir:$RESULTS" '-reporttypes:JsonSummary;Html' '-filefilters:-*/obj/*' >>"$RESULTS/report.log"
summarize_coverage "$RESULTS/Summary.json" "$counts" >"$RESULTS/summary.json"

say
jq -r '
  (.projects[] | [.name, .covered, .lines, .coverage]), ["overall", (.projects | map(.covered) | add), (.projects | map(.lines) | add), .lineCoverage]
  | @tsv' "$RESULTS/summary.json" | awk -F '\t' 'BEGIN { printf "%-32s %8s %8s %8s\n", "PROJECT", "COVERED", "LINES", "PERCENT" } { printf "%-32s %8s %8s %8.1f\n", $1, $2, $3, $4 }'
say "$counts. Read it: $RESULTS/index.html"
[ "$(jq -r .isMet "$RESULTS/summary.json")" = true ] || die 'not met: every test passes, >= 80 % of all lines and 100 % of the hook are run (SC-010)'
