#!/usr/bin/env bash
# make clean: stops what runs, and removes what was built and the state of runs. A downloaded MediaMTX is kept.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"

"$ROOT/deploy/scripts/down.sh"
"$ROOT/deploy/scripts/cluster-down.sh"
# Only folders with a project beside them: a bin or obj of another origin is not ours to remove.
find "$ROOT" -name '*.csproj' -not -path '*/.git/*' -not -path '*/bin/*' -not -path '*/obj/*' | while IFS= read -r project; do
  folder=$(dirname "$project")
  rm -rf "${folder:?}/bin" "${folder:?}/obj" "${folder:?}/TestResults"
done
for part in bin bench build cluster data logs pids test verify coverage lock; do rm -rf "${RUN:?}/$part"; done
rmdir "$RUN" 2>/dev/null || true
