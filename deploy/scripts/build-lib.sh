# shellcheck shell=bash disable=SC2034
# What is built for a run, and when. Sourced after env.sh and lib.sh.

SILO_BIN=$ROOT/Silo/bin/Release/net10.0/Streams.Silo
STANDIN_BIN=$ROOT/tests/MediaMtx.Standin/bin/Release/net10.0/MediaMtx.Standin
HOOK_BIN=$RUN/bin/mtx-hook
BENCH_BIN=$ROOT/tests/Benchmarks/bin/Release/net10.0/Streams.Benchmarks

# No build server stays behind: make down and make test promise that nothing does.
DOTNET_BUILD=(-c Release -nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false)

# up_to_date NAME OUTPUT FOLDER...: nothing in the folders is newer than the last build that NAME's stamp remembers. A no-op
# dotnet build takes seconds; this takes milliseconds. Folders count too: their time changes when a file is removed.
up_to_date() {
  local stamp=$RUN/build/$1 output=$2
  shift 2
  [ -f "$stamp" ] && [ -e "$output" ] || return 1
  [ -z "$(cd "$ROOT" && find "$@" global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt \
    \( -name bin -o -name obj -o -name TestResults \) -prune -o -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

# Makes the output folders before the stamp: when a first build makes them, the projects' own folders would be newer than it.
make_output_folders() { # folder...
  local project
  find "$@" \( -name bin -o -name obj \) -prune -o -name '*.csproj' -print | while IFS= read -r project; do
    mkdir -p "${project%/*}/bin" "${project%/*}/obj"
  done
}

# build_unless_current NAME OUTPUT FOLDERS COMMAND...
build_unless_current() {
  local name=$1 output=$2 folders=$3 log=$RUN/logs/build-$1.log
  shift 3
  # shellcheck disable=SC2086 # folders are to be split
  if up_to_date "$name" "$output" $folders; then return 0; fi
  say "building $name"
  mkdir -p "$RUN/build" "$RUN/logs" "$RUN/bin"
  # shellcheck disable=SC2086
  (cd "$ROOT" && make_output_folders $folders)
  # The stamp has the time before the build: what is edited while it runs is built next time.
  touch "$RUN/build/$name.new"
  if ! (cd "$ROOT" && "$@") >"$log" 2>&1 </dev/null 9>&-; then
    tail -n 40 "$log" >&2
    die "$name does not build; the whole log is $log"
  fi
  mv -f "$RUN/build/$name.new" "$RUN/build/$name"
}

build_silo() {
  build_unless_current silo "$SILO_BIN" 'Silo Api Grains Grains.Abstractions hooks/schemas' dotnet build Silo/Streams.Silo.csproj "${DOTNET_BUILD[@]}"
}

build_hook() {
  build_unless_current hook "$HOOK_BIN" 'hooks Grains.Abstractions/Streams/PublisherQueries.cs' dotnet publish hooks/mtx-hook "${DOTNET_BUILD[@]}" -o "$RUN/bin"
}

build_standin() {
  build_unless_current stand-in "$STANDIN_BIN" 'tests/MediaMtx.Standin hooks/schemas' dotnet build tests/MediaMtx.Standin/MediaMtx.Standin.csproj "${DOTNET_BUILD[@]}"
}

# Everything, the tests too. Always asks dotnet: whoever types make build wants to hear the compiler.
build_all() {
  mkdir -p "$RUN/build" "$RUN/bin"
  make_output_folders "$ROOT"
  touch "$RUN/build/all.new"
  # Whoever calls this with "|| die" has switched set -e off for it.
  (cd "$ROOT" && dotnet build Streams.sln "${DOTNET_BUILD[@]}" </dev/null && dotnet publish hooks/mtx-hook "${DOTNET_BUILD[@]}" -o "$RUN/bin" </dev/null) ||
    return 1
  # make dev need not build again what this built.
  cp -p "$RUN/build/all.new" "$RUN/build/silo"
  cp -p "$RUN/build/all.new" "$RUN/build/stand-in"
  mv -f "$RUN/build/all.new" "$RUN/build/hook"
}
