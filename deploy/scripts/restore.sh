#!/usr/bin/env bash
# make restore FILE=path: puts back what make backup wrote. No silo may use the store meanwhile.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/postgres.sh"

file=${1:-}
[ -n "$file" ] || die 'which file? make restore FILE=/srv/backups/streams-20260101.backup'
[ -f "$file" ] || die "there is no file $file to restore"

# shellcheck disable=SC2086 # names are to be split
keep_to_oneself $SECRETS

if [ "$STREAMS_STORE" = sqlite ]; then
  if [ -z "${STREAMS_SILO_BIN:-}" ] && [ ! -x "$SILO_BIN" ]; then build_silo; fi
  export "${SILO_ENV[@]}"
  exec "${STREAMS_SILO_BIN:-$SILO_BIN}" restore "$file"
fi

need_postgres_programs pg_restore psql
postgres_environment
list=$(mktemp)
trap 'rm -f "$list"' EXIT
trap 'exit 130' INT TERM

# The index for searches is left to the silo's next start, since the extension that it needs may be missing here; schemas and extensions are the
# administrator's.
if ! pg_restore --list "$file" 2>/dev/null | grep -v -e ' SCHEMA - ' -e ' - SCHEMA ' -e ' EXTENSION - ' -e ' - EXTENSION ' -e ' INDEX [^ ]* streams_by_part ' >"$list" ||
  ! is_streams_dump <"$list"; then
  die "$file was not restored: it is damaged, or no backup of Streams' database by make backup. The store is as it was"
fi

# The lock by which a silo owns the database, held by this transaction: whoever has it is named, and no silo starts in between.
# shellcheck disable=SC2016 # $$ are PostgreSQL's quotes
check='
DO $$
DECLARE holder text := $q$one that has not recorded its name$q$;
BEGIN
  IF pg_try_advisory_xact_lock(hashtextextended($q$streams owner $q$ || current_schema(), 0)) THEN RETURN; END IF;
  IF to_regclass($q$owner$q$) IS NOT NULL THEN
    EXECUTE $q$SELECT format($f$process %s on host %s, started at %s$f$, pid, host, started_at) FROM owner$q$ INTO holder;
  END IF;
  RAISE EXCEPTION $q$the database is used by a silo: %. Stop it first (make down)$q$, holder;
END $$;'

# All in one transaction: what breaks off is not committed, since COMMIT is the last thing that is said.
{
  printf 'BEGIN;\n%s\n' "$check"
  pg_restore --clean --if-exists --no-owner --use-list="$list" --file=- "$file" && printf 'COMMIT;\n'
} | PGOPTIONS="${PGOPTIONS:-} -c lock_timeout=10s" psql --no-psqlrc --no-password --quiet --output=/dev/null --set ON_ERROR_STOP=1 --set VERBOSITY=terse ||
  die "$file was not restored: see above. The store is as it was"
say "Restored $(ask_postgres 'SELECT count(*) FROM streams') streams from $file to the database $PGDATABASE at $PGHOST."
