#!/usr/bin/env bash
# make cluster-ps: the parts of the cluster, each silo's state and workers, and which silo runs which stream.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/cluster-lib.sh"

if [ ! -f "$(ports_file)" ]; then
  say 'There is no cluster: make cluster'
  exit 0
fi

row() { printf '%-10s %8s %6s %12s %8s  %s\n' "$@"; }

# What the silos say of each other, from the first that answers; nothing when none does.
nodes=''
for silo in "${CLUSTER_SILOS[@]}"; do
  if nodes=$(silo_get "$silo" /v1/nodes 2>/dev/null); then break; fi
  nodes=''
done

# The silo's own word, for example Active or Draining; one that is alone or older says none.
state_of() { # silo
  [ -n "$nodes" ] || return 0
  jq -r --arg name "$1" '.silos[] | select(.siloName == $name) | [.state, .version, (.zone | if . then "zone \(.)" else null end)] | map(select(. != null and . != "")) | join(", ")' \
    <<<"$nodes" 2>/dev/null || true
}

# What a run that is not on the air is there for: a standby, or the next run of a planned change. Asked of its own silo; "-" for one on the air.
role_of() { # silo, stream, pid
  local role
  role=$(silo_get "$1" "/v1/streams/$2" 2>/dev/null | jq -r --argjson pid "$3" 'if .standby.workerPid == $pid then "standby" elif .change.workerPid == $pid then "next" else "-" end' 2>/dev/null) || role=
  printf '%s' "${role:--}"
}

workers=''
# A worker is a process below the silo that names an output path. Only program and stream are shown: arguments hold the password.
find_workers() { # silo, pid
  local pid args stream
  while read -r pid _; do
    args=$(ps -o args= -p "$pid" 2>/dev/null) || continue
    stream=${args#*/live/}
    [ "$stream" != "$args" ] || continue
    stream=${stream%%/*}
    args=${args%% *}
    workers="$workers$stream $1 $pid $(role_of "$1" "$stream" "$pid") ${args##*/}"$'\n'
    count=$((count + 1))
  done < <(descendants "$2")
}

row PART PID PORT UPTIME WORKERS STATE
for part in postgres "${CLUSTER_NODES[@]/#/node-}"; do
  port=$(ports_of "$part")
  if part_alive "$part"; then
    row "$part" "$PART_PID" "${port%% *}" "$(uptime_of "$PART_PID")" - "running, $PART_WHAT"
  else
    row "$part" - "${port%% *}" - - "dead: make cluster starts it again, its log is $RUN/logs/$part.log"
  fi
done
for part in "${CLUSTER_SILOS[@]}"; do
  count=0
  port=$(port_of "$part" API)
  if silo_process "$part"; then
    find_workers "$part" "$SILO_PID"
    state=$(state_of "$part")
    row "$part" "$SILO_PID" "$port" "$(uptime_of "$SILO_PID")" "$count" "${state:-running}"
  elif part_alive "$part"; then
    row "$part" - "$port" - - 'ended; its supervisor starts it again'
  else
    row "$part" - "$port" - - "dead: make cluster starts it again, its log is $RUN/logs/$part.log"
  fi
done
for record in "$RUN"/pids/publish-*; do
  [ -f "$record" ] || continue
  part=${record##*/}
  if part_alive "$part"; then row publisher "$PART_PID" - "$(uptime_of "$PART_PID")" - "${part#publish-}"; fi
done

[ -n "$workers" ] || exit 0
printf '\n%-24s %-10s %8s %-8s  %s\n' STREAM SILO PID ROLE PROGRAM
sort <<<"${workers%$'\n'}" | while read -r stream silo pid role program; do printf '%-24s %-10s %8s %-8s  %s\n' "$stream" "$silo" "$pid" "$role" "$program"; done
