#!/bin/sh
# Starts Prometheus with the targets and the credentials of this deployment: its configuration, with the files that prometheus.yml asks for,
# goes to a folder that only its user can read. Its own arguments follow. POSIX sh: the image has no bash.
#
# It reads the environment only, no .env: Compose hands these on, whoever starts it by hand sets what differs from the defaults below.
#   STREAMS_TARGET            host:port of the API; of several silos separated by commas
#   STREAMS_READER_TOKEN      a token of the API with the role reader; empty while the API has no tokens
#   MEDIAMTX_TARGET           host:port of MediaMTX's metrics; of several media servers separated by commas
#   MEDIAMTX_API_USER, _PASS  who may read them
#   STREAMS_ALERTMANAGER      host:port of an Alertmanager; empty: alerts are sent to nobody
#   PROMETHEUS_CONFIG_FOLDER  a folder for this alone: it is made private, and what it had of an earlier start is replaced
set -eu
umask 077

: "${STREAMS_TARGET:=127.0.0.1:8080}"
: "${STREAMS_READER_TOKEN:=}"
: "${MEDIAMTX_TARGET:=127.0.0.1:9998}"
: "${MEDIAMTX_API_USER:=admin}"
: "${MEDIAMTX_API_PASS:=admin}"
: "${STREAMS_ALERTMANAGER:=}"
: "${PROMETHEUS_CONFIG_FOLDER:=/tmp/streams-prometheus}"

here=$(cd "$(dirname "$0")" && pwd -P)

# An API that is open to other machines takes no caller without a token; every scrape would be refused, and the silo look dead.
case $STREAMS_TARGET in
  127.* | localhost:* | '[::1]:'*) ;;
  *)
    if [ -z "$STREAMS_READER_TOKEN" ]; then
      echo "error: the API at $STREAMS_TARGET lets Prometheus read with a token only: set STREAMS_READER_TOKEN (for Compose in .env; openssl rand -hex 24)" >&2
      exit 1
    fi
    ;;
esac

# A text in single quotes for YAML, with what is special to sed's replacement escaped.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed -e "s/'/''/g" -e 's/[\\&/]/\\&/g')"; }

target() { printf -- '- targets: [%s]\n' "$(printf '%s' "$1" | sed 's/[^,][^,]*/"&"/g')"; }

# Everybody may make a folder in /tmp: another user's, or a link to one, would give the credentials away. In one of our own that was
# open to others they may have put files or links where the credentials go: nothing of it is kept.
mkdir -p "$PROMETHEUS_CONFIG_FOLDER"
if [ -z "$(find "${PROMETHEUS_CONFIG_FOLDER%/}" -prune -type d -user "$(id -u)")" ]; then
  echo "error: $PROMETHEUS_CONFIG_FOLDER is not a folder of $(id -un 2>/dev/null || id -u): remove it, or set PROMETHEUS_CONFIG_FOLDER to another one" >&2
  exit 1
fi
chmod 700 "$PROMETHEUS_CONFIG_FOLDER"
cd "$PROMETHEUS_CONFIG_FOLDER"
rm -rf targets secrets prometheus.yml rules.yml
mkdir targets secrets
sed "s/username: admin\$/username: $(quoted "$MEDIAMTX_API_USER")/" "$here/prometheus.yml" >prometheus.yml
cat "$here/rules.yml" >rules.yml
printf '%s' "$STREAMS_READER_TOKEN" >secrets/streams-token
printf '%s' "$MEDIAMTX_API_PASS" >secrets/mediamtx-password
target "$STREAMS_TARGET" >targets/streams.yml
target "$MEDIAMTX_TARGET" >targets/mediamtx.yml
if [ -n "$STREAMS_ALERTMANAGER" ]; then target "$STREAMS_ALERTMANAGER" >targets/alertmanager.yml; fi

exec prometheus --config.file="$PROMETHEUS_CONFIG_FOLDER/prometheus.yml" "$@"
