# The Arch package of a bundle: made with makepkg, then installed, upgraded and removed with pacman in a root that has nothing else.
# gfxbake puts a copy of this file, of arch-*.sh, of the rendered templates and of the bundle into one folder.
#
#   BASE    has makepkg and pacman: Arch's own base-devel, or Debian, which gets them
#   DEBIAN  a Debian that the alternate root's shell is taken from
#   NEWER   an image with a later package of the same name at its top, for the test of an upgrade; or none, then there is no such test
ARG BASE
ARG DEBIAN
ARG NEWER

# A shell and the folders of an Arch system, and no C library: what runs here needs nothing of its host.
# Arch's own pacman starts scriptlets with /usr/bin/bash, Debian's with /bin/sh. pacman takes away empty folders of a package that
# goes if no other package owns them, so /usr/lib holds a file, as it does on every system.
FROM ${DEBIAN} AS root
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends busybox-static \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /root-fs/usr/bin /root-fs/usr/lib /root-fs/etc /root-fs/root /root-fs/var/lib /root-fs/proc /root-fs/sys /root-fs/dev /root-fs/run \
 && install -d -m 1777 /root-fs/tmp \
 && ln -s usr/bin /root-fs/bin && ln -s usr/bin /root-fs/sbin && ln -s bin /root-fs/usr/sbin \
 && ln -s usr/lib /root-fs/lib && ln -s usr/lib /root-fs/lib64 && ln -s lib /root-fs/usr/lib64 \
 && cp "$(command -v busybox)" /root-fs/usr/bin/busybox \
 && for applet in $(busybox --list); do [ -e "/root-fs/usr/bin/$applet" ] || ln -s busybox "/root-fs/usr/bin/$applet"; done \
 && if [ ! -e /root-fs/usr/bin/bash ]; then printf '#!/bin/sh\nexec /bin/sh "$@"\n' > /root-fs/usr/bin/bash && chmod 0755 /root-fs/usr/bin/bash; fi \
 && printf 'ID=gfxbake-root\nNAME="A shell and nothing else"\n' > /root-fs/usr/lib/os-release \
 && printf 'root:x:0:0::/root:/bin/sh\n' > /root-fs/etc/passwd \
 && printf 'root:x:0:root\nrender:x:989:\nvideo:x:985:\n' > /root-fs/etc/group

FROM ${BASE} AS tools
COPY arch-tools.sh /gfxbake/
RUN bash /gfxbake/arch-tools.sh

FROM tools AS build
COPY --chown=builder:builder . /src/
USER builder
RUN bash /src/arch-build.sh

FROM scratch AS package
COPY --from=build /out/ /

FROM scratch AS none
COPY facts.sh /

FROM ${NEWER} AS newer

FROM tools AS install
COPY --from=root /root-fs /root-fs
COPY --from=package / /packages/
COPY --from=newer / /packages/newer/
COPY arch-install.sh facts.sh /gfxbake/
RUN set -- /packages/newer/*.pkg.tar.zst && if [ ! -e "$1" ]; then shift; fi \
 && bash /gfxbake/arch-install.sh /packages/*.pkg.tar.zst "$@"

FROM scratch AS installed
COPY --from=install /root-fs /
