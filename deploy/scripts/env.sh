# shellcheck shell=bash disable=SC2034
# The settings of a run on this machine, for the scripts that source this file. A setting comes from the environment,
# else from .env, else from the default below; .env.example explains each. This is the one place that knows both the
# users' names and the programs' own: deploy/docker-compose.yml does the same for containers, and a test compares them.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

MEDIAMTX_VERSION=v1.20.1

# Reads NAME=value lines the way Compose does for plain values and for those in single quotes: comments, one pair of quotes, no
# interpolation. What the environment has already is left alone.
read_env_file() {
  local line name value inner quote rest
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    line=${line#"${line%%[![:space:]]*}"}
    case $line in '' | '#'*) continue ;; esac
    line=${line#export }
    name=${line%%=*}
    case $name in "$line" | '' | [0-9]* | *[!A-Za-z0-9_]*)
      printf '%s: not a NAME=value line: %s\n' "$1" "$line" >&2
      return 1
      ;;
    esac
    value=${line#*=}
    case $value in
      \"*\"* | \'*\'*)
        inner=${value#?}
        quote=${value%"$inner"}
        rest=${inner#*"$quote"}
        rest=${rest#"${rest%%[![:space:]]*}"}
        case $rest in
          '' | '#'*) value=${inner%%"$quote"*} ;;
          *"$quote") value=${inner%"$quote"} ;; # more of them within
          *) value=${value%%[[:space:]]#*} ;;
        esac
        ;;
      *) value=${value%%[[:space:]]#*} ;;
    esac
    if [ -z "${!name+set}" ]; then
      printf -v "$name" '%s' "$value"
      # The programs' own settings reach them through the environment; the others are handed on below, under their own names.
      case $name in Streams__* | MTX_*) export "${name?}" ;; esac
    fi
  done <"$1"
}

if [ -f "${STREAMS_ENV_FILE:-$ROOT/.env}" ]; then
  read_env_file "${STREAMS_ENV_FILE:-$ROOT/.env}"
fi

: "${STREAMS_API_ADDRESS:=127.0.0.1}"
: "${STREAMS_API_PORT:=8080}"
: "${STREAMS_SILO_PORT:=11111}"
: "${STREAMS_GATEWAY_PORT:=30000}"
: "${STREAMS_CLUSTERING:=localhost}"
: "${STREAMS_SILO_ADDRESS:=}"
: "${STREAMS_SILO_NAME:=}"
: "${STREAMS_DRAIN_TIMEOUT:=00:01:00}"
: "${STREAMS_SILO_ZONE:=}"
: "${STREAMS_PUBLIC_URL:=}"
: "${STREAMS_TRUSTED_PROXIES:=}"
: "${STREAMS_PREVIEW_URL:=}"
: "${STREAMS_STOP_GRACE:=00:00:05}"
: "${STREAMS_STOP_WITHIN:=30}"
: "${STREAMS_LOG_SIZE:=10m}"
: "${STREAMS_LOG_FILES:=5}"
: "${STREAMS_RUN_DIR:=.run}"
: "${STREAMS_CLUSTER_PORT:=21000}"
: "${STREAMS_CLUSTER_SILOS:=3}"
: "${STREAMS_CLUSTER_NODES:=a,b}"
: "${STREAMS_STORE:=sqlite}"
: "${STREAMS_STORE_CONNECTION:=}"
: "${STREAMS_MEDIAMTX:=auto}"
: "${MEDIAMTX_BIN:=}"
: "${MEDIAMTX_RELEASES:=https://github.com/bluenviron/mediamtx/releases/download}"
: "${MEDIAMTX_ADDRESS:=127.0.0.1}"
: "${MEDIAMTX_RTMP_PORT:=1935}"
: "${MEDIAMTX_RTSP_PORT:=8554}"
: "${MEDIAMTX_HLS_PORT:=8888}"
: "${MEDIAMTX_API_PORT:=9997}"
: "${MEDIAMTX_METRICS_PORT:=9998}"
: "${MEDIAMTX_PLAYBACK_PORT:=9996}"
: "${STREAMS_NODE:=default}"
: "${MEDIAMTX_API_USER:=admin}"
: "${MEDIAMTX_API_PASS:=admin}"
: "${WORKER_USER:=worker}"
: "${WORKER_PASS:=worker}"
: "${WORKER_PROFILE:=passthrough}"
: "${STREAMS_RETRY_FAILED_EVERY:=00:01:00}"
: "${STREAMS_CONTINUITY:=Keep}"
: "${STREAMS_KEEP_FOR:=00:00:30}"
: "${STREAMS_SLATE:=Clear}"
: "${STREAMS_SLATE_CARD:=}"
: "${STREAMS_SECRETS_FOLDER:=}"
: "${ORCHESTRATOR_TOKEN:=}"
: "${OTEL_EXPORTER_OTLP_ENDPOINT:=}"
: "${STREAMS_OPERATOR_TOKEN:=}"
: "${STREAMS_READER_TOKEN:=}"
: "${STREAMS_TOKEN_FILE:=}"
: "${STREAMS_MEDIA_AUTH:=internal}"
: "${STREAMS_PUBLISH_KEY:=}"
: "${STREAMS_PUBLISH_KEY_FILE:=}"
: "${STREAMS_READ_KEY:=}"

# A host name, an IPv4 address, or an IPv6 address with or without its brackets. What it is exactly the programs check.
check_host() { # setting, value
  local bare=$2
  case $bare in '['*:*']') bare=${bare#[} bare=${bare%]} ;; esac
  case $bare in
    *:*:*) case $bare in *[!0-9A-Fa-f:.]*) ;; *) return 0 ;; esac ;;
    '' | *[!A-Za-z0-9.-]*) ;;
    *) return 0 ;;
  esac
  printf '%s=%s is no host name or address (IPv6: ::1 or [::1])\n' "$1" "$2" >&2
  return 1
}
check_host STREAMS_API_ADDRESS "$STREAMS_API_ADDRESS"
check_host MEDIAMTX_ADDRESS "$MEDIAMTX_ADDRESS"

# A time as the programs take it, hh:mm:ss: also a number of seconds, or one with s, m or h. To them 5 alone would be five days.
check_time() { # setting
  local value=${!1} number seconds=1
  case $value in
    *[0-9]:[0-9]*) return 0 ;;
    *h) number=${value%h} seconds=3600 ;;
    *m) number=${value%m} seconds=60 ;;
    *) number=${value%s} ;;
  esac
  case $number in
    '' | *[!0-9]* | ?????????*)
      printf '%s=%s is no time: write hh:mm:ss, a number of seconds, or a number with s, m or h\n' "$1" "$value" >&2
      return 1
      ;;
  esac
  seconds=$((10#$number * seconds))
  printf -v "$1" '%d.%02d:%02d:%02d' $((seconds / 86400)) $((seconds / 3600 % 24)) $((seconds / 60 % 60)) $((seconds % 60))
}
check_time STREAMS_RETRY_FAILED_EVERY
check_time STREAMS_STOP_GRACE
check_time STREAMS_KEEP_FOR

# IPv6 addresses stand in brackets in URLs and before ports.
in_url() {
  case $1 in '['*) printf '%s' "$1" ;; *:*) printf '[%s]' "$1" ;; *) printf '%s' "$1" ;; esac
}

# An address to listen on may mean "all of them"; a client needs one that it can call.
call_address() {
  case $1 in 0.0.0.0) printf '127.0.0.1' ;; '::' | '[::]') printf '[::1]' ;; *) in_url "$1" ;; esac
}

API_ADDRESS=${STREAMS_API_ADDRESS#[}
API_ADDRESS=${API_ADDRESS%]}
MEDIA_ADDRESS=$(in_url "$MEDIAMTX_ADDRESS")
API_HOST=$(call_address "$STREAMS_API_ADDRESS")
MEDIA_HOST=$(call_address "$MEDIAMTX_ADDRESS")
OUR_HOSTS=127.0.0.1,localhost,::1,${API_HOST//[\[\]]/},${MEDIA_HOST//[\[\]]/}
API_URL=http://$API_HOST:$STREAMS_API_PORT
CONTROL_URL=http://127.0.0.1:$MEDIAMTX_API_PORT
METRICS_URL=http://127.0.0.1:$MEDIAMTX_METRICS_PORT/metrics
RTMP_URL=rtmp://$MEDIA_HOST:$MEDIAMTX_RTMP_PORT
RTSP_URL=rtsp://$MEDIA_HOST:$MEDIAMTX_RTSP_PORT
: "${ORCHESTRATOR_URL:=$API_URL}"
# MediaMTX can put the hook's token nowhere but into the address: as its password.
MEDIA_AUTH_URL=${ORCHESTRATOR_URL%/}/v1/mediamtx/auth
if [ -n "$ORCHESTRATOR_TOKEN" ]; then
  MEDIA_AUTH_URL=${MEDIA_AUTH_URL%%://*}://mtx-hook:$ORCHESTRATOR_TOKEN@${MEDIA_AUTH_URL#*://}
fi
# What clients of a test stream put into their URLs.
PUBLISH_QUERY=''
READ_USER=''
if [ "$STREAMS_MEDIA_AUTH" = http ]; then
  PUBLISH_QUERY=${STREAMS_PUBLISH_KEY:+?user=publisher&pass=$STREAMS_PUBLISH_KEY}
  READ_USER=${STREAMS_READ_KEY:+reader:$STREAMS_READ_KEY@}
fi

case $STREAMS_RUN_DIR in
  /*) RUN=$STREAMS_RUN_DIR ;;
  *) RUN=$ROOT/$STREAMS_RUN_DIR ;;
esac

SILO_PORTS="$STREAMS_API_PORT $STREAMS_SILO_PORT $STREAMS_GATEWAY_PORT"
MEDIAMTX_PORTS="$MEDIAMTX_RTMP_PORT $MEDIAMTX_RTSP_PORT $MEDIAMTX_HLS_PORT $MEDIAMTX_API_PORT $MEDIAMTX_METRICS_PORT $MEDIAMTX_PLAYBACK_PORT"

SILO_ENV=(
  "Streams__Api__Address=$API_ADDRESS"
  "Streams__Api__Port=$STREAMS_API_PORT"
  "Streams__Api__PublicUrl=$STREAMS_PUBLIC_URL"
  "Streams__Api__TrustedProxies=$STREAMS_TRUSTED_PROXIES"
  "Streams__Access__Tokens__0__Role=operator"
  "Streams__Access__Tokens__0__Name=operator"
  "Streams__Access__Tokens__0__Token=$STREAMS_OPERATOR_TOKEN"
  "Streams__Access__Tokens__1__Role=reader"
  "Streams__Access__Tokens__1__Name=reader"
  "Streams__Access__Tokens__1__Token=$STREAMS_READER_TOKEN"
  "Streams__Access__Tokens__2__Role=hook"
  "Streams__Access__Tokens__2__Name=mtx-hook"
  "Streams__Access__Tokens__2__Token=$ORCHESTRATOR_TOKEN"
  "Streams__Access__TokenFile=$STREAMS_TOKEN_FILE"
  "Streams__MediaAuth__DefaultPublishKey=$STREAMS_PUBLISH_KEY"
  "Streams__MediaAuth__KeyFile=$STREAMS_PUBLISH_KEY_FILE"
  "Streams__MediaAuth__ReadKey=$STREAMS_READ_KEY"
  "Streams__Cluster__Clustering=$STREAMS_CLUSTERING"
  "Streams__Cluster__Address=$STREAMS_SILO_ADDRESS"
  "Streams__Cluster__Name=$STREAMS_SILO_NAME"
  "Streams__Cluster__DrainTimeout=$STREAMS_DRAIN_TIMEOUT"
  "Streams__Cluster__Zone=$STREAMS_SILO_ZONE"
  "Streams__Cluster__SiloPort=$STREAMS_SILO_PORT"
  "Streams__Cluster__GatewayPort=$STREAMS_GATEWAY_PORT"
  "Streams__Data__Folder=${Streams__Data__Folder:-$RUN/data}"
  "Streams__Store__Kind=$STREAMS_STORE"
  "Streams__Store__ConnectionString=$STREAMS_STORE_CONNECTION"
  "Streams__Preview__HlsPort=$MEDIAMTX_HLS_PORT"
  "Streams__Preview__HlsUrl=$STREAMS_PREVIEW_URL"
  "Streams__Media__Nodes__0__Name=$STREAMS_NODE"
  "Streams__Media__Nodes__0__ApiUrl=$CONTROL_URL"
  "Streams__Media__Nodes__0__RtspUrl=$RTSP_URL"
  "Streams__Media__Nodes__0__RtmpUrl=$RTMP_URL"
  "Streams__Media__ApiUser=$MEDIAMTX_API_USER"
  "Streams__Media__ApiPassword=$MEDIAMTX_API_PASS"
  "Streams__Media__Auth=$STREAMS_MEDIA_AUTH"
  "Streams__Media__WorkerUser=$WORKER_USER"
  "Streams__Media__WorkerPassword=$WORKER_PASS"
  "Streams__Workers__DefaultProfile=$WORKER_PROFILE"
  "Streams__Workers__SecretsFolder=$STREAMS_SECRETS_FOLDER"
  "Streams__Retry__FailedEvery=$STREAMS_RETRY_FAILED_EVERY"
  "Streams__Continuity__Mode=$STREAMS_CONTINUITY"
  "Streams__Continuity__KeepFor=$STREAMS_KEEP_FOR"
  "Streams__Continuity__Slate=$STREAMS_SLATE"
  "Streams__Continuity__SlateCard=$STREAMS_SLATE_CARD"
  "Streams__Continuity__SlateFolder=${Streams__Continuity__SlateFolder:-$RUN/slates}"
  "Streams__Workers__StopGrace=$STREAMS_STOP_GRACE"
  "Streams__Shutdown__WithinSeconds=$STREAMS_STOP_WITHIN"
  "OTEL_EXPORTER_OTLP_ENDPOINT=$OTEL_EXPORTER_OTLP_ENDPOINT"
)

# Publishing and playing may be open to other machines; the Control API, the metrics and the playback server are not.
MEDIAMTX_ENV=(
  "MTX_RTMPADDRESS=$MEDIA_ADDRESS:$MEDIAMTX_RTMP_PORT"
  "MTX_RTSPADDRESS=$MEDIA_ADDRESS:$MEDIAMTX_RTSP_PORT"
  "MTX_HLSADDRESS=$MEDIA_ADDRESS:$MEDIAMTX_HLS_PORT"
  "MTX_APIADDRESS=127.0.0.1:$MEDIAMTX_API_PORT"
  "MTX_METRICSADDRESS=127.0.0.1:$MEDIAMTX_METRICS_PORT"
  "MTX_PLAYBACKADDRESS=127.0.0.1:$MEDIAMTX_PLAYBACK_PORT"
  "MTX_AUTHMETHOD=$STREAMS_MEDIA_AUTH"
  "MTX_AUTHHTTPADDRESS=$MEDIA_AUTH_URL"
  "MTX_AUTHINTERNALUSERS_1_USER=$WORKER_USER"
  "MTX_AUTHINTERNALUSERS_1_PASS=$WORKER_PASS"
  "MTX_AUTHINTERNALUSERS_2_USER=$MEDIAMTX_API_USER"
  "MTX_AUTHINTERNALUSERS_2_PASS=$MEDIAMTX_API_PASS"
  "ORCHESTRATOR_URL=$ORCHESTRATOR_URL"
  "ORCHESTRATOR_TOKEN=$ORCHESTRATOR_TOKEN"
  "STREAMS_NODE=$STREAMS_NODE"
  # A proxy that the machine has is for what MediaMTX pulls from outside, not for its questions to Streams.
  "no_proxy=${no_proxy:+$no_proxy,}$OUR_HOSTS"
  "NO_PROXY=${NO_PROXY:+$NO_PROXY,}$OUR_HOSTS"
)

# What MediaMTX, and so its hooks, are handed besides: its own settings, and what says where things are on this machine. The stand-in is a
# .NET program; a variable that ends in _RUN says to which run a process belongs.
MEDIAMTX_MAY_HAVE='MTX_* ORCHESTRATOR_URL ORCHESTRATOR_TOKEN STREAMS_NODE STREAMS_*_RUN PATH HOME USER LOGNAME PWD TMPDIR TZ LANG LC_*
  LD_LIBRARY_PATH DYLD_* SSL_CERT_FILE SSL_CERT_DIR *_proxy *_PROXY GODEBUG GOGC GOMEMLIMIT GOMAXPROCS GOTRACEBACK DOTNET_* STANDIN_*'

# Settings that are secrets: whoever gives them by the environment does not give them to every program that these scripts start. The parts
# have them from the two lists above, by the names that they read.
SECRETS='STREAMS_OPERATOR_TOKEN STREAMS_READER_TOKEN STREAMS_PUBLISH_KEY STREAMS_READ_KEY STREAMS_GRAFANA_PASSWORD ORCHESTRATOR_TOKEN
  MEDIAMTX_API_PASS WORKER_PASS STREAMS_STORE_CONNECTION'

# The secrets of worker profiles, {secret.NAME}: the silo reads them, and hands each to the workers whose profile names it.
while IFS= read -r profile_secret; do
  SILO_ENV+=("$profile_secret=${!profile_secret}")
  SECRETS="$SECRETS $profile_secret"
done < <(compgen -v STREAMS_SECRET_)

case $STREAMS_MEDIA_AUTH in
  internal | http) ;;
  *)
    printf 'STREAMS_MEDIA_AUTH=%s is neither internal nor http\n' "$STREAMS_MEDIA_AUTH" >&2
    return 1
    ;;
esac

case $STREAMS_STORE in
  sqlite | postgres) ;;
  *)
    printf 'STREAMS_STORE=%s is neither sqlite nor postgres\n' "$STREAMS_STORE" >&2
    return 1
    ;;
esac

case $STREAMS_CLUSTERING in
  localhost | postgres) ;;
  *)
    printf 'STREAMS_CLUSTERING=%s is neither localhost nor postgres\n' "$STREAMS_CLUSTERING" >&2
    return 1
    ;;
esac

case $STREAMS_CLUSTER_PORT in '' | 0* | *[!0-9]* | ??????*) STREAMS_CLUSTER_PORT=0 ;; esac
if [ "$STREAMS_CLUSTER_PORT" -lt 1024 ] || [ "$STREAMS_CLUSTER_PORT" -gt 32000 ]; then
  printf 'STREAMS_CLUSTER_PORT is not a port from 1024 to 32000\n' >&2
  return 1
fi
case $STREAMS_CLUSTER_SILOS in [1-9]) ;; *)
  printf 'STREAMS_CLUSTER_SILOS=%s is not a number of silos (1 to 9)\n' "$STREAMS_CLUSTER_SILOS" >&2
  return 1
  ;;
esac
case ,$STREAMS_CLUSTER_NODES, in *,,* | *[!A-Za-z0-9_,-]*)
  printf 'STREAMS_CLUSTER_NODES=%s is no list of names such as a,b (A-Z a-z 0-9 _ -)\n' "$STREAMS_CLUSTER_NODES" >&2
  return 1
  ;;
esac

# The scripts wait by this one.
case $STREAMS_STOP_WITHIN in '' | 0* | *[!0-9]* | ?????*)
  printf 'STREAMS_STOP_WITHIN=%s is not a number of seconds (1 to 3600)\n' "$STREAMS_STOP_WITHIN" >&2
  return 1
  ;;
esac

# A silo of several is drained first, for which it has this time beside the one above.
case $STREAMS_DRAIN_TIMEOUT in
  [0-9][0-9]:[0-5][0-9]:[0-5][0-9]) ;;
  *)
    printf 'STREAMS_DRAIN_TIMEOUT=%s is no time as hours:minutes:seconds, such as 00:01:00\n' "$STREAMS_DRAIN_TIMEOUT" >&2
    return 1
    ;;
esac
STOP_WAIT=$STREAMS_STOP_WITHIN
if [ "$STREAMS_CLUSTERING" = postgres ]; then
  IFS=: read -r hours minutes seconds <<<"$STREAMS_DRAIN_TIMEOUT"
  STOP_WAIT=$((STOP_WAIT + 10#$hours * 3600 + 10#$minutes * 60 + 10#$seconds))
fi

# The size as Docker reads it: a number, and k, m or g.
LOG_BYTES=0
case $STREAMS_LOG_SIZE in
  0* | *[!0-9]?* | ????????* | [!0-9]*) ;;
  *k) LOG_BYTES=$((${STREAMS_LOG_SIZE%k} * 1024)) ;;
  *m) LOG_BYTES=$((${STREAMS_LOG_SIZE%m} * 1024 * 1024)) ;;
  *g) LOG_BYTES=$((${STREAMS_LOG_SIZE%g} * 1024 * 1024 * 1024)) ;;
esac
if [ "$LOG_BYTES" -eq 0 ]; then
  printf 'STREAMS_LOG_SIZE=%s is no size, such as 500k, 10m or 1g\n' "$STREAMS_LOG_SIZE" >&2
  return 1
fi
case $STREAMS_LOG_FILES in '' | 0* | *[!0-9]* | ????*)
  printf 'STREAMS_LOG_FILES=%s is not a number of files (1 to 999)\n' "$STREAMS_LOG_FILES" >&2
  return 1
  ;;
esac

check_ports() {
  local name port seen=' '
  for name in STREAMS_API_PORT STREAMS_SILO_PORT STREAMS_GATEWAY_PORT MEDIAMTX_RTMP_PORT MEDIAMTX_RTSP_PORT MEDIAMTX_HLS_PORT \
    MEDIAMTX_API_PORT MEDIAMTX_METRICS_PORT MEDIAMTX_PLAYBACK_PORT; do
    port=${!name}
    case $port in '' | 0* | *[!0-9]*) port=0 ;; esac
    if [ "${#port}" -gt 5 ] || [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then
      printf '%s=%s is not a port (1 to 65535)\n' "$name" "${!name}" >&2
      return 1
    fi
    case $seen in *" $port "*)
      printf '%s=%s: another setting has this port already\n' "$name" "$port" >&2
      return 1
      ;;
    esac
    seen="$seen$port "
  done
}
check_ports
