# What makes and tries Fedora packages: the same for all recipes, so the engine keeps it.
#
#   BASE    what the tools come from: Fedora's own image, or a bare Debian sid
#   DEBIAN  a bare Debian sid, which the shell of the installation test comes from
#
# Target `root` is the alternate root, `tools` has rpm and dnf.
ARG BASE
ARG DEBIAN

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
