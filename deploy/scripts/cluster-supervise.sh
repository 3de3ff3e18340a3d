#!/usr/bin/env bash
# Keeps a silo of make cluster running, as systemd with Restart=always does: started again when it ends by itself, ended when this is told to end. Arguments: a file
# for the silo's pid and start time, and the program.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

record=$1
shift
told=''
child=''
# The silo drains its streams when it is told to end; nobody else is told.
trap 'told=yes; if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null || true; fi' TERM INT

delay=1
while :; do
  began=$SECONDS
  status=0
  "$@" &
  child=$!
  printf '%s %s\n' "$child" "$(process_start "$child" || echo 0)" >"$record"
  if [ -n "$told" ]; then kill -TERM "$child" 2>/dev/null || true; fi
  # A signal ends wait before the silo has ended.
  while :; do
    status=0
    wait "$child" || status=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=''
  rm -f "$record"
  if [ -n "$told" ]; then exit "$status"; fi
  printf '%s\n' "$status" >>"$record.ends"
  # One that cannot start is not tried without a pause.
  if [ $((SECONDS - began)) -ge 60 ]; then delay=1; fi
  printf 'supervisor: the silo ended with %s, and is started again in %s s\n' "$status" "$delay"
  sleep "$delay" &
  wait $! || true
  if [ -n "$told" ]; then exit 0; fi
  if [ "$delay" -lt 16 ]; then delay=$((delay * 2)); fi
done
