#!/usr/bin/env bash
# Publishes a test stream with GStreamer: H.264 test picture (a key frame a second) and AAC sine over RTMP, to live/STREAM/in.
#   tests/scripts/gst-publish.sh [STREAM] [SECONDS]        without SECONDS until Ctrl-C
# Host and port by environment: MEDIA_HOST (127.0.0.1), MEDIAMTX_RTMP_PORT (1935).
set -euo pipefail

stream=${1:-demo}
seconds=${2:-}
[[ $stream =~ ^[A-Za-z0-9_-]{1,64}$ ]] || { echo "error: '$stream' is no stream id" >&2 && exit 2; }
[[ $seconds =~ ^[0-9]*$ ]] || { echo "error: '$seconds' is no number of seconds" >&2 && exit 2; }

# The first of these elements that is installed.
first_of() {
  local element
  for element; do
    if gst-inspect-1.0 --exists "$element"; then
      echo "$element"
      return
    fi
  done
  echo "error: none of the GStreamer elements $* is installed: make setup-test" >&2
  exit 1
}
aac=$(first_of avenc_aac voaacenc faac fdkaacenc)
sink=$(first_of rtmp2sink rtmpsink)

# Buffers are counted, so that the stream ends on its own with a proper end: 30 pictures and 1 buffer of 48000 samples a second.
video_end=''
audio_end=''
if [ -n "$seconds" ]; then
  video_end=num-buffers=$((seconds * 30))
  audio_end=num-buffers=$seconds
fi

# shellcheck disable=SC2086 # an end may be nothing
exec gst-launch-1.0 -q -e \
  flvmux name=mux streamable=true latency=100000000 ! queue ! "$sink" location="rtmp://${MEDIA_HOST:-127.0.0.1}:${MEDIAMTX_RTMP_PORT:-1935}/live/$stream/in" \
  videotestsrc is-live=true pattern=smpte $video_end ! video/x-raw,width=640,height=360,framerate=30/1 ! timeoverlay ! \
  x264enc tune=zerolatency speed-preset=ultrafast bitrate=800 key-int-max=30 bframes=0 ! video/x-h264,profile=baseline ! h264parse ! queue ! mux. \
  audiotestsrc is-live=true wave=sine freq=440 samplesperbuffer=48000 $audio_end ! audio/x-raw,rate=48000,channels=1 ! audioconvert ! \
  "$aac" bitrate=96000 ! aacparse ! queue ! mux.
