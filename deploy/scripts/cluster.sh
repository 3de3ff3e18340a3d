#!/usr/bin/env bash
# make cluster: starts what is not running of PostgreSQL, the silos and the media servers of a cluster on this machine, waits until every part answers, and says
# where to look. It lives beside make dev: ports, logs and data of its own, below .run/cluster.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mediamtx.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/cluster-lib.sh"

if [ -n "$STREAMS_OPERATOR_TOKEN$STREAMS_READER_TOKEN$STREAMS_TOKEN_FILE" ] && [ -z "$ORCHESTRATOR_TOKEN" ]; then
  die 'with access tokens the API takes no event of a hook without one: set ORCHESTRATOR_TOKEN too (openssl rand -hex 24)'
fi

READY_WITHIN=${STREAMS_READY_WITHIN:-60}
# A silo that joins on an overloaded machine may be declared dead, and is started again; one that ends twice does not come up.
MOST_ENDS=2

# shellcheck disable=SC2086 # names are to be split
keep_to_oneself $SECRETS

"$ROOT/deploy/scripts/setup.sh"

mkdir -p "$RUN/logs" "$RUN/pids"
# Two make cluster at once would start everything twice.
if has flock; then
  exec 9>"$RUN/lock"
  flock -n 9 || die "another make cluster or make cluster-down works on $RUN"
fi

parts=(postgres)
for node in "${CLUSTER_NODES[@]}"; do parts+=("node-$node"); done
parts+=("${CLUSTER_SILOS[@]}")

# --- what is dead? ---

dead=()
for part in "${parts[@]}"; do part_alive "$part" || dead+=("$part"); done
# Ports belong to the parts that have them; with none alive they are chosen anew.
if [ "${#dead[@]}" -eq "${#parts[@]}" ] || [ ! -f "$(ports_file)" ]; then choose_ports; fi
is_dead() {
  local part
  for part in ${dead[@]+"${dead[@]}"}; do [ "$part" != "$1" ] || return 0; done
  return 1
}

for part in ${dead[@]+"${dead[@]}"}; do
  # A silo that has lost its supervisor would have the next one's ports.
  if silo_process "$part"; then
    printf '%s %s\n' "$SILO_PID" "$SILO_START" | stop_all "$STREAMS_STOP_WITHIN" >/dev/null
  fi
  for port in $(ports_of "$part"); do
    if owner=$(port_owner "$port"); then die "port $port, which $part needs, is taken by $owner: stop that, or make cluster-down and make cluster, which chooses other ports"; fi
  done
done

# --- build ---

# What is built belongs to make dev too.
build_for_all() { # function
  local RUN=$MAIN_RUN
  "$1"
}

find_postgres
what=''
if [[ " ${dead[*]-} " == *' node-'* ]]; then
  if find_mediamtx; then
    check_mediamtx_version
    what="MediaMTX $MEDIAMTX_FOUND_VERSION from $MEDIAMTX_FROM"
  elif [ "$STREAMS_MEDIAMTX" = real ]; then
    die "no MediaMTX: $MEDIAMTX_WHY"
  else
    what='the stand-in'
    say "No real MediaMTX is used: $MEDIAMTX_WHY."
    build_for_all build_standin
    MEDIAMTX_FOUND=$STANDIN_BIN MEDIAMTX_CONFIG=$ROOT/deploy/mediamtx/mediamtx.yml MEDIAMTX_CONFIG_ENV=()
  fi
  build_for_all build_hook
fi
if [[ " ${dead[*]-} " == *' silo-'* ]] && [ -z "${STREAMS_SILO_BIN:-}" ]; then build_for_all build_silo; fi

# --- start ---

started=()
# The last that were started end first: the database is needed until no silo is left.
stop_started() {
  local index part
  for ((index = ${#started[@]} - 1; index >= 0; index--)); do
    part=${started[$index]}
    stop_part "$part" "$STREAMS_STOP_WITHIN" || true
  done
}
give_up() { # part, why
  trap - EXIT INT TERM
  part_alive "$1" || wait_log "$1"
  warn "--- the last lines of $RUN/logs/$1.log"
  tail -n 25 "$RUN/logs/$1.log" >&2 || true
  warn '---'
  stop_started
  die "$2"
}
trap 'stop_started' EXIT
trap 'exit 130' INT TERM

start_postgres() {
  local user=()
  create_postgres
  if [ "$(id -u)" -eq 0 ]; then user=(setpriv --reuid "$POSTGRES_USER" --regid "$POSTGRES_USER" --init-groups); fi
  started+=(postgres)
  (
    cd /
    export LC_ALL=C
    start_part postgres PostgreSQL "$(ports_of postgres)" ${user[@]+"${user[@]}"} "$POSTGRES_BIN/postgres" -D "$RUN/postgres/data" -h 127.0.0.1 \
      -p "$(port_of postgres SQL)" -c "unix_socket_directories="
  )
}

start_node() { # part
  started+=("$1")
  node_environment "${1#node-}"
  (
    export "${MEDIAMTX_ENV[@]}" "${CLUSTER_NODE_ENV[@]}" ${MEDIAMTX_CONFIG_ENV[@]+"${MEDIAMTX_CONFIG_ENV[@]}"} PATH="${HOOK_BIN%/*}:$PATH"
    set -f # patterns of names, not of files
    # shellcheck disable=SC2086 # patterns are to be split
    hand_over_only $MEDIAMTX_MAY_HAVE
    set +f
    cd "$RUN"
    start_part "$1" "$what" "$(ports_of "$1")" "$MEDIAMTX_FOUND" "$MEDIAMTX_CONFIG"
  )
}

start_silo() { # part
  started+=("$1")
  silo_environment "$1"
  mkdir -p "$RUN/$1"
  rm -f "$RUN/pids/$1.child" "$RUN/pids/$1.child.ends"
  (
    export "${SILO_ENV[@]}" "${CLUSTER_SILO_ENV[@]}"
    cd "$ROOT/Silo"
    start_part "$1" "silo and its supervisor" "$(ports_of "$1")" "$ROOT/deploy/scripts/cluster-supervise.sh" "$RUN/pids/$1.child" "${STREAMS_SILO_BIN:-$SILO_BIN}"
  )
}

# --- wait ---

# Each prints what is still missing, and is true when nothing is.
postgres_missing() {
  if ! postgres_sql postgres 'SELECT 1' >/dev/null 2>&1; then
    printf 'nobody answers on port %s' "$(port_of postgres SQL)"
    return 1
  fi
}

node_missing() { # part
  local port
  if ! media_get "$(media_url http "${1#node-}" API)/v3/paths/list" >/dev/null 2>&1; then
    printf 'the Control API on port %s does not answer %s' "$(port_of "$1" API)" "$MEDIAMTX_API_USER"
    return 1
  fi
  for port in $(ports_of "$1"); do
    if ! listens "$port"; then
      printf 'nobody listens on port %s' "$port"
      return 1
    fi
  done
}

silo_missing() { # part
  local answer status url
  url=$(api_of "$1")/health/ready
  answer=$(curl -sS --noproxy '*' --max-time 5 -w '\n%{http_code}' "$url" 2>/dev/null) || true
  status=${answer##*$'\n'}
  if [ "$status" != 200 ]; then
    answer=${answer%"$status"}
    answer=${answer%$'\n'}
    printf '%s does not answer 200%s' "$url" "${answer:+: $answer}"
    return 1
  fi
}

missing_of() { # part
  case $1 in
    postgres) postgres_missing ;;
    node-*) node_missing "$1" ;;
    *) silo_missing "$1" ;;
  esac
}

has_ended() { # part
  part_alive "$1" || return 0
  [ -f "$RUN/pids/$1.child.ends" ] && [ "$(wc -l <"$RUN/pids/$1.child.ends")" -ge "$MOST_ENDS" ]
}

# A busy machine is no failure: a part that uses the processor is waited for ten times as long.
wait_for() { # part
  local part=$1 missing used now limit=$READY_WITHIN launched=$SECONDS
  read_part "$part"
  until missing=$(missing_of "$part"); do
    if has_ended "$part"; then give_up "$part" "$part ended while it was started"; fi
    if [ $((SECONDS - launched)) -ge "$limit" ]; then
      now=$(group_time "$PART_PID")
      if [ "$limit" -ge $((READY_WITHIN * 10)) ] || [ $((now - ${used:-0})) -lt $((READY_WITHIN * 10)) ]; then
        give_up "$part" "$part is not ready after $((SECONDS - launched)) s: $missing"
      fi
      used=$now limit=$((limit + READY_WITHIN))
      say "$part is still starting, $((SECONDS - launched)) s: $missing"
    fi
    sleep 0.2
  done
}

if is_dead postgres; then start_postgres; fi
wait_for postgres
if [ -z "$(postgres_sql postgres "SELECT 1 FROM pg_database WHERE datname = 'streams'")" ]; then postgres_sql postgres 'CREATE DATABASE streams'; fi
for part in "${parts[@]}"; do
  case $part in node-*) if is_dead "$part"; then start_node "$part"; fi ;; esac
done
for part in "${CLUSTER_SILOS[@]}"; do if is_dead "$part"; then start_silo "$part"; fi; done
for part in "${parts[@]}"; do wait_for "$part"; done
trap - EXIT INT TERM

# --- say ---

case ${#dead[@]} in
  0) say "All is running already: PostgreSQL, ${#CLUSTER_SILOS[@]} silos, media servers ${CLUSTER_NODES[*]}." ;;
  "${#parts[@]}") say "Started: PostgreSQL, ${#CLUSTER_SILOS[@]} silos, media servers ${CLUSTER_NODES[*]} ($what)." ;;
  *) say "Restarted: ${dead[*]}." ;;
esac
say ''
for part in "${CLUSTER_SILOS[@]}"; do printf '  %-13s %s/\n' "$part" "$(api_of "$part")"; done
for node in "${CLUSTER_NODES[@]}"; do
  printf '  %-13s publish to %s/live/STREAM/in, result at %s/live/STREAM/out\n' "node $node" "$(media_url rtmp "$node" RTMP)" "$(media_url rtsp "$node" RTSP)"
done
cat <<END
  database      127.0.0.1:$(port_of postgres SQL), database and user streams, password in $RUN/password
  logs          $RUN/logs

Next: make publish NODE=${CLUSTER_NODES[0]} STREAM=demo, and in another terminal: make cluster-ps. Kill a silo and watch (docs/cluster.md). make cluster-down ends all of it.
END
