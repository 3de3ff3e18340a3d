#!/usr/bin/env bash
# make paths: the Control API's list of paths, one line each.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

answer=$(media_get "$CONTROL_URL/v3/paths/list?itemsPerPage=1000") || die "$CONTROL_URL does not answer $MEDIAMTX_API_USER: is it running (make ps), and with this password (MEDIAMTX_API_PASS)?"
jq -r '
  ["PATH", "AVAILABLE", "SOURCE", "TRACKS", "READERS", "BYTES IN", "BYTES OUT"],
  (.items[] | [.name, (.available // .ready), (.source.type // "-"), ((.tracks // []) | join("+")), (.readers | length), (.inboundBytes // .bytesReceived), (.outboundBytes // .bytesSent)])
  | @tsv' <<<"$answer" | awk -F '\t' '{ printf "%-40s %-10s %-14s %-22s %-8s %-12s %s\n", $1, $2, $3, $4, $5, $6, $7 }'
