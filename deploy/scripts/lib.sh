# shellcheck shell=bash disable=SC2034
# What the scripts behind make share: messages, processes that are known by pid and start time, and ports.
# Written for bash 3.2 (macOS) and up.

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Whether all of these programs are here.
has() {
  local program
  for program; do command -v "$program" >/dev/null 2>&1 || return 1; done
}

# The pattern of Grains.Abstractions/StreamId.cs.
check_stream() {
  case $1 in
    '' | *[!A-Za-z0-9_-]*) die "STREAM='$1' is no stream id: 1 to 64 of A-Z a-z 0-9 _ -, for example STREAM=demo" ;;
  esac
  [ "${#1}" -le 64 ] || die "STREAM='$1' is no stream id: ${#1} characters, 64 at most"
}

check_number() { # name, value, lowest, highest
  case $2 in '' | *[!0-9]*) die "$1='$2' is not a whole number from $3 to $4" ;; esac
  if [ "${#2}" -gt 9 ] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    die "$1=$2 is not from $3 to $4"
  fi
}

# --- environments ---

# Keeps settings for this script, and out of the environment of what it starts from now on.
keep_to_oneself() { # name...
  local name
  for name; do export -n "${name?}"; done
}

# The same for every variable whose name matches none of these patterns.
hand_over_only() { # pattern...
  local name pattern
  while IFS= read -r name; do
    for pattern; do
      # shellcheck disable=SC2254 # a pattern it is
      case $name in $pattern) continue 2 ;; esac
    done
    export -n "${name?}"
  done < <(compgen -e)
}

# A proxy that the environment names is for the world outside. What this script starts from now on speaks to our own parts only.
forget_proxies() {
  unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
}

# --- processes ---

# When a process started, in the system's own unit; nothing for one that is gone or a zombie. Pid and start time together
# name a process for good: a pid alone may belong to a stranger by the time we send it a signal.
process_start() {
  local stat
  if [ -d /proc/self ]; then
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    stat=${stat##*) } # the name before it may hold anything
    # shellcheck disable=SC2086 # to be split
    set -- $stat
    case $1 in Z | X) return 1 ;; esac
    printf '%s' "${20}"
  else
    stat=$(ps -o stat=,lstart= -p "$1" 2>/dev/null) || return 1
    case $stat in Z*) return 1 ;; esac
    stat=${stat#* }
    printf '%s' "${stat// /}"
  fi
}

# alive PID START
alive() {
  local start
  start=$(process_start "$1") && [ "$start" = "$2" ]
}

# signal_process SIGNAL PID START: to that process and no other.
signal_process() { ! alive "$2" "$3" || kill "-$1" "$2" 2>/dev/null || true; }

# wait_gone SECONDS PID START: whether the process has ended in time.
wait_gone() {
  local tenths=$(($1 * 10))
  while alive "$2" "$3"; do
    [ "$tenths" -gt 0 ] || return 1
    tenths=$((tenths - 1))
    sleep 0.1
  done
}

# The processor time that a process group has used so far, in hundredths of a second.
group_time() { # pid of its leader
  if [ -d /proc/self ]; then
    # What is gone meanwhile is no error. The name before the last ) may hold anything; the time of ended children counts too.
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v group="$1" '{ sub(/^.*\) /, "") } $3 == group { sum += $12 + $13 + $14 + $15 } END { print sum + 0 }'
  else
    ps -axo pgid=,time= | awk -v group="$1" '
      $1 == group { n = split($2, part, /[-:]/); seconds = 0; for (i = 1; i <= n; i++) seconds = seconds * (n == 4 && i == 2 ? 24 : 60) + part[i]; sum += seconds * 100 }
      END { print int(sum) }'
  fi
}

uptime_of() { ps -o etime= -p "$1" 2>/dev/null | tr -d ' '; }

# Every process below one: its pid and start time a line.
descendants() {
  local pid start
  ps -eo pid=,ppid= | awk -v root="$1" '
    { parent[$1] = $2 }
    END { for (p in parent) { for (q = parent[p]; q != "" && q != root && q != 0; q = parent[q]); if (q == root) print p } }' |
    while read -r pid; do
      if start=$(process_start "$pid"); then printf '%s %s\n' "$pid" "$start"; fi
    done
}

# Every process that was started by this run (its run folder stands in the environment it was born with), also one that has
# lost its parents. Linux only: elsewhere nobody may read a process's environment.
marked() { # name of the variable, value
  local file pid start
  [ -d /proc/self ] || return 0
  for file in /proc/[0-9]*/environ; do
    pid=${file#/proc/}
    pid=${pid%/environ}
    if grep -qsxzF "$1=$2" "$file" && start=$(process_start "$pid"); then
      printf '%s %s\n' "$pid" "$start"
    fi
  done
}

# The program's file name only: ps -o comm= cuts it to 15 characters on Linux.
program_of() {
  local args
  args=$(ps -o args= -p "$1" 2>/dev/null) || args='unknown program'
  args=${args%% *}
  printf '%s' "${args##*/}"
}

# With arguments, for messages about what is left. They may hold the worker's password: what stands before an @ or after pass= is hidden.
command_of() { ps -o args= -p "$1" 2>/dev/null | sed -e 's#//[^/@ ]*@#//***@#g' -e 's#pass=[^& ]*#pass=***#g' | cut -c1-120; }

# Runs a program as the leader of a session of its own, so that a Ctrl-C typed to make does not reach it.
in_new_session() {
  trap - INT QUIT
  if has setsid; then
    exec setsid "$@"
  fi
  exec perl -e 'use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n"' "$@"
}

# --- parts: the processes that make dev keeps, each with a record in pids/ ---

record_of() { printf '%s/pids/%s' "$RUN" "$1"; }

# Reads a part's record into PART_PID, PART_START, PART_PORTS, PART_WHAT, and PART_LOG: pid and start of what writes its log.
read_part() {
  local file
  file=$(record_of "$1")
  [ -f "$file" ] || return 1
  {
    IFS=' ' read -r PART_PID PART_START
    IFS= read -r PART_PORTS
    IFS= read -r PART_WHAT
    IFS= read -r PART_LOG || PART_LOG=''
  } <"$file" || return 1
}

part_alive() { read_part "$1" && alive "$PART_PID" "$PART_START"; }

# start_part NAME WHAT PORTS PROGRAM ARGUMENT...: its output goes to logs/NAME.log through a pipe that log-write.pl reads, which ends with it.
start_part() {
  local name=$1 what=$2 ports=$3 pipe=$RUN/pids/$1.pipe pid log_pid
  shift 3
  mkdir -p "$RUN/logs" "$RUN/pids"
  rm -f "$pipe"
  mkfifo "$pipe"
  STREAMS_DEV_RUN=$RUN in_new_session "$ROOT/deploy/scripts/log-write.pl" "$RUN/logs/$name.log" "$LOG_BYTES" "$STREAMS_LOG_FILES" \
    <"$pipe" >/dev/null 2>&1 9>&- &
  log_pid=$!
  exec 8>"$pipe" # both ends are open: it needs no name any more
  rm -f "$pipe"
  STREAMS_DEV_RUN=$RUN in_new_session "$@" >&8 2>&1 </dev/null 8>&- 9>&- &
  pid=$!
  exec 8>&-
  printf '%s %s\n%s\n%s\n%s %s\n' "$pid" "$(process_start "$pid" || echo 0)" "$ports" "$what" "$log_pid" "$(process_start "$log_pid" || echo 0)" \
    >"$(record_of "$name")"
}

# After the end of a part: until the last of its lines are in its log.
wait_log() { # part
  # shellcheck disable=SC2086 # pid and start
  if read_part "$1" && [ -n "$PART_LOG" ]; then wait_gone 5 $PART_LOG || true; fi
}

# Stops processes given as "pid start" lines on standard input: asks, waits, kills. Prints those that had to be killed.
stop_all() { # seconds
  local list pid start tenths=$(($1 * 10)) left
  list=$(cat)
  [ -n "$list" ] || return 0
  while read -r pid start; do signal_process TERM "$pid" "$start"; done <<<"$list"
  while :; do
    left=''
    while read -r pid start; do
      if alive "$pid" "$start"; then left="$left$pid $start"$'\n'; fi
    done <<<"$list"
    if [ -z "$left" ]; then return 0; fi
    if [ "$tenths" -le 0 ]; then break; fi
    tenths=$((tenths - 1))
    sleep 0.1
  done
  while read -r pid start; do
    [ -n "$pid" ] || continue
    printf '%s %s\n' "$pid" "$(command_of "$pid")"
    signal_process KILL "$pid" "$start"
    wait_gone 2 "$pid" "$start" || true
  done <<<"$left"
}

# port_left PORT: who has it, if somebody still does after 2 s. The threads of a process that was killed end after it, and its ports with them.
port_left() {
  local tenths=20 owner
  while owner=$(port_owner "$1"); do
    if [ "$tenths" -le 0 ]; then
      printf '%s\n' "$owner"
      return 0
    fi
    tenths=$((tenths - 1))
    sleep 0.1
  done
  return 1
}

# stop_part NAME SECONDS: the part, then whatever of it is left. True when nothing is.
stop_part() {
  local name=$1 family killed pid start left='' port owner
  read_part "$name" || return 0
  if alive "$PART_PID" "$PART_START"; then
    family=$(descendants "$PART_PID")
    killed=$(printf '%s %s\n' "$PART_PID" "$PART_START" | stop_all "$2")
    [ -z "$killed" ] || warn "$name did not end within $2 s and was killed: $killed"
    # A part ends its own children; those that it left are ended here.
    killed=$(stop_all 2 <<<"$family")
    [ -z "$killed" ] || warn "left by $name and killed: $killed"
    while read -r pid start; do
      if [ -n "$pid" ] && alive "$pid" "$start"; then left="$left process $pid ($(command_of "$pid"))"; fi
    done <<<"$PART_PID $PART_START"$'\n'"$family"
    for port in $PART_PORTS; do
      if owner=$(port_left "$port"); then left="$left port $port ($owner)"; fi
    done
    if [ -n "$left" ]; then
      warn "error: $name is stopped but this is left:$left"
      return 1
    fi
  fi
  wait_log "$name"
  rm -f "$(record_of "$name")"
}

# --- ports ---

# Who listens on a TCP port: "pid 123, nginx". False when nobody does.
port_owner() {
  local line pid
  if has ss; then
    line=$(ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1)
    [ -n "$line" ] || return 1
    pid=${line##*pid=}
    if [ "$pid" = "$line" ]; then
      printf 'a process of another user'
      return 0
    fi
    pid=${pid%%,*}
  elif has lsof; then
    pid=$(lsof -nP -t -iTCP:"$1" -sTCP:LISTEN 2>/dev/null | head -n 1)
    [ -n "$pid" ] || return 1
  else
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || return 1
    printf 'an unknown process: install ss or lsof to see which'
    return 0
  fi
  printf 'pid %s, %s' "$pid" "$(program_of "$pid")"
}

listens() { port_owner "$1" >/dev/null; }

# --- MediaMTX ---

# Asks MediaMTX with the operator's credentials. They go to curl through standard input: arguments are visible in the process list.
media_get() { # url
  local pair=$MEDIAMTX_API_USER:$MEDIAMTX_API_PASS
  pair=${pair//\\/\\\\}
  pair=${pair//\"/\\\"}
  printf 'user = "%s"\n' "$pair" | curl -fsS --noproxy '*' --max-time 5 -K - "$1"
}

# Ends whatever else this run started and lost: a worker whose silo was killed, a hook that hangs, a part whose record was removed. Fails when something is left.
end_orphans() {
  local orphans pid start left=0
  orphans=$(marked STREAMS_DEV_RUN "$RUN")
  [ -n "$orphans" ] || return 0
  while read -r pid _; do warn "left over and ended: process $pid ($(command_of "$pid"))"; done <<<"$orphans"
  stop_all 3 <<<"$orphans" >/dev/null
  while read -r pid start; do
    if alive "$pid" "$start"; then
      warn "error: process $pid is left ($(command_of "$pid"))"
      left=1
    fi
  done <<<"$orphans"
  return "$left"
}
