# shellcheck shell=bash disable=SC2034
# PostgreSQL's own programs, for the scripts that source this file after env.sh and lib.sh.

# need_postgres_programs NAME...
need_postgres_programs() {
  local program
  for program; do
    has "$program" || die "$program is not installed, and with STREAMS_STORE=postgres it is needed: install PostgreSQL's client programs, of the server's version or later (Debian: postgresql-client)"
  done
}

# Reads STREAMS_STORE_CONNECTION, which is written for Npgsql (Name=value;Name="va;lue"), into the variables that PostgreSQL's programs read: a
# password must not stand in the list of processes. Messages never have the string, or a part of it.
postgres_environment() {
  local rest=$STREAMS_STORE_CONNECTION name value quote
  [ -n "$rest" ] || die 'STREAMS_STORE_CONNECTION is empty: with STREAMS_STORE=postgres it says where the database is, for example Host=db;Database=streams;Username=streams;Password=...'
  unset PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD PGOPTIONS PGSERVICE
  export PGAPPNAME='backup of streams' PGCONNECT_TIMEOUT=10
  while :; do
    while :; do case $rest in [[:space:]\;]*) rest=${rest#?} ;; *) break ;; esac; done
    [ -n "$rest" ] || break
    case $rest in *=*) ;; *) die 'STREAMS_STORE_CONNECTION cannot be read: it ends with a name that has no value' ;; esac
    name=${rest%%=*}
    rest=${rest#*=}
    rest=${rest#"${rest%%[![:space:]]*}"}
    case $rest in
      \'* | \"*)
        quote=${rest%"${rest#?}"}
        rest=${rest#?}
        value=''
        while :; do # a quote that is doubled is one that stands in the value
          case $rest in *"$quote"*) ;; *) die 'STREAMS_STORE_CONNECTION cannot be read: a quote is not closed' ;; esac
          value=$value${rest%%"$quote"*}
          rest=${rest#*"$quote"}
          case $rest in "$quote"*) value=$value$quote rest=${rest#?} ;; *) break ;; esac
        done
        case $rest in '' | [[:space:]\;]*) ;; *) die 'STREAMS_STORE_CONNECTION cannot be read: something follows a closing quote' ;; esac
        ;;
      *)
        value=${rest%%;*}
        rest=${rest#"$value"}
        value=${value%"${value##*[![:space:]]}"}
        ;;
    esac
    postgres_setting "$name" "$value"
  done
  [ -n "${PGHOST:-}" ] || die 'STREAMS_STORE_CONNECTION names no Host'
  # As Npgsql does.
  export PGUSER=${PGUSER:-$(id -un)}
  export PGDATABASE=${PGDATABASE:-$PGUSER}
}

# One of Npgsql's settings. Those that say how Npgsql works (Pooling, Timeout...) are nothing to PostgreSQL's programs.
postgres_setting() { # name, value
  local name
  name=$(printf '%s' "$1" | tr -d '[:space:]_' | tr '[:upper:]' '[:lower:]')
  case $name in
    host | server)
      export PGHOST=$2
      case $2 in *:*:*) ;; *:*) export PGHOST=${2%:*} PGPORT=${2##*:} ;; esac
      ;;
    port) export PGPORT=$2 ;;
    database | db) export PGDATABASE=$2 ;;
    username | userid | user | uid) export PGUSER=$2 ;;
    password | psw | pwd) export PGPASSWORD=$2 ;;
    passfile) export PGPASSFILE=$2 ;;
    sslmode)
      case $(printf '%s' "$2" | tr '[:upper:]' '[:lower:]') in
        verifyca | verify-ca) export PGSSLMODE=verify-ca ;;
        verifyfull | verify-full) export PGSSLMODE=verify-full ;;
        *) PGSSLMODE=$(printf '%s' "$2" | tr '[:upper:]' '[:lower:]') && export PGSSLMODE ;;
      esac
      ;;
    rootcertificate) export PGSSLROOTCERT=$2 ;;
    sslcertificate) export PGSSLCERT=$2 ;;
    sslkey) export PGSSLKEY=$2 ;;
    searchpath) export PGOPTIONS="-c search_path=${2//[[:space:]]/}" ;;
    options) export PGOPTIONS=$2 ;;
  esac
}

# Whether the list of a dump's contents, on standard input, has the tables of streams.
is_streams_dump() {
  local list
  list=$(cat)
  grep -q ' TABLE DATA [^ ]* streams ' <<<"$list" && grep -q ' TABLE DATA [^ ]* schema_version ' <<<"$list"
}

ask_postgres() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$1"; }
