# The full image of a variant that is compiled, with ROCm from one of TheRock's tarballs. Versions and packages come from the recipe.
#
#   BASE                the base image
#   rocm.tar.gz         the tarball, in the build context; gfxbake has checked its SHA-256
#   ROCM_LICENCE        SPDX expression of what it holds
#   SYSTEM_PACKAGES     what of the distribution ROCm needs
#   TOOLCHAIN_PACKAGES  what compiles the program, besides the tarball's own compiler
#   RUNTIME_PACKAGES    what else the program needs when it runs
#   HIP_COMPILER, CODE_TARGET, JOBS, PACKAGE_NAME, PACKAGE_VERSION, LICENCE: see compile.sh
#   RUN_UID             number of the user that the image runs as
ARG BASE

# ROCm is a layer of its own: another llama.cpp does not install it again. What the tarball brings becomes a package, so that it has an owner
# and licences; all in one step, so that the tarball is in no layer.
FROM ${BASE} AS rocm
ARG SYSTEM_PACKAGES
ARG ROCM_LICENCE
COPY package.sh rocm-prefix.sh /gfxbake/
# Versions that the recipe holds, and the state of the archive that was asked for (--refresh): another text, another layer.
COPY apt-preferences /etc/apt/preferences.d/gfxbake
RUN --mount=type=bind,source=rocm.tar.gz,target=/rocm.tar.gz \
    : "${SYSTEM_PACKAGES:?}" "${ROCM_LICENCE:?}" \
 && printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n' > /etc/apt/apt.conf.d/90gfxbake \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${SYSTEM_PACKAGES} \
 && mkdir -p /unpacked/opt/rocm && tar -xzf /rocm.tar.gz -C /unpacked/opt/rocm --no-same-owner \
 && { [ -d /unpacked/opt/rocm/lib ] || { echo "gfxbake: the tarball has no folder lib at its top but: $(ls -m /unpacked/opt/rocm)" >&2; exit 1; }; } \
 && { [ -s /unpacked/opt/rocm/.info/version ] || { echo "gfxbake: the tarball does not say its version in .info/version" >&2; exit 1; }; } \
 && find /unpacked/opt/rocm -type f -path '*/share/doc/*' \( -iname 'LICENSE*' -o -iname 'LICENCE*' -o -iname 'COPYING*' -o -iname 'NOTICE*' \) -print0 | sort -z > /unpacked.licences \
 && COMPRESSION=zstd xargs -0 -a /unpacked.licences bash /gfxbake/package.sh therock "$(cat /unpacked/opt/rocm/.info/version)" "$ROCM_LICENCE" /unpacked /therock.deb \
 && rm -r /unpacked /unpacked.licences \
 && dpkg --install /therock.deb && rm /therock.deb \
 && bash /gfxbake/rocm-prefix.sh \
 && apt-get clean && rm -rf /gfxbake /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log

FROM rocm AS toolchain
ARG TOOLCHAIN_PACKAGES
RUN : "${TOOLCHAIN_PACKAGES:?}" \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${TOOLCHAIN_PACKAGES} \
 && apt-get clean && rm -rf /var/lib/apt/lists/*

FROM toolchain AS compile
ARG HIP_COMPILER
ARG CODE_TARGET
ARG PACKAGE_NAME
ARG PACKAGE_VERSION
ARG LICENCE
ARG JOBS
ENV ROCM_PATH=/opt/rocm CMAKE_PREFIX_PATH=/opt/rocm
COPY compile.sh package.sh cmake-options /gfxbake/
COPY source /src
RUN --mount=type=cache,id=gfxbake-ccache,target=/ccache bash /gfxbake/compile.sh

FROM rocm AS full
ARG RUNTIME_PACKAGES
RUN : "${RUNTIME_PACKAGES:?}" \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${RUNTIME_PACKAGES} \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log
# Not by a mount: podman 4.3 mounts nothing of a stage that it has cached.
COPY --from=compile /out /out
# The groups own /dev/dri and /dev/kfd on most hosts; where the numbers differ, docker run --group-add gives them.
# The home is where comgr caches the kernels that it compiles.
ARG RUN_UID
RUN : "${RUN_UID:?}" \
 && dpkg --install /out/*.deb && rm -r /out \
 && ldconfig && rm -rf /var/cache/ldconfig/aux-cache /var/log/dpkg.log \
 && (getent group render > /dev/null || groupadd --system render) \
 && groupadd --gid "${RUN_UID}" gfxbake \
 && useradd --uid "${RUN_UID}" --gid "${RUN_UID}" --groups video,render --home-dir /var/lib/gfxbake --create-home --skel /nonexistent --shell /usr/sbin/nologin gfxbake
# gfxbake: the recipe's metadata
