#!/usr/bin/env bash
# make dev: starts what is not running (the silo, MediaMTX or its stand-in), waits until every part answers, says where to look.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mediamtx.sh"
. "$(dirname "$0")/build-lib.sh"

if [ -n "$STREAMS_OPERATOR_TOKEN$STREAMS_READER_TOKEN$STREAMS_TOKEN_FILE" ] && [ -z "$ORCHESTRATOR_TOKEN" ]; then
  die 'with access tokens the API takes no event of a hook without one: set ORCHESTRATOR_TOKEN too (openssl rand -hex 24)'
fi

READY_WITHIN=${STREAMS_READY_WITHIN:-30}

# shellcheck disable=SC2086 # names are to be split
keep_to_oneself $SECRETS

"$ROOT/deploy/scripts/setup.sh"

mkdir -p "$RUN/logs" "$RUN/pids" "$RUN/data"
# Two make dev at once would start everything twice.
if has flock; then
  exec 9>"$RUN/lock"
  flock -n 9 || die "another make dev or make down works on $RUN"
fi

check_free() { # part, ports
  local port owner taken=''
  for port in $2; do
    if owner=$(port_owner "$port"); then
      warn "error: port $port, which $1 needs, is taken by $owner"
      taken="$taken $port"
    fi
  done
  [ -z "$taken" ] || die "stop the owner of port$taken, or set another port in .env (.env.example lists them)"
}

# --- what is dead? ---

dead=''
part_alive silo || dead="$dead silo"
part_alive mediamtx || dead="$dead mediamtx"

# Before any build: nobody should wait for a compiler to hear that a port is taken.
case $dead in *silo*) check_free silo "$SILO_PORTS" ;; esac
case $dead in *mediamtx*) check_free mediamtx "$MEDIAMTX_PORTS" ;; esac

# --- build ---

what=''
case $dead in *mediamtx*)
  if find_mediamtx; then
    check_mediamtx_version
    what="MediaMTX $MEDIAMTX_FOUND_VERSION from $MEDIAMTX_FROM"
  elif [ "$STREAMS_MEDIAMTX" = real ]; then
    die "no MediaMTX: $MEDIAMTX_WHY"
  else
    what='the stand-in'
    say "No real MediaMTX is used: $MEDIAMTX_WHY."
    say "Starting the stand-in instead (tests/MediaMtx.Standin): it speaks the part of MediaMTX that Streams uses, for development and tests only."
    build_standin
    MEDIAMTX_FOUND=$STANDIN_BIN MEDIAMTX_CONFIG=$ROOT/deploy/mediamtx/mediamtx.yml MEDIAMTX_CONFIG_ENV=()
  fi
  build_hook
  ;;
esac
case $dead in *silo*)
  if [ -z "${STREAMS_SILO_BIN:-}" ]; then build_silo; fi
  ;;
esac

# --- start ---

started=''
give_up() { # part
  trap - EXIT INT TERM
  part_alive "$1" || wait_log "$1"
  warn "--- the last lines of $RUN/logs/$1.log"
  tail -n 25 "$RUN/logs/$1.log" >&2 || true
  warn '---'
  stop_started
  die "$2"
}
stop_started() {
  local part
  for part in $started; do stop_part "$part" "$STOP_WAIT" || true; done
}
trap 'stop_started' EXIT
trap 'exit 130' INT TERM

case $dead in *silo*)
  started="$started silo"
  (
    # Workers do not inherit the silo's environment; make down finds by this what has lost its silo.
    export "${SILO_ENV[@]}" Streams__Workers__PassEnvironment__90=STREAMS_DEV_RUN
    cd "$ROOT/Silo"
    start_part silo silo "$SILO_PORTS" "${STREAMS_SILO_BIN:-$SILO_BIN}"
  )
  ;;
esac
case $dead in *mediamtx*)
  started="$started mediamtx"
  (
    export "${MEDIAMTX_ENV[@]}" ${MEDIAMTX_CONFIG_ENV[@]+"${MEDIAMTX_CONFIG_ENV[@]}"} PATH="$RUN/bin:$PATH"
    set -f # patterns of names, not of files
    # shellcheck disable=SC2086 # patterns are to be split
    hand_over_only $MEDIAMTX_MAY_HAVE
    set +f
    cd "$RUN"
    start_part mediamtx "$what" "$MEDIAMTX_PORTS" "$MEDIAMTX_FOUND" "$MEDIAMTX_CONFIG"
  )
  ;;
esac

# --- wait ---

# Each answer prints what is still missing, and is true when nothing is.
silo_missing() {
  local answer status
  answer=$(curl -sS --noproxy '*' --max-time 5 -w '\n%{http_code}' "$API_URL/health/ready" 2>/dev/null) || true
  status=${answer##*$'\n'}
  if [ "$status" != 200 ]; then
    # With 503 the answer says what is not ready.
    answer=${answer%"$status"}
    answer=${answer%$'\n'}
    printf '%s/health/ready does not answer 200%s' "$API_URL" "${answer:+: $answer}"
    return 1
  fi
}

mediamtx_missing() {
  local port
  if ! media_get "$CONTROL_URL/v3/paths/list" >/dev/null 2>&1; then
    printf 'the Control API on port %s does not answer %s' "$MEDIAMTX_API_PORT" "$MEDIAMTX_API_USER"
    return 1
  fi
  if ! media_get "$METRICS_URL" >/dev/null 2>&1; then
    printf '%s does not answer' "$METRICS_URL"
    return 1
  fi
  for port in $MEDIAMTX_PORTS; do
    if ! listens "$port"; then
      printf 'nobody listens on port %s' "$port"
      return 1
    fi
  done
}

# A busy machine is no failure: the limit is on a part that does nothing. One that uses a tenth of a processor is at work on its start, and
# is waited for up to ten times as long.
wait_for() { # part
  local part=$1 missing used now checked=$SECONDS idle=$SECONDS told=$SECONDS doing='using the processor'
  read_part "$part"
  used=$(group_time "$PART_PID")
  until missing=$("${part}_missing"); do
    part_alive "$part" || give_up "$part" "$part ended while it was started"
    if [ "$SECONDS" -gt "$checked" ]; then
      now=$(group_time "$PART_PID")
      doing='doing nothing'
      if [ $((now - used)) -ge $(((SECONDS - checked) * 10)) ]; then idle=$SECONDS doing='using the processor'; fi
      used=$now checked=$SECONDS
    fi
    [ $((SECONDS - idle)) -lt "$READY_WITHIN" ] || give_up "$part" "$part is not ready after $((SECONDS - launched)) s, and did nothing for $READY_WITHIN s: $missing"
    [ $((SECONDS - launched)) -lt $((READY_WITHIN * 10)) ] || give_up "$part" "$part is not ready after $((SECONDS - launched)) s, although it uses the processor: $missing"
    if [ $(((SECONDS - told) * 2)) -ge "$READY_WITHIN" ]; then
      say "$part is still starting, $((SECONDS - launched)) s, $doing: $missing"
      told=$SECONDS
    fi
    # To be asked makes work too, and is not to be taken for its own.
    if [ $(((SECONDS - launched) * 6)) -lt "$READY_WITHIN" ]; then sleep 0.1; else sleep 0.5; fi
  done
}

launched=$SECONDS
wait_for mediamtx
wait_for silo
trap - EXIT INT TERM

# --- say ---

read_part mediamtx
media=$PART_WHAT
case $dead in
  '') say "All is running already: silo, $media." ;;
  ' silo') say "Restarted: silo. Running already: $media." ;;
  ' mediamtx') say "Restarted: $media. Running already: silo." ;;
  *) say "Started: silo, $media." ;;
esac
cat <<END

  streams page   $API_URL/
  API            $API_URL/v1/streams
  API docs       $API_URL/docs
  dashboard      $API_URL/dashboard
  publish to     $RTMP_URL/live/STREAM/in
  result at      $RTSP_URL/live/STREAM/out   (RTSP over TCP)
                 http://$MEDIA_HOST:$MEDIAMTX_HLS_PORT/live/STREAM/out   (HLS, real MediaMTX only)
  Control API    $CONTROL_URL/v3/paths/list   (make paths)
  metrics        $METRICS_URL   (make metrics)

Next: make publish STREAM=demo, and in another terminal: make play STREAM=demo. make logs, make ps, make down.
END
