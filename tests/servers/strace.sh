#!/usr/bin/env bash
# Makes sure that strace is there, with which a test watches what reaches the disk, and prints its path. Root installs Debian's; anybody else needs it installed. Fails where it cannot be had.
set -euo pipefail
exec 3>&1 1>&2
fail() { echo "strace.sh: $*"; exit 1; }

if [[ $(id -u) -eq 0 ]]; then
  (
    flock -w 300 9 || fail "another one has been installing strace for 5 minutes"
    if ! command -v strace >/dev/null; then
      export DEBIAN_FRONTEND=noninteractive
      { apt-get -qq update && apt-get -qq install --no-install-recommends strace; } >/dev/null || fail "apt-get could not install strace"
    fi
  ) 9>/var/lock/asha-strace.lock
fi
command -v strace >&3 || fail "strace is not installed: apt-get install strace (root's tests do it)"
