# shellcheck shell=bash
# Runs test executables, ends them, and reads what they report. Sourced by test.sh and coverage.sh, and by the tests of these functions.

# run_and_show LOG COMMAND...: shows what it writes and keeps it in LOG; its exit code goes to STATUS. It runs in the background and is waited
# for: a trap runs at once while bash waits, but not before the end of what runs in the foreground.
run_and_show() {
  local log=$1
  shift
  rm -f "$log.status"
  {
    # Some shells ignore these in the background, and what the tests start would inherit that.
    trap - INT QUIT
    STATUS=0
    "$@" || STATUS=$?
    echo "$STATUS" >"$log.status"
  } 2>&1 | tee "$log" &
  wait $! || true
  STATUS=$(cat "$log.status" 2>/dev/null) || STATUS=1
}

# follow_tests NAME PID SECONDS SHOWN LOG: shows what a test program writes, which is read from descriptor 8 and kept in LOG, without the
# lines of passed tests unless SHOWN is all; and ends the program when no test has ended for so many seconds. What counts is progress: a
# limit on the whole run would end a healthy one on a busy machine. Nothing is started while all is well: who ends the run would miss it.
follow_tests() {
  local name=$1 pid=$2 seconds=$3 shown=$4 log=$5 line rest='' plain is_over='' status ended=0 last=$SECONDS
  while :; do
    status=0
    IFS= read -r -t 1 line <&8 || status=$?
    line=$rest$line rest=''
    if [ "$status" -eq 0 ]; then
      printf '%s\n' "$line" >>"$log"
      plain=${line//$'\033['[0-9]m/} # with CI=true the platform colours what no terminal shows
      plain=${plain//$'\033['[0-9][0-9]m/}
      plain=${plain//$'\033['m/}
      case $plain in 'passed '* | 'failed '* | 'skipped '*) ended=$((ended + 1)) last=$SECONDS ;; esac
      case $shown:$plain in 'failed:passed '*) ;; *) say "$line" ;; esac
    else
      # The end of what it writes, or nothing for a second. What it has left may hold its output open.
      rest=$line
      if [ -n "$is_over" ]; then break; fi
      kill -0 "$pid" 2>/dev/null || is_over=1
      if [ "$status" -eq 1 ] && [ -z "$is_over" ]; then sleep 0.1; fi # bash 3.2 says 1 for both
    fi
    if [ -z "$is_over" ] && [ $((SECONDS - last)) -ge "$seconds" ]; then
      say "FAILED $name: no test has ended for $seconds s, $ended had before: it is ended"
      { printf '%s %s\n' "$pid" "$(process_start "$pid")" && descendants "$pid"; } | stop_all 10 >/dev/null
      is_over=1
    fi
  done
  if [ -n "$rest" ]; then say "$rest"; fi
}

# left_over: what the tests started and left, as stop_all takes it.
left_over() { marked STREAMS_TEST_RUN "$STREAMS_TEST_RUN"; }

# end_with_all SECONDS: whoever interrupts this shell gets no trace of what it runs. What runs in the background does not hear the terminal,
# what timeout runs has a process group of its own, and only Linux finds the left over.
end_with_all() {
  # shellcheck disable=SC2064 # the seconds are those of now
  trap "end_all $1" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

end_all() { # seconds
  trap '' INT TERM PIPE # a second Ctrl-C does not cut it short
  trap - EXIT
  stop_all "$1" <<<"$(descendants $$)" >/dev/null
  if [ -n "${STREAMS_TEST_RUN:-}" ]; then left_over | stop_all "$1" >/dev/null; fi
}

# The last summary in a log of the Microsoft Testing Platform as "total failed succeeded skipped"; false when there is none: the
# program crashed, or was killed.
read_summary() { # log
  awk '
    { gsub(/\033\[[0-9;]*m/, ""); sub(/\r$/, "") } # with CI=true the platform colours what no terminal shows
    /^Test run summary:/ { in_summary = 1; split("", seen); next }
    in_summary && /^  (total|failed|succeeded|skipped): [0-9]+$/ { sub(/:$/, "", $1); seen[$1] = $2 }
    END {
      if (!("total" in seen && "failed" in seen && "succeeded" in seen && "skipped" in seen)) exit 1
      print seen["total"], seen["failed"], seen["succeeded"], seen["skipped"]
    }' "$1"
}

# add_result NAME LOG EXIT_CODE: adds to PASSED, FAILED and SKIPPED. A run that ended badly without a failed test (no test found, a
# crash, a timeout) counts as one failure: what nobody counted must not look green.
add_result() {
  local summary total failed succeeded skipped
  if ! summary=$(read_summary "$2"); then
    warn "FAILED $1: it ended with exit code $3 and no summary"
    FAILED=$((FAILED + 1))
    return 0
  fi
  IFS=' ' read -r total failed succeeded skipped <<<"$summary"
  PASSED=$((PASSED + succeeded))
  FAILED=$((FAILED + failed))
  SKIPPED=$((SKIPPED + skipped))
  if [ "$total" -eq 0 ]; then
    warn "FAILED $1: it found no test"
    FAILED=$((FAILED + 1))
  elif [ "$3" -ne 0 ] && [ "$failed" -eq 0 ]; then
    warn "FAILED $1: no test failed, but it ended with exit code $3"
    FAILED=$((FAILED + 1))
  fi
}

# list_failed LOG: the failed tests in a project's log, each with the first lines of what it says.
list_failed() {
  awk '
    { gsub(/\033\[[0-9;]*m/, ""); sub(/\r$/, "") }
    /^failed / { print; left = 6; next }
    /^[^ ]/ || /^$/ { left = 0 }
    left > 0 { print; left-- }' "$1"
}

# The lines of a Cobertura report that were run and all of them, of the files below a folder: "120 120". The lines that no test ran
# follow, one each: "hooks/mtx-hook/Text.cs:12". Other assemblies that coverlet measured on the way do not count.
read_coverage() { # report, folder
  awk -v folder="$2/" '
    match($0, /<class [^>]*filename="[^"]*"/) {
      file = substr($0, RSTART, RLENGTH)
      sub(/.*filename="/, "", file); sub(/"$/, "", file)
      at = index(file, folder)
      file = at ? substr(file, at) : ""
    }
    file != "" && match($0, /<line number="[0-9]+" hits="[0-9]+"/) {
      split(substr($0, RSTART, RLENGTH), part, "\"")
      line = file ":" part[2]
      if (!(line in hits)) { all++; order[all] = line }
      hits[line] += part[4]
    }
    END {
      for (i = 1; i <= all; i++) if (hits[order[i]] > 0) covered++
      print covered + 0, all + 0
      for (i = 1; i <= all; i++) if (hits[order[i]] == 0) print order[i]
    }' "$1"
}

# summarize_coverage SUMMARY COUNTS: ReportGenerator's JSON summary and the tests' closing line as one object: what SC-010 asks.
summarize_coverage() {
  jq --arg counts "$2" '
    def count($what): ($counts | capture("(?<n>[0-9]+) " + $what) // { n: "0" }).n | tonumber;
    def percent: if .lines > 0 then .covered * 1000 / .lines | floor / 10 else 0 end;
    [.coverage.assemblies[] | { name, covered: .coveredlines, lines: .coverablelines } | . + { coverage: percent }] as $projects
    | ($projects | { covered: (map(.covered) | add // 0), lines: (map(.lines) | add // 0) } | percent) as $overall
    | ([$projects[] | select(.name == "mtx-hook") | .coverage] | first // 0) as $hook
    | {
        at: .summary.generatedon, passed: count("passed"), failed: count("failed"), skipped: count("skipped"),
        lineCoverage: $overall, hookCoverage: $hook, projects: $projects,
        isMet: (count("passed") > 0 and count("failed") == 0 and $overall >= 80 and $hook == 100)
      }' "$1"
}
