# shellcheck shell=bash disable=SC2034
# What the scripts of the Arch package know of it. Made from a recipe; sourced by arch-build.sh and arch-install.sh.
NAME=tool-debian
VERSION=1.2.3
RELEASE=3
# As pacman writes it before the version; empty without one.
VERSION_EPOCH=2:
ARCHITECTURE=x86_64
# Seconds since 1970: the time of everything in the package.
EPOCH=1763596800
PACKAGER='gfxbake <packages@gfxbake.invalid>'
# For makepkg's COMPRESSZST. A window of 2^27 bytes is the widest that every reader takes without an option. Threads do not change a
# byte, but being one thread (--single-thread) does. Figures: docs/packages.md.
ZSTD=(zstd -c -q -T0 -10 --long=27 -)
# The files that stand beside the bundle: mode and place.
FILES=(
  '0755 '/usr/bin/tool
  '0644 '/usr/lib/systemd/system/tool.service
  '0644 '/usr/lib/sysusers.d/tool.conf
  '0644 '/etc/tool.env
)
CONFIGS=(
  /etc/tool.env
)
UNITS=(
  tool.service
)
HINTS=(
  'Edit /etc/tool.env, then: systemctl enable --now tool'
  'It'\''s 100 % yours.'
)
