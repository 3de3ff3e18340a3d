#!/usr/bin/env bash
# make metrics: what MediaMTX counts, in Prometheus' format.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

media_get "$METRICS_URL" || die "$METRICS_URL does not answer $MEDIAMTX_API_USER: is it running (make ps), and with this password (MEDIAMTX_API_PASS)?"
