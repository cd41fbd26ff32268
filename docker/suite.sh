#!/bin/bash
# Adds a second suite to apt's sources, or takes it out again: suite.sh add|remove SUITE
# The suite is the base's own line or stanza with another name, so a mirror stays the one that the base uses.
set -euo pipefail
action=$1 suite=$2
[[ $suite =~ ^[a-z0-9][a-z0-9.-]*$ ]] || { echo "gfxbake: '$suite' is no name of a suite" >&2; exit 1; }
parts=/etc/apt/sources.list.d
added() { echo "$parts/gfxbake-$suite-$1"; }
shopt -s nullglob

case $action in
  add)
    for list in /etc/apt/sources.list "$parts"/*.list; do
      [ -f "$list" ] || continue
      sed -En "s/^(deb +(\[[^]]*\] +)?[^ ]+ +)[^ ]+( .*)/\1$suite\3/p" "$list" > /tmp/second.list
      if [ -s /tmp/second.list ]; then mv /tmp/second.list "$(added "$(basename "$list" .list).list")"; fi
    done
    for list in "$parts"/*.sources; do sed -E "s/^Suites:.*/Suites: $suite/" "$list" > "$(added "$(basename "$list")")"; done
    rm -f /tmp/second.list
    found=("$(added '')"*)
    [ "${#found[@]}" -gt 0 ] || { echo "gfxbake: apt has no source here of which $suite could be another suite" >&2; exit 1; };;
  remove) rm "$(added '')"*;;
  *) echo "gfxbake: $action is neither add nor remove" >&2; exit 1;;
esac
