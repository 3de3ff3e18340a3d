#!/usr/bin/env bash
# A worker in GStreamer: reads live/STREAM/in over RTSP (TCP) and publishes it unchanged to live/STREAM/out over RTMP, with the worker's
# credentials. It is what the profile gst-passthrough runs; here it can be tried by hand.
#   tests/scripts/gst-passthrough.sh [STREAM]              until the stream ends or Ctrl-C
# By environment: MEDIA_HOST (127.0.0.1), MEDIAMTX_RTSP_PORT (8554), MEDIAMTX_RTMP_PORT (1935), WORKER_USER, WORKER_PASS (worker, worker).
set -euo pipefail

stream=${1:-demo}
[[ $stream =~ ^[A-Za-z0-9_-]{1,64}$ ]] || { echo "error: '$stream' is no stream id" >&2 && exit 2; }

host=${MEDIA_HOST:-127.0.0.1}
credentials="user=${WORKER_USER:-worker}&pass=${WORKER_PASS:-worker}"
sink=rtmp2sink
if ! gst-inspect-1.0 --exists "$sink"; then sink=rtmpsink; fi

exec gst-launch-1.0 -q -e \
  rtspsrc name=src protocols=tcp latency=0 location="rtsp://$host:${MEDIAMTX_RTSP_PORT:-8554}/live/$stream/in" \
  flvmux name=mux streamable=true ! "$sink" location="rtmp://$host:${MEDIAMTX_RTMP_PORT:-1935}/live/$stream/out?$credentials" \
  src. ! rtph264depay ! h264parse ! queue ! mux. \
  src. ! rtpmp4gdepay ! aacparse ! queue ! mux.
