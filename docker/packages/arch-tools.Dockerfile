# What makes and tries Arch packages: the same for all recipes, so the engine keeps it.
#
#   BASE    has makepkg and pacman: Arch's own base-devel, or Debian, which gets them
#   DEBIAN  a Debian that the alternate root's shell is taken from
#
# Target `root` is the alternate root, `tools` has makepkg and pacman.
ARG BASE
ARG DEBIAN

# A shell and the folders of an Arch system, and no C library: what runs here needs nothing of its host.
# Arch's own pacman starts scriptlets with /usr/bin/bash, Debian's with /bin/sh. pacman takes away empty folders of a package that
# goes if no other package owns them, so /usr/lib and /etc/default hold a file, as they do on every system.
FROM ${DEBIAN} AS root
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends busybox-static \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /root-fs/usr/bin /root-fs/usr/lib /root-fs/etc /root-fs/root /root-fs/var/lib /root-fs/proc /root-fs/sys /root-fs/dev /root-fs/run /root-fs/etc/default \
 && install -d -m 1777 /root-fs/tmp \
 && ln -s usr/bin /root-fs/bin && ln -s usr/bin /root-fs/sbin && ln -s bin /root-fs/usr/sbin \
 && ln -s usr/lib /root-fs/lib && ln -s usr/lib /root-fs/lib64 && ln -s lib /root-fs/usr/lib64 \
 && cp "$(command -v busybox)" /root-fs/usr/bin/busybox \
 && for applet in $(busybox --list); do [ -e "/root-fs/usr/bin/$applet" ] || ln -s busybox "/root-fs/usr/bin/$applet"; done \
 && if [ ! -e /root-fs/usr/bin/bash ]; then printf '#!/bin/sh\nexec /bin/sh "$@"\n' > /root-fs/usr/bin/bash && chmod 0755 /root-fs/usr/bin/bash; fi \
 && printf 'ID=gfxbake-root\nNAME="A shell and nothing else"\n' > /root-fs/usr/lib/os-release \
 && printf 'SHELL=/bin/sh\n' > /root-fs/etc/default/useradd \
 && printf 'root:x:0:0::/root:/bin/sh\n' > /root-fs/etc/passwd \
 && printf 'root:x:0:root\nrender:x:989:\nvideo:x:985:\n' > /root-fs/etc/group

FROM ${BASE} AS tools
COPY arch-tools.sh /gfxbake/
RUN bash /gfxbake/arch-tools.sh
