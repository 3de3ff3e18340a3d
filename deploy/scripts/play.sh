#!/usr/bin/env bash
# make play STREAM=demo [SIDE=out] [SECONDS=5] [NODE=b]: plays a stream over RTSP (TCP): in a window where there is a display, else by printing
# its tracks and counting what arrives. Arguments: stream, side (in or out), seconds.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2086 # names are to be split
keep_to_oneself $SECRETS

if [ -n "${NODE:-}" ]; then
  . "$(dirname "$0")/cluster-lib.sh"
  use_node "$NODE"
fi

stream=${1:-}
side=${2:-out}
seconds=${3:-5}
check_stream "$stream"
case $side in in | out) ;; *) die "SIDE='$side' is neither in nor out" ;; esac
check_number SECONDS "$seconds" 1 3600
shown=$RTSP_URL/live/$stream/$side
url=rtsp://$READ_USER${shown#rtsp://}

if has ffplay && { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; }; then
  exec ffplay -hide_banner -loglevel warning -rtsp_transport tcp -fflags nobuffer -flags low_delay -window_title "$shown" "$url"
fi

has ffprobe ffmpeg || die 'there is no ffmpeg: make setup'
say "$shown"
tracks=$(ffprobe -v error -rtsp_transport tcp -show_entries stream=codec_type,codec_name,width,height,avg_frame_rate,sample_rate,channels \
  -of compact=p=0 "$url" 2>&1) || die "it cannot be played: ${tracks//"$url"/$shown}"
say "  ${tracks//$'\n'/$'\n'  }"
report=$(mktemp)
trap 'rm -f "$report"' EXIT
ffmpeg -hide_banner -v error -nostdin -rtsp_transport tcp -i "$url" -t "$seconds" -map 0:v -c copy -f null - -progress "$report" >/dev/null 2>&1 || true
frames=$(sed -n 's/^frame=//p' "$report" | tail -n 1)
say "  ${frames:-0} video frames in $seconds s of stream (counted from the first key frame)"
[ "${frames:-0}" -gt 0 ] || die "no frame of $shown arrived"
