#!/usr/bin/env bash
# make backup FILE=path: writes what the store holds to a new file, whether the silo runs or not.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/build-lib.sh"
. "$(dirname "$0")/postgres.sh"

file=${1:-}
[ -n "$file" ] || die "which file? make backup FILE=/srv/backups/streams-$(date +%Y%m%d).backup"
[ -d "$(dirname "$file")" ] || die "there is no folder $(dirname "$file")"

# shellcheck disable=SC2086 # names are to be split
keep_to_oneself $SECRETS

if [ "$STREAMS_STORE" = sqlite ]; then
  if [ -z "${STREAMS_SILO_BIN:-}" ] && [ ! -x "$SILO_BIN" ]; then build_silo; fi
  export "${SILO_ENV[@]}"
  exec "${STREAMS_SILO_BIN:-$SILO_BIN}" backup "$file"
fi

[ ! -e "$file" ] || die "$file exists already, and no backup is written over another: give it a new name, with the date in it for example"
need_postgres_programs pg_dump pg_restore
postgres_environment
umask 077
part=$file.$$.part
trap 'rm -f "$part"' EXIT
trap 'exit 130' INT TERM
# Without the silos of a cluster: none of them is there any more when it is restored; and without the keys of sessions, which are secrets.
pg_dump --format=custom --no-password --lock-wait-timeout=10s --exclude-table-data='*.membership' --exclude-table-data='*.membership_versions' \
  --exclude-table-data='*.session_keys' --file="$part" || die "no backup was written to $file: see above. Nothing is left of it, and the store is as it was"
# What cannot be read back is no backup.
contents=$(pg_restore --list "$part") || die "no backup was written to $file: it could not be read back"
is_streams_dump <<<"$contents" || die "no backup was written to $file: the database $PGDATABASE has no table of streams. No silo has used it yet, or it is another program's"
mv "$part" "$file"
say "Backed up the database $PGDATABASE at $PGHOST to $file ($(wc -c <"$file" | tr -d ' ') bytes)."
