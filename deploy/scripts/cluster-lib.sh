# shellcheck shell=bash disable=SC2034
# The cluster of make cluster: which parts it has, where each listens, and what each is handed. Sourced after env.sh and lib.sh. From here on RUN is the
# cluster's own folder, so that it lives beside make dev.

MAIN_RUN=$RUN
RUN=$RUN/cluster

# The parts. The media servers stand here and nowhere else.
IFS=', ' read -r -a CLUSTER_NODES <<<"$STREAMS_CLUSTER_NODES"
CLUSTER_SILOS=()
for ((number = 1; number <= STREAMS_CLUSTER_SILOS; number++)); do CLUSTER_SILOS+=("silo-$number"); done

MEDIA_SERVICES='RTMP RTSP HLS API METRICS PLAYBACK'
SILO_SERVICES='API SILO GATEWAY'

# --- ports: chosen by the first make cluster, and the same until make cluster-down ---

ports_file() { printf '%s/ports' "$RUN"; }

# port_of PART SERVICE
port_of() {
  local part service port
  while read -r part service port; do
    if [ "$part $service" = "$1 $2" ]; then
      printf '%s' "$port"
      return 0
    fi
  done <"$(ports_file)"
  die "no port was chosen for $1 ($2): make cluster-down, then make cluster"
}

ports_of() { # part
  local part service port ports=''
  while read -r part service port; do
    if [ "$part" = "$1" ]; then ports="$ports $port"; fi
  done <"$(ports_file)"
  printf '%s' "${ports# }"
}

# Every part and service, a line each.
services() {
  local part service
  printf 'postgres SQL\n'
  for part in "${CLUSTER_SILOS[@]}"; do for service in $SILO_SERVICES; do printf '%s %s\n' "$part" "$service"; done; done
  for part in "${CLUSTER_NODES[@]}"; do for service in $MEDIA_SERVICES; do printf 'node-%s %s\n' "$part" "$service"; done; done
}

# The free ports from STREAMS_CLUSTER_PORT on. Linux uses those from 32768 on for outgoing connections.
choose_ports() {
  local port=$STREAMS_CLUSTER_PORT part service
  while read -r part service; do
    while listens "$port"; do port=$((port + 1)); done
    [ "$port" -lt 32768 ] || die "too few free ports from $STREAMS_CLUSTER_PORT to 32767: set STREAMS_CLUSTER_PORT in .env to a lower one"
    printf '%s %s %s\n' "$part" "$service" "$port"
    port=$((port + 1))
  done < <(services) >"$(ports_file).new"
  mv -f "$(ports_file).new" "$(ports_file)"
}

api_of() { printf 'http://127.0.0.1:%s' "$(port_of "$1" API)"; }
media_url() { printf '%s://127.0.0.1:%s' "$1" "$(port_of "node-$2" "$3")"; } # scheme, node, service

# Asks a silo with the operator's token, if there is one; it goes to curl through standard input, since arguments are visible in the process list.
silo_get() { # silo, path
  { [ -z "$STREAMS_OPERATOR_TOKEN" ] || printf 'header = "Authorization: Bearer %s"\n' "$STREAMS_OPERATOR_TOKEN"; } |
    curl -fsS --noproxy '*' --max-time 5 -K - "$(api_of "$1")$2"
}

# The pid and start of the silo that a supervisor runs at the moment, into SILO_PID and SILO_START; false when there is none.
silo_process() { # part
  { IFS=' ' read -r SILO_PID SILO_START <"$RUN/pids/$1.child"; } 2>/dev/null && alive "$SILO_PID" "$SILO_START"
}

# --- PostgreSQL ---

# PostgreSQL refuses to run as root; its packages make this user.
POSTGRES_USER=postgres

# Where Debian keeps the server's programs no PATH has.
find_postgres() {
  local program folder newest=''
  if program=$(command -v initdb) && program=$(readlink -f "$program") && [ -x "${program%/*}/postgres" ]; then
    POSTGRES_BIN=${program%/*}
    return 0
  fi
  for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ]; then newest=$folder; fi
  done
  POSTGRES_BIN=$newest
  [ -n "$POSTGRES_BIN" ] || die 'there is no PostgreSQL (initdb) on this machine, and silos of a cluster share a database: make setup-test installs it'
}

as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid "$POSTGRES_USER" --regid "$POSTGRES_USER" --init-groups env HOME="$RUN/postgres" "$@"
  else
    "$@"
  fi
}

# Makes the database's folder, once. The password is in a file that only its owner reads.
create_postgres() {
  local folder=$RUN/postgres
  if [ -f "$folder/data/PG_VERSION" ]; then return 0; fi
  say 'creating the database'
  rm -rf "$folder"
  mkdir -p "$folder"
  (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$RUN/password")
  cp -p "$RUN/password" "$folder/password"
  if [ "$(id -u)" -eq 0 ]; then chown -R "$POSTGRES_USER:" "$folder"; fi
  (cd / && as_postgres test -w "$folder") ||
    die "PostgreSQL runs as the user $POSTGRES_USER, who cannot reach $folder: set STREAMS_RUN_DIR in .env to a folder that everybody may enter, or run make cluster as another user than root"
  (cd / && as_postgres "$POSTGRES_BIN/initdb" -D "$folder/data" --username streams --pwfile "$folder/password" --auth scram-sha-256 --encoding UTF8 --locale C) \
    >"$RUN/logs/postgres-initdb.log" 2>&1 || die "the database cannot be created; see $RUN/logs/postgres-initdb.log"
  rm -f "$folder/password"
}

postgres_sql() { # database, sql
  PGPASSWORD=$(<"$RUN/password") PGCONNECT_TIMEOUT=5 "$POSTGRES_BIN/psql" --host 127.0.0.1 --port "$(port_of postgres SQL)" --username streams --no-psqlrc --quiet \
    --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$2" "$1"
}

store_connection() {
  printf 'Host=127.0.0.1;Port=%s;Database=streams;Username=streams;Password=%s' "$(port_of postgres SQL)" "$(<"$RUN/password")"
}

# --- what the parts are handed, beside what env.sh has for all ---

silo_environment() { # silo
  local node index=0 zone=''
  # Zones as in two data centres, with a media server in each.
  zone=${CLUSTER_NODES[$(((${1#silo-} - 1) % ${#CLUSTER_NODES[@]}))]}
  CLUSTER_SILO_ENV=(
    "Streams__Api__Port=$(port_of "$1" API)"
    "Streams__Cluster__Clustering=postgres"
    "Streams__Cluster__Address=127.0.0.1"
    "Streams__Cluster__Name=$1"
    "Streams__Cluster__Zone=$zone"
    "Streams__Cluster__SiloPort=$(port_of "$1" SILO)"
    "Streams__Cluster__GatewayPort=$(port_of "$1" GATEWAY)"
    "Streams__Data__Folder=$RUN/$1"
    "Streams__Store__Kind=postgres"
    "Streams__Store__ConnectionString=$(store_connection)"
    # Workers do not inherit the silo's environment; make cluster-down finds by this what has lost its silo.
    "Streams__Workers__PassEnvironment__90=STREAMS_DEV_RUN"
  )
  for node in "${CLUSTER_NODES[@]}"; do
    CLUSTER_SILO_ENV+=(
      "Streams__Media__Nodes__${index}__Name=$node"
      "Streams__Media__Nodes__${index}__Zone=$node"
      "Streams__Media__Nodes__${index}__ApiUrl=$(media_url http "$node" API)"
      "Streams__Media__Nodes__${index}__RtspUrl=$(media_url rtsp "$node" RTSP)"
      "Streams__Media__Nodes__${index}__RtmpUrl=$(media_url rtmp "$node" RTMP)"
      "Streams__Media__Nodes__${index}__HlsPort=$(port_of "node-$node" HLS)"
    )
    index=$((index + 1))
  done
}

# The hooks of each media server go to a silo of its own: in production to an address that leads to all of them (docs/cluster.md).
node_environment() { # node
  local service index=0 silo url auth
  for service in "${CLUSTER_NODES[@]}"; do
    if [ "$service" = "$1" ]; then break; fi
    index=$((index + 1))
  done
  silo=${CLUSTER_SILOS[$((index % ${#CLUSTER_SILOS[@]}))]}
  url=$(api_of "$silo")
  auth=$url/v1/mediamtx/auth
  if [ -n "$ORCHESTRATOR_TOKEN" ]; then auth=http://mtx-hook:$ORCHESTRATOR_TOKEN@${auth#http://}; fi
  CLUSTER_NODE_ENV=("ORCHESTRATOR_URL=$url" "MTX_AUTHHTTPADDRESS=$auth" "STREAMS_NODE=$1")
  for service in $MEDIA_SERVICES; do CLUSTER_NODE_ENV+=("MTX_${service}ADDRESS=127.0.0.1:$(port_of "node-$1" "$service")"); done
}

# The ports and folders of a media server, for the scripts that publish to it.
use_node() { # node
  local node
  for node in "${CLUSTER_NODES[@]}"; do
    if [ "$node" = "$1" ]; then
      [ -f "$(ports_file)" ] || die "there is no cluster: make cluster"
      MEDIAMTX_RTMP_PORT=$(port_of "node-$1" RTMP)
      RTMP_URL=$(media_url rtmp "$1" RTMP)
      RTSP_URL=$(media_url rtsp "$1" RTSP)
      API_URL=$(api_of "${CLUSTER_SILOS[0]}")
      return 0
    fi
  done
  die "NODE='$1' is no media server of the cluster: ${CLUSTER_NODES[*]}"
}
