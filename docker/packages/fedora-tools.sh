#!/bin/bash
# Installs what makes, checks and installs RPM packages, where the image lacks it: Fedora's own image, or a bare Debian sid.
# Makes the user that the package is built as: a spec is a program, and a good one needs no root.
set -euo pipefail
lacking=
for tool in rpmbuild rpmlint dnf createrepo_c zstd useradd runuser systemd-sysusers; do
  command -v "$tool" > /dev/null || lacking="$lacking $tool"
done

if [ -n "$lacking" ]; then
  if command -v apt-get > /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    # An archive copy that stands still has an expired Release file; its signature is checked all the same.
    apt-get -o Acquire::Check-Valid-Until=false update
    apt-get install --yes --no-install-recommends rpm rpmlint dnf createrepo-c zstd passwd util-linux systemd-standalone-sysusers
    apt-get clean
    rm -rf /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log
  elif command -v dnf > /dev/null; then
    dnf --assumeyes --setopt=install_weak_deps=False install rpm-build rpmlint createrepo_c zstd tar findutils shadow-utils util-linux systemd-rpm-macros /usr/bin/systemd-sysusers
    dnf clean all
  else
    echo "gfxbake: the image lacks$lacking and has neither apt-get nor dnf to install them; take a Fedora or a Debian image as base" >&2
    exit 1
  fi
fi
for tool in $lacking; do
  command -v "$tool" > /dev/null || { echo "gfxbake: $tool is not there after the installation of the package tools" >&2; exit 1; }
done
# rpm of Debian comes without a database, and warns whenever it reads a package.
[ -e "$(rpm --eval "%{_dbpath}")/rpmdb.sqlite" ] || rpm --initdb
id builder > /dev/null 2>&1 || useradd --create-home builder
echo "gfxbake: $(rpm --version), rpmlint $(rpmlint --version), dnf $(dnf --version | head -n 1)"
