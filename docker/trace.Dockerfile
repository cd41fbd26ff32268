# The tracing image: the full image + strace + the null GPU under /opt/gfxbake. Neither the full nor the minimal image
# ever holds these; the minimal image gets target `kit` bind-mounted read-only at /opt/gfxbake for its verification.
#
#   FULL         the image to trace
#   BASE         the base image that FULL was made from; the kit's C library must not be newer than FULL's
#   ROCR         whose ROCr the null GPU runs on: own (the image's) or lent (the package below, put over it)
#   HSA_SUITE    the suite whose ROCr has the model mode (ROCm 7 and later)
#   HSA_PACKAGE  its package
#   HSA_VERSION  its exact version
#   RUN_USER     the user of the full image
ARG BASE
ARG FULL
ARG ROCR

FROM ${BASE} AS nullgpu
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY nullgpu.c /src/
RUN mkdir -p /opt/gfxbake/nullgpu \
 && gcc -std=c11 -O2 -Wall -Wextra -Werror -fvisibility=hidden -shared -fPIC -Wl,--build-id=none \
        -o /opt/gfxbake/nullgpu/libnullgpu.so /src/nullgpu.c

# Only the package's files are taken: installing it would pull half of the suite into the image.
FROM ${BASE} AS lent
ARG HSA_SUITE
ARG HSA_PACKAGE
ARG HSA_VERSION
RUN : "${HSA_SUITE:?}" "${HSA_PACKAGE:?}" "${HSA_VERSION:?}" \
 && for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do \
        if [ -f "$list" ]; then sed -E -i "s/^(deb +(\[[^]]*\] +)?[^ ]+ +)[^ ]+/\1$HSA_SUITE/" "$list"; fi; done \
 && for list in /etc/apt/sources.list.d/*.sources; do \
        if [ -f "$list" ]; then sed -E -i "s/^Suites:.*/Suites: $HSA_SUITE/" "$list"; fi; done \
 && mkdir -p /tmp/hsa /opt/gfxbake/nullgpu && cd /tmp/hsa \
 && apt-get -o Acquire::Check-Valid-Until=false update \
 && apt-get -o APT::Sandbox::User=root download "$HSA_PACKAGE=$HSA_VERSION" \
 && dpkg-deb -x "$HSA_PACKAGE"_*.deb root \
 && cp -a root/usr/lib/*/libhsa-runtime64.so.1* /opt/gfxbake/nullgpu/ \
 && test -s /opt/gfxbake/nullgpu/libhsa-runtime64.so.1 \
 && rm -rf /tmp/hsa /var/lib/apt/lists/*

FROM nullgpu AS own

FROM ${ROCR} AS rocr

FROM scratch AS kit
COPY --from=nullgpu /opt/gfxbake /opt/gfxbake
COPY --from=rocr /opt/gfxbake /opt/gfxbake

# Enough where no workload wants a GPU.
FROM ${FULL} AS strace
USER root
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
ARG RUN_USER
RUN : "${RUN_USER:?}"
USER ${RUN_USER}

FROM strace AS trace
COPY --from=kit /opt/gfxbake /opt/gfxbake
COPY topology /opt/gfxbake/topology
# Whatever the kit needs beyond its own files must come from the image under test.
RUN for library in /opt/gfxbake/nullgpu/*.so*; do \
        missing=$(LD_LIBRARY_PATH=/opt/gfxbake/nullgpu ldd "$library" | grep 'not found'); \
        if [ -n "$missing" ]; then echo "the kit needs what the full image lacks: $library: $missing" >&2; exit 1; fi; done
