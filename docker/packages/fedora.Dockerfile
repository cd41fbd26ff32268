# The Fedora package: built and checked by rpm, installed by rpm and by dnf into a root that has nothing but a shell.
# The context has everything that is of the recipe: the bundle, the small files, package.spec and facts.sh.
#
#   BASE               what the tools come from: docker.io/library/fedora:43, or a bare Debian sid
#   DEBIAN             a bare Debian sid, which the shell of the installation test comes from
#   NEWER              an image of target `package` with a higher release and another default configuration, to prove the upgrade; none: scratch
#   SOURCE_DATE_EPOCH  the time of everything in the package; empty: the one of facts.sh
#
# Target `package` is what is published, `installed` the root with the package in it.
ARG BASE
ARG DEBIAN
ARG NEWER=scratch

# No C library, no loader, no systemd: what runs here needs nothing of the host.
FROM ${DEBIAN} AS root
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends busybox-static \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
# /bin is /usr/bin, as on Fedora. The groups own /dev/kfd and /dev/dri; systemd's sysusers.d makes them there.
RUN mkdir -p /root-fs/usr/bin /root-fs/usr/sbin /root-fs/etc /root-fs/dev /root-fs/proc /root-fs/sys /root-fs/var/lib \
 && ln -s usr/bin /root-fs/bin && ln -s usr/sbin /root-fs/sbin \
 && install -d -m 1777 /root-fs/tmp /root-fs/var/tmp && install -d -m 700 /root-fs/root \
 && cp -L /bin/busybox /root-fs/usr/bin/busybox \
 && for applet in $(/bin/busybox --list); do [ -e "/root-fs/usr/bin/$applet" ] || ln -s busybox "/root-fs/usr/bin/$applet"; done \
 && echo 'root:x:0:0:root:/root:/bin/sh' > /root-fs/etc/passwd \
 && printf 'root:x:0:\nvideo:x:39:\nrender:x:105:\n' > /root-fs/etc/group

FROM ${BASE} AS tools
COPY fedora-tools.sh /gfxbake/
RUN bash /gfxbake/fedora-tools.sh

# The sources are copied, not mounted: podman's cache does not see a change of what is mounted.
FROM tools AS build
ARG SOURCE_DATE_EPOCH
COPY . /src
RUN bash /src/fedora-build.sh /src /out

FROM scratch AS package
COPY --from=build /out/ /

FROM ${NEWER} AS newer

FROM tools AS install
COPY --from=root /root-fs /root-fs
COPY fedora-install.sh facts.sh /gfxbake/
COPY --from=package / /packages
COPY --from=newer / /packages/newer
RUN bash /gfxbake/fedora-install.sh /root-fs /packages

FROM scratch AS installed
COPY --from=install /root-fs /
