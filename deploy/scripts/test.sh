#!/usr/bin/env bash
# make test [ONLY="Grains Api"]: builds everything, runs the tests of every project tests/*.Tests, sums up. The last line is the count.
# Not zero when a test failed, a project crashed or found no test, the hook's coverage has a gap, or a process is left.
#
# The end-to-end tests take as long as all others together and mostly wait: they run beside the others, which run one after the other.
set -euo pipefail
# The tests choose their own settings: a developer's .env must not decide whether they pass.
export STREAMS_ENV_FILE=/dev/null
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/test-lib.sh"
. "$(dirname "$0")/mediamtx.sh"

# A project that hangs is one in which no test ends for so long; a slow one is waited for. The limit on the whole is for what nobody thought of.
PROJECT_IDLE_SECONDS=${STREAMS_TEST_IDLE_SECONDS:-300}
PROJECT_TIMEOUT_MINUTES=45

PASSED=0
FAILED=0
SKIPPED=0
RESULTS=$RUN/test
if [ -n "${COVERAGE:-}" ]; then RESULTS=$RUN/coverage/test; fi

# Before any build: nobody should wait for a compiler to hear that a name is wrong.
read -ra only <<<"${ONLY:-}"
for name in ${only[@]+"${only[@]}"}; do
  [ -d "$ROOT/tests/$name.Tests" ] || die "ONLY: no project of tests is called $name"
done
check_given_mediamtx

"$ROOT/deploy/scripts/setup.sh" test
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
build_all || die 'it does not build'
forget_proxies

# Born with this in their environment, the processes that the tests start can be found when they are left over.
STREAMS_TEST_RUN=$RESULTS.$$.$(date +%s)
export STREAMS_TEST_RUN
export Streams__Workers__PassEnvironment__0=STREAMS_TEST_RUN # workers do not inherit the silo's environment
export MTX_HOOK_BIN=$HOOK_BIN

# make coverage: of these, a project measures what it runs itself, and the whole what the silos run that it starts. A filter knows no dash.
MEASURED='Streams.Grains.Abstractions Streams.Grains Streams.Api Streams.Silo mtx*hook'
coverage_arguments() { # project
  local assembly assemblies=()
  [ -n "${COVERAGE:-}" ] || return 0
  case $1 in
    Hook.Tests) ;; # measures always
    Api.Tests | Grains.Tests | Silo.Tests) printf '%s\n' --coverlet --coverlet-output-format cobertura ;;
    EndToEnd.Tests) printf '%s\n' --coverlet --coverlet-output-format cobertura --coverlet-include-directory "$RESULTS/silo" ;;
    *) return 0 ;;
  esac
  read -ra assemblies <<<"$MEASURED"
  for assembly in "${assemblies[@]}"; do printf '%s\n' --coverlet-include "[$assembly]*"; done
}

# What a project needs beyond the common arguments, one a line. The hook is measured for coverage: each of its lines has a test (SC-010).
arguments_of() {
  case $1 in
    Hook.Tests) printf '%s\n' --show-stdout Failed --show-stderr Failed --coverlet --coverlet-output-format cobertura ;;
    EndToEnd.Tests) ;;
    *) printf '%s\n' --show-stdout Failed --show-stderr Failed ;;
  esac
  coverage_arguments "$1"
}

check_hook_coverage() {
  local report coverage counts
  report=$(find "$RESULTS/Hook.Tests" -name 'coverage*.xml' 2>/dev/null | head -n 1) || true # no folder when it crashed
  coverage=$([ -z "$report" ] || read_coverage "$report" hooks/mtx-hook)
  counts=${coverage%%$'\n'*}
  case $counts in
    '' | *' 0') warn 'FAILED coverage of mtx-hook: nothing was measured' ;;
    *)
      say "mtx-hook: ${counts% *} of ${counts#* } lines are covered."
      [ "${counts% *}" -lt "${counts#* }" ] || return 0
      warn "FAILED coverage of mtx-hook; no test runs:${coverage#"$counts"}"
      ;;
  esac
  FAILED=$((FAILED + 1))
}

run_project() ( # folder below tests/; what is exported here is for this project only
  name=$1
  guard=''
  more=()
  shown=failed
  log=$RESULTS/$name.all.log
  # Ctrl-C reaches this shell too, which must not go before what it started: that could not be found any more.
  trap '' INT QUIT
  # The other projects start the silo as it is: coverlet puts the copy's files back under a running one when it has counted.
  if [ "$name" = EndToEnd.Tests ] && [ -n "${COVERAGE:-}" ]; then export STREAMS_SILO_BIN=$RESULTS/silo/${SILO_BIN##*/}; fi
  for project in "$ROOT/tests/$name"/*.csproj; do program=$(basename "$project" .csproj); done
  program=$ROOT/tests/$name/bin/Release/net10.0/$program
  while IFS= read -r argument; do more+=("$argument"); done < <(arguments_of "$name")
  # What they measured is to be read also when they pass.
  if [ "$name" = EndToEnd.Tests ]; then shown=all; fi
  # The platform's own timeout reports what ran; this one ends a process that does not even listen to that.
  if has timeout; then guard="timeout -k 10 $((PROJECT_TIMEOUT_MINUTES + 1))m"; fi
  rm -f "$log.pipe"
  mkfifo "$log.pipe"
  (
    trap - INT QUIT # as in run_and_show
    # Each test's line is progress, and a test that runs for minutes is named meanwhile.
    # shellcheck disable=SC2086 # the guard is a command with arguments, or nothing
    exec $guard "$program" --timeout "${PROJECT_TIMEOUT_MINUTES}m" --show-test-results all --long-running 120 --xunit-diagnostics on \
      --no-ansi --results-directory "$RESULTS/$name" ${more[@]+"${more[@]}"} </dev/null >"$log.pipe" 2>&1
  ) &
  pid=$!
  exec 8<"$log.pipe"
  rm -f "$log.pipe"
  follow_tests "$name" "$pid" "$PROJECT_IDLE_SECONDS" "$shown" "$log"
  wait "$pid"
)

end_with_all 5

names=()
for folder in "$ROOT"/tests/*.Tests; do
  name=${folder##*/}
  case " ${ONLY:-${name%.Tests}} " in *" ${name%.Tests} "*) names+=("$name") ;; esac
done
[ ${#names[@]} -gt 0 ] || die "no project of tests is called ${ONLY:-}"

# name: its output in a file, since two cannot be read at once.
start_beside() {
  # Its own half of tests/Testing/FreePorts.cs: a port is free until its program takes it, a while after it was drawn.
  STREAMS_TEST_PORTS=beside run_project "$1" >"$RESULTS/$1.log" &
  beside_pid=$!
  say
  say "=== $1 run beside the others, and are shown after them. Meanwhile: $RESULTS/$1.log"
}

# What the end-to-end tests start is counted in a copy: files that a running silo has mapped must not change under it.
if [ -n "${COVERAGE:-}" ]; then cp -R "$(dirname "$SILO_BIN")" "$RESULTS/silo"; fi

beside=EndToEnd.Tests
beside_pid=''
if [ ${#names[@]} -gt 1 ]; then
  case " ${names[*]} " in *" $beside "*) start_beside "$beside" ;; esac
fi

for name in "${names[@]}"; do
  if [ "$name" = "$beside" ] && [ -n "$beside_pid" ]; then continue; fi
  say
  say "=== $name"
  run_and_show "$RESULTS/$name.log" run_project "$name"
  add_result "$name" "$RESULTS/$name.log" "$STATUS"
  if [ "$name" = Hook.Tests ] && [ -z "${COVERAGE:-}" ]; then check_hook_coverage; fi # else with all the others
done

if [ -n "$beside_pid" ]; then
  status=0
  wait "$beside_pid" || status=$?
  say
  say "=== $beside"
  cat "$RESULTS/$beside.log"
  add_result "$beside" "$RESULTS/$beside.log" "$status"
fi

say
left=$(left_over)
if [ -n "$left" ]; then
  warn 'FAILED: the tests left processes behind, which are ended now:'
  while read -r pid _; do warn "  $pid $(command_of "$pid")"; done <<<"$left"
  stop_all 5 <<<"$left" >/dev/null
  FAILED=$((FAILED + 1))
fi
[ $((PASSED + FAILED + SKIPPED)) -gt 0 ] || die 'no test was run'

# What failed stands at the end too: a continuous integration often shows no more than that.
for name in "${names[@]}"; do
  failed=$(list_failed "$RESULTS/$name.log")
  if [ -n "$failed" ]; then say "=== Failed in $name"$'\n'"$failed"; fi
done
skipped=''
if [ "$SKIPPED" -gt 0 ]; then skipped=", $SKIPPED skipped"; fi
say "$PASSED passed, $FAILED failed$skipped"
[ "$FAILED" -eq 0 ]
