#!/bin/bash
# Puts what makes and installs an Arch package into the image: nothing on Arch's own base-devel, packages of the same tools on Debian.
# Also makes the user that makepkg runs as, because makepkg refuses root, and the folders that are its own.
set -euo pipefail

wanted=(makepkg pacman bsdtar fakeroot zstd file readelf systemd-sysusers)
missing() { for tool in "${wanted[@]}"; do command -v "$tool" > /dev/null || echo "$tool"; done; }

if [[ $(missing) ]] && command -v apt-get > /dev/null; then
  # An archive copy that stands still has an expired Release file; its signature is checked all the same.
  apt-get -o Acquire::Check-Valid-Until=false update
  # systemd-sysusers alone: systemd itself would bring 40 packages.
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    makepkg pacman-package-manager libarchive-tools fakeroot zstd file binutils systemd-standalone-sysusers
  apt-get clean
  rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log
  # Nobody else makes the empty database that makepkg asks for what is installed. An empty one is an error to pacman.
  pacman --query > /dev/null || [[ -d /var/lib/pacman/local ]]
fi
if [[ $(missing) ]]; then
  echo "gfxbake: the image for Arch packages lacks $(missing | paste -sd ' '); use archlinux:base-devel or Debian as its BASE" >&2
  exit 1
fi

# Found by name in COPY --chown and USER.
useradd --create-home --shell /bin/bash builder
install -d -o builder -g builder /src /build /out
