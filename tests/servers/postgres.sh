#!/usr/bin/env bash
# A PostgreSQL server of the tests' own, in FOLDER, on a free port of 127.0.0.1, with a password:
#   postgres.sh start FOLDER    prints the connection string (one line, all else goes to stderr)
#   postgres.sh stop FOLDER     ends the server; what it holds stays
#   postgres.sh restart FOLDER  as start does, on the port it had
# Root installs Debian's `postgresql` if it is missing and runs the server as a user of its own, since the server
# refuses root; anybody else needs it installed and runs it as himself. FOLDER is the script's: new or from an earlier start.
set -euo pipefail
exec 3>&1 1>&2                                     # 3: the caller's stdout, for the connection string alone

fail() { echo "postgres.sh: $*"; exit 1; }
[[ $# -eq 2 && $1 =~ ^(start|stop|restart)$ ]] || fail "usage: postgres.sh start|stop|restart FOLDER"
verb=$1; mkdir -p "$2"; folder=$(realpath "$2"); data=$folder/data; owner=$(id -un)

bin() { compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1 | xargs -r dirname || true; }

if [[ $(id -u) -eq 0 ]]; then
  owner=asha-postgres
  (                                                # one at a time: test classes start side by side
    flock -w 300 9 || fail "another one has been installing PostgreSQL for 5 minutes"
    if [[ -z $(bin) ]]; then
      export DEBIAN_FRONTEND=noninteractive
      mkdir -p /etc/postgresql-common              # else Debian starts a server of its own
      [[ -e /etc/postgresql-common/createcluster.conf ]] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
      { apt-get -qq update && apt-get -qq install --no-install-recommends postgresql; } >/dev/null || fail "apt-get could not install postgresql"
    fi
    id -u "$owner" >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$owner"
  ) 9>/var/lock/asha-postgres.lock
fi
bin=$(bin); [[ -n $bin ]] || fail "PostgreSQL is not installed: apt-get install postgresql (root's start does it)"

# As the server's user, from a folder that it may enter.
as() { cd /; if [[ $(id -u) -eq 0 ]]; then setpriv --reuid "$owner" --regid "$owner" --clear-groups -- "$@"; else "$@"; fi; }

# The folder names its server's process. After a reboot that id may be another's: a server works in its data folder.
running() { local pid; pid=$(as head -1 "$data/postmaster.pid" 2>/dev/null) && [[ $(as readlink "/proc/$pid/cwd") == "$data" ]]; }
# At once, as a power cut would: what a client was told is on the disk, and no other client is waited for.
stop() { ! running || as "$bin/pg_ctl" -D "$data" -m immediate -t 30 -w stop >/dev/null; }
free_port() { # below the range from which the kernel gives ports to clients
  local port; for _ in $(seq 200); do port=$((20000 + RANDOM % 12000)); (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }; done; return 1
}

create() {
  (umask 077; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > "$folder/password")
  if [[ $(id -u) -eq 0 ]]; then
    chown -R "$owner" "$folder"
    as test -x "$folder" || fail "user $owner may not enter $folder: choose a folder below /tmp"
  fi
  rm -rf "$data.new"                               # of a start that was cut off
  as "$bin/initdb" -D "$data.new" -U asha -A scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C --no-sync >/dev/null
  mv "$data.new" "$data"
}

# The server's listen socket decides whose the port is: if it was taken meanwhile, another is tried.
launch() {
  as "$bin/pg_ctl" -D "$data" -l "$folder/log" -t 60 -w start \
    -o "-p $1 -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=30" >/dev/null 3>&- 9>&-
}

serve() {
  running && return
  if [[ -s $folder/port ]]; then
    launch "$(<"$folder/port")" && return          # clients know this port
    fail "no start on the port it had, $(<"$folder/port"): $(tail -3 "$folder/log")"
  fi
  for _ in 1 2 3 4 5; do
    port=$(free_port); if launch "$port"; then echo "$port" > "$folder/port"; return; fi
  done
  fail "no server: $(tail -5 "$folder/log")"
}

if [[ $verb == stop ]]; then [[ ! -d $data ]] || stop; exit 0; fi
[[ $verb != restart || -d $data ]] || fail "nothing to restart in $folder: start it first"
[[ $verb != restart ]] || stop
[[ -s $data/PG_VERSION ]] || create
serve
echo "Host=127.0.0.1;Port=$(<"$folder/port");Database=postgres;Username=asha;Password=$(<"$folder/password")" >&3
