#!/usr/bin/env bash
# Makes room on a hosted runner, whose disk is mostly full of tools for other projects. A build needs 22 GB, one that compiles more.
set -euo pipefail

# What this removes, nobody wants removed from a machine of his own.
if [[ ${RUNNER_ENVIRONMENT:-} != github-hosted ]]; then
  echo "free-disk.sh: not on a hosted runner, nothing removed"
  exit 0
fi

df -h /
# Not the .NET SDK, not the browsers: the build and the tests use them.
sudo rm -rf -- /usr/local/lib/android /usr/local/.ghcup /opt/ghc /usr/share/swift /opt/hostedtoolcache/CodeQL /usr/local/share/powershell /usr/local/julia* /opt/az
sudo docker image prune --all --force > /dev/null
df -h /
