# shellcheck shell=bash disable=SC2034
# What the scripts beside this file need to know of the package.
NAME=tool-debian
VERSION=1.2.3
RELEASE=3
# As rpm writes it before the version; empty without one.
VERSION_EPOCH=2:
ARCHITECTURE=x86_64
EPOCH=1763596800
HOME_FOLDER=/usr/lib/tool-debian
CONFIGS=( /etc/tool.env )
UNITS=( tool.service )
TARGETS=( /usr/bin/tool /usr/lib/systemd/system/tool.service /usr/lib/sysusers.d/tool.conf /etc/tool.env )
MODES=( 0755 0644 0644 0644 )
# For rpm's _binary_payload.
COMPRESSION=w10T2L27.zstdio
