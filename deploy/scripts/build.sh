#!/usr/bin/env bash
# make build: the whole solution in Release, and the hook as a native executable.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"

"$ROOT/deploy/scripts/setup.sh"
build_all
