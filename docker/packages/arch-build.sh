#!/bin/bash
# Makes the package and its .SRCINFO in /out from what lies in /src. Runs as a user that is not root and needs no network.
#
#   /src/PKGBUILD   and all files that it names as its sources
#   /src/facts.sh   ARCHITECTURE, EPOCH, PACKAGER, ZSTD
#   /build          where makepkg works; its name stands in the package, so it is always the same, and is left empty
set -euo pipefail
# shellcheck source=/dev/null
. /src/facts.sh
seconds=$SECONDS

# Everything that a machine's own configuration could change in the package is said here; makepkg reads no other file when it is
# given one. PKGEXT of Debian is .tar.gz, and its options are not Arch's. No agents: nothing is to be fetched.
{
  echo "CARCH=$ARCHITECTURE CHOST=$ARCHITECTURE-pc-linux-gnu"
  echo "DLAGENTS=() VCSCLIENTS=()"
  echo "BUILDENV=(!distcc !color !ccache check !sign)"
  echo "OPTIONS=(strip docs !libtool !staticlibs emptydirs zipman purge !debug !lto !autodeps)"
  echo "INTEGRITY_CHECK=(sha256)"
  echo "PKGEXT=.pkg.tar.zst SRCEXT=.src.tar.gz"
  echo "COMPRESSZST=(${ZSTD[*]@Q})"
  echo "PACKAGER=${PACKAGER@Q}"
  echo "BUILDDIR=/build PKGDEST=/out SRCDEST=/build LOGDEST=/build"
} > /build/makepkg.conf

# fakeroot closes every number that a file can have, one by one: with an engine's limit of a thousand million that takes hours.
ulimit -Sn 1024
export SOURCE_DATE_EPOCH=$EPOCH LC_ALL=C.UTF-8 TZ=UTC
cd /src
# Debian has no database of pacman's packages, and the package is not compiled, so dependencies are a matter of its installation.
if ! makepkg --config /build/makepkg.conf --nodeps --noconfirm --nocolor > /build/makepkg.log 2>&1; then
  cat /build/makepkg.log
  echo "gfxbake: makepkg failed; the reason stands above" >&2
  exit 1
fi
cat /build/makepkg.log
# makepkg only warns of files that name the place of their build, of a backup= that is not in the package and the like.
if grep 'WARNING:' /build/makepkg.log | grep -vF 'Skipping dependency checks' >&2; then
  echo "gfxbake: makepkg warned of the above" >&2
  exit 1
fi
makepkg --config /build/makepkg.conf --printsrcinfo > /out/.SRCINFO

packages=(/out/*.pkg.tar.zst)
if [[ ${#packages[@]} -ne 1 || ! -s ${packages[0]} ]]; then
  echo "gfxbake: makepkg was to make one package; /out has: ${packages[*]}" >&2
  exit 1
fi
# The copies of the bundle would double the image.
rm -rf /build/*
echo "gfxbake: ${packages[0]##*/}: $(stat -c %s "${packages[0]}") bytes in $((SECONDS - seconds)) s"
