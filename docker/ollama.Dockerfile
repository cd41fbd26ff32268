# The full image of a variant that compiles Ollama, with ROCm from Debian's packages. Versions and packages come from the recipe.
#
#   BASE               the base image
#   ROCM_SUITE         the suite that has this ROCm; left out, the base's own has it
#   ROCM_PACKAGES      what the program needs of ROCm when it runs
#   TOOLCHAIN_PACKAGES what compiles it: HIP, C++ and Go
#   ROCR_SUITE         where ROCm's own ROCr is too old: the suite that has a newer one; left out together with
#   ROCR_PACKAGES      the packages that are taken from it when everything is compiled, and nothing else is
#   RUNTIME_PACKAGES   what else the program needs when it runs
#   HIP_COMPILER, RUNNER, CODE_TARGET, JOBS, PACKAGE_NAME, PACKAGE_VERSION, LICENCE: see ollama.sh
#   RUN_UID            number of the user that the image runs as
ARG BASE

# ROCm is a layer of its own: another Ollama does not install it again.
FROM ${BASE} AS rocm
ARG ROCM_SUITE
ARG ROCM_PACKAGES
COPY suite.sh /gfxbake/
# Versions that the recipe holds, and the state of the archive that was asked for (--refresh): another text, another layer.
COPY apt-preferences /etc/apt/preferences.d/gfxbake
# An archive copy that stands still has an expired Release file; its signature is checked all the same.
# The package files go in the same step, or they would stay in the layer below.
RUN : "${ROCM_PACKAGES:?}" \
 && printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n' > /etc/apt/apt.conf.d/90gfxbake \
 && export DEBIAN_FRONTEND=noninteractive \
 && if [ -n "$ROCM_SUITE" ]; then bash /gfxbake/suite.sh add "$ROCM_SUITE"; fi \
 && apt-get update \
 && apt-get install --yes ${ROCM_SUITE:+--target-release "$ROCM_SUITE"} ${ROCM_PACKAGES} \
 && apt-get clean && rm -rf /gfxbake /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log

FROM rocm AS toolchain
ARG ROCM_SUITE
ARG TOOLCHAIN_PACKAGES
RUN : "${TOOLCHAIN_PACKAGES:?}" \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${ROCM_SUITE:+--target-release "$ROCM_SUITE"} ${TOOLCHAIN_PACKAGES} \
 && apt-get clean && rm -rf /var/lib/apt/lists/*

FROM toolchain AS compile
ARG HIP_COMPILER
ARG RUNNER
ARG CODE_TARGET
ARG PACKAGE_NAME
ARG PACKAGE_VERSION
ARG LICENCE
ARG JOBS
COPY package.sh cmake-options /gfxbake/
COPY source /src/ollama
# The other sources, where the recipe has some: a pattern without a match is none's fault as long as the line has a file that is there.
COPY ollama.sh source[s] /src/
RUN --mount=type=cache,id=gfxbake-ccache,target=/ccache --mount=type=cache,id=gfxbake-go,target=/go bash /src/ollama.sh

# The newer ROCr goes over the older one only here: the toolchain's headers want the one that they belong to.
FROM rocm AS runtime
ARG ROCR_SUITE
ARG ROCR_PACKAGES
ARG RUNTIME_PACKAGES
COPY suite.sh /gfxbake/
RUN : "${RUNTIME_PACKAGES:?}" \
 && export DEBIAN_FRONTEND=noninteractive \
 && if [ -n "${ROCR_SUITE}${ROCR_PACKAGES}" ]; then \
        : "${ROCR_SUITE:?}" "${ROCR_PACKAGES:?}" \
     && bash /gfxbake/suite.sh add "$ROCR_SUITE" \
     && apt-get update \
     && apt-get install --yes --target-release "$ROCR_SUITE" ${ROCR_PACKAGES} \
     && bash /gfxbake/suite.sh remove "$ROCR_SUITE"; fi \
 && apt-get update \
 && apt-get install --yes ${RUNTIME_PACKAGES} \
 && apt-get clean && rm -rf /gfxbake /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log

FROM runtime AS full
# Not by a mount: podman 4.3 mounts nothing of a stage that it has cached.
COPY --from=compile /out /out
# The groups own /dev/dri and /dev/kfd on most hosts; where the numbers differ, docker run --group-add gives them.
# The home is where models lie and where comgr caches the kernels that it compiles.
ARG RUN_UID
RUN : "${RUN_UID:?}" \
 && dpkg --install /out/*.deb && rm -r /out \
 && ldconfig && rm -rf /var/cache/ldconfig/aux-cache /var/log/dpkg.log \
 && (getent group render > /dev/null || groupadd --system render) \
 && groupadd --gid "${RUN_UID}" ollama \
 && useradd --uid "${RUN_UID}" --gid "${RUN_UID}" --groups video,render --home-dir /var/lib/ollama --create-home --skel /nonexistent --shell /usr/sbin/nologin ollama
# gfxbake: the recipe's metadata
