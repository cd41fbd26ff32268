# The tracing image: the full image + strace + the null GPU under /opt/gfxbake. Neither the full nor the minimal image
# ever holds these; the minimal image gets them bind-mounted read-only at /opt/gfxbake for its verification.
#
#   FULL      the image to trace
#   BASE      the base image that FULL was made from; the kit's C library must not be newer than FULL's
#   RUN_USER  the user of the full image
#   INSTALL_COMPILER  where the base has no apt-get: what installs gcc and the C library's headers in BASE
#   INSTALL_STRACE    the same for strace, in FULL
ARG BASE
ARG FULL

FROM ${BASE} AS nullgpu
ARG INSTALL_COMPILER
RUN if [ -n "${INSTALL_COMPILER}" ]; then eval "${INSTALL_COMPILER}"; else \
        apt-get -o Acquire::Check-Valid-Until=false update \
     && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev \
     && apt-get clean && rm -rf /var/lib/apt/lists/*; fi
COPY nullgpu.c /src/
RUN mkdir -p /opt/gfxbake/nullgpu \
 && gcc -std=c11 -O2 -Wall -Wextra -Werror -fvisibility=hidden -shared -fPIC -Wl,--build-id=none \
        -o /opt/gfxbake/nullgpu/libnullgpu.so /src/nullgpu.c

# Enough where no workload wants a GPU.
FROM ${FULL} AS strace
USER root
ARG INSTALL_STRACE
RUN if [ -n "${INSTALL_STRACE}" ]; then eval "${INSTALL_STRACE}"; else \
        apt-get -o Acquire::Check-Valid-Until=false update \
     && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace \
     && apt-get clean && rm -rf /var/lib/apt/lists/*; fi
ARG RUN_USER
RUN : "${RUN_USER:?}"
USER ${RUN_USER}

FROM strace AS trace
COPY --from=nullgpu /opt/gfxbake /opt/gfxbake
COPY topology /opt/gfxbake/topology
# What the kit needs must come from the image under test.
RUN missing=$(ldd /opt/gfxbake/nullgpu/libnullgpu.so | grep 'not found'); \
    if [ -n "$missing" ]; then echo "the kit needs what the full image lacks: $missing" >&2; exit 1; fi
