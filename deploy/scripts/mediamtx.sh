# shellcheck shell=bash disable=SC2034
# Finds a MediaMTX: MEDIAMTX_BIN, the PATH, the cache of a former download, the pinned release; and asks it for its version. Sourced after
# env.sh and lib.sh.

MEDIAMTX_CACHE=$RUN/cache

# For how long a failed download is not tried again, in seconds: make dev stays quick on a machine without a network.
MEDIAMTX_RETRY_AFTER=3600

# The release's file name and checksum for this machine; false where none is pinned.
mediamtx_release() {
  local platform
  platform=$(uname -s)_$(uname -m)
  case $platform in
    Linux_x86_64)
      MEDIAMTX_TARBALL=mediamtx_${MEDIAMTX_VERSION}_linux_amd64.tar.gz
      MEDIAMTX_SHA256=81b143f55a5d23d4a8c028d52869c14ea4a59919900528698fcc97a747fd69c6
      ;;
    Linux_aarch64 | Linux_arm64)
      MEDIAMTX_TARBALL=mediamtx_${MEDIAMTX_VERSION}_linux_arm64.tar.gz
      MEDIAMTX_SHA256=d1689f0bfefb1864e5ed3dcc8495eb2d7ec0a654f90bf3cd48980cb3bd08718a
      ;;
    *)
      MEDIAMTX_WHY="no release is pinned for $platform; install MediaMTX $MEDIAMTX_VERSION and set MEDIAMTX_BIN"
      return 1
      ;;
  esac
}

sha256_of() {
  if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# Downloads and unpacks the release into the cache; on failure MEDIAMTX_WHY says why.
download_mediamtx() { # tarball, sha256
  local url=$MEDIAMTX_RELEASES/$MEDIAMTX_VERSION/$1 folder=$MEDIAMTX_CACHE/${1%.tar.gz} new sum status=0 reason
  new=$MEDIAMTX_CACHE/new.$$
  rm -rf "$new"
  mkdir -p "$new"
  # 5 s to connect, and as long at most without a byte: an attempt without an answer must not cost more.
  reason=$(curl -fsSL --connect-timeout 5 --speed-limit 1 --speed-time 5 --max-time 300 -o "$new/release.tar.gz" "$url" 2>&1) || status=$?
  if [ "$status" -ne 0 ]; then
    MEDIAMTX_WHY="download of $url failed: ${reason:-curl exit code $status}"
  else
    sum=$(sha256_of "$new/release.tar.gz")
    if [ "$sum" != "$2" ]; then
      MEDIAMTX_WHY="download of $url refused: its sha256 is $sum, not $2"
    elif ! reason=$(tar -xzf "$new/release.tar.gz" -C "$new" mediamtx 2>&1); then
      MEDIAMTX_WHY="download of $url holds no mediamtx: $reason"
    else
      mkdir -p "$folder"
      mv -f "$new/mediamtx" "$folder/mediamtx"
      rm -rf "$new" "$MEDIAMTX_CACHE/failed"
      return 0
    fi
  fi
  rm -rf "$new"
  printf '%s\n%s\n' "$(date +%s)" "$MEDIAMTX_WHY" >"$MEDIAMTX_CACHE/failed"
  return 1
}

# The reason of a failed download that is too young to be tried again; false when there is none.
remembered_failure() {
  local when why now
  [ -f "$MEDIAMTX_CACHE/failed" ] || return 1
  { IFS= read -r when && IFS= read -r why; } <"$MEDIAMTX_CACHE/failed" || return 1
  case $when in '' | *[!0-9]*) return 1 ;; esac
  now=$(date +%s)
  [ "$now" -ge "$when" ] && [ $((now - when)) -lt "$MEDIAMTX_RETRY_AFTER" ] || return 1
  # Another address is another attempt.
  case $why in *"$MEDIAMTX_RELEASES/"*) printf '%s' "$why" ;; *) return 1 ;; esac
}

# Sets MEDIAMTX_FOUND to a program and MEDIAMTX_FROM to where it was found; false, with MEDIAMTX_WHY, when there is none to be had.
find_mediamtx() {
  local cached why
  MEDIAMTX_FOUND='' MEDIAMTX_FROM='' MEDIAMTX_WHY=''
  case $STREAMS_MEDIAMTX in
    auto | real) ;;
    standin)
      MEDIAMTX_WHY='STREAMS_MEDIAMTX=standin'
      return 1
      ;;
    *) die "STREAMS_MEDIAMTX=$STREAMS_MEDIAMTX is none of auto, real, standin" ;;
  esac
  if [ -n "$MEDIAMTX_BIN" ]; then
    # An explicit setting that does not work is an error, never a reason to take something else.
    if [ ! -f "$MEDIAMTX_BIN" ] || [ ! -x "$MEDIAMTX_BIN" ]; then die "MEDIAMTX_BIN=$MEDIAMTX_BIN is not an executable file"; fi
    MEDIAMTX_FOUND=$(cd "$(dirname "$MEDIAMTX_BIN")" && pwd -P)/${MEDIAMTX_BIN##*/} MEDIAMTX_FROM=MEDIAMTX_BIN
    return 0
  fi
  if MEDIAMTX_FOUND=$(command -v mediamtx); then
    MEDIAMTX_FROM='the PATH'
    return 0
  fi
  mediamtx_release || return 1
  cached=$MEDIAMTX_CACHE/${MEDIAMTX_TARBALL%.tar.gz}/mediamtx
  if [ -x "$cached" ]; then
    MEDIAMTX_FOUND=$cached MEDIAMTX_FROM='the cache'
    return 0
  fi
  if [ "$STREAMS_MEDIAMTX" = auto ] && why=$(remembered_failure); then
    MEDIAMTX_WHY="$why (tried within the last hour; STREAMS_MEDIAMTX=real tries again)"
    return 1
  fi
  download_mediamtx "$MEDIAMTX_TARBALL" "$MEDIAMTX_SHA256" || return 1
  MEDIAMTX_FOUND=$cached MEDIAMTX_FROM="the release $MEDIAMTX_VERSION, downloaded now"
}

# What a program answers to --version; false when it does not answer in time. One that hangs is ended with all that it started.
version_of() { # program
  local answer pid tenths=$((${MEDIAMTX_VERSION_WITHIN:-15} * 10)) status=0
  answer=$(mktemp)
  (in_new_session "$1" --version) >"$answer" 2>/dev/null </dev/null 9>&- &
  pid=$!
  while kill -0 "$pid" 2>/dev/null && [ "$tenths" -gt 0 ]; do
    tenths=$((tenths - 1))
    sleep 0.1
  done
  if kill -0 "$pid" 2>/dev/null; then kill -KILL -- "-$pid" 2>/dev/null || true; fi
  wait "$pid" 2>/dev/null || status=$?
  head -c 100 "$answer" | head -n 1
  rm -f "$answer"
  return "$status"
}

# Asks MEDIAMTX_FOUND for its version, and sets MEDIAMTX_FOUND_VERSION, MEDIAMTX_CONFIG (the configuration of that version) and
# MEDIAMTX_CONFIG_ENV (what that needs in the environment). A version that was never tried is an error: its hooks or its Control API may have
# other names, and Streams would go on without hearing of streams.
check_mediamtx_version() {
  local needed='Streams needs v1.18.2 to v1.21.x' remedy="set MEDIAMTX_BIN to another, or unset it to download $MEDIAMTX_VERSION" number
  if [ "$MEDIAMTX_FROM" != MEDIAMTX_BIN ]; then remedy="set MEDIAMTX_BIN to another, or take it off $MEDIAMTX_FROM to download $MEDIAMTX_VERSION"; fi
  MEDIAMTX_FOUND_VERSION=$(version_of "$MEDIAMTX_FOUND") || MEDIAMTX_FOUND_VERSION=''
  number=${MEDIAMTX_FOUND_VERSION#v}
  number=${number%%[-+]*}
  case $number in
    *[!0-9.]* | *.*.*.* | .* | *. | *..*) number='' ;;
    *.*.*) ;;
    *) number='' ;;
  esac
  [ -n "$number" ] || die "$MEDIAMTX_FOUND ($MEDIAMTX_FROM) does not say which MediaMTX it is (--version), and $needed: $remedy"
  MEDIAMTX_CONFIG=$ROOT/deploy/mediamtx/mediamtx.yml MEDIAMTX_CONFIG_ENV=()
  case $number in
    1.18.[01]) number='' ;;
    1.18.* | 1.19.[0-2]) MEDIAMTX_CONFIG=$ROOT/deploy/mediamtx/mediamtx-1.18.yml MEDIAMTX_CONFIG_ENV=(MTX_MOQ=no) ;;
    1.19.* | 1.2[01].*) ;;
    *) number='' ;;
  esac
  [ -n "$number" ] || die "MediaMTX $MEDIAMTX_FOUND_VERSION ($MEDIAMTX_FROM: $MEDIAMTX_FOUND) does not work here, $needed: $remedy"
}

# What tests and measurements run on as well where it is there, and do not look for otherwise: MEDIAMTX_BIN, or one on the PATH.
# STREAMS_MEDIAMTX is for make dev.
check_given_mediamtx() {
  if [ -n "$MEDIAMTX_BIN" ] || has mediamtx; then
    STREAMS_MEDIAMTX=auto find_mediamtx || die "no MediaMTX: $MEDIAMTX_WHY"
    check_mediamtx_version
  fi
}
