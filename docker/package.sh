#!/bin/bash
# Makes a Debian package of files that no package owns. Installed by dpkg they have an owner, a version and a licence like all others,
# so what reads the package database (the plan's licences, the SBOM, the report) needs to know nothing of them.
#
#   package.sh NAME VERSION LICENCE ROOT OUT [LICENCE_FILE …]
#
#   LICENCE       SPDX expression of the files
#   ROOT          folder with the files as they are to be installed
#   OUT           the .deb
#   LICENCE_FILE  texts that become the package's copyright file
#   COMPRESSION   of the .deb, none if unset; a .deb that is not compressed can't hold more than 9 GB
set -euo pipefail
name=$1 version=$2 licence=$3 root=$4 out=$5
shift 5

# A version of dpkg starts with a digit and has few other characters; a tag like b8770 sorts before all that do.
version=$(printf '%s' "${version#v}" | tr -c 'A-Za-z0-9.+~-' .)
case $version in [0-9]*) ;; *) version="0~$version" ;; esac

mkdir -p "$root/DEBIAN" "$root/usr/share/doc/$name"
printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: gfxbake\nDescription: %s, made by gfxbake\n' "$name" "$version" "$name" > "$root/DEBIAN/control"
# https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
{
  printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: see the texts of the licence\nLicense: %s\n' "$licence"
  for file; do
    printf ' %s:\n .\n' "$(basename "$file")"
    sed -E 's/[[:space:]]+$//; s/^$/./; s/^/ /' "$file"
    printf ' .\n'
  done
} > "$root/usr/share/doc/$name/copyright"
dpkg-deb --build --root-owner-group -Z"${COMPRESSION:-none}" -z1 "$root" "$out" > /dev/null
