# The full image of a Debian variant: everything as the packages give it. Versions and packages come from the recipe.
#
#   BASE                  the base image
#   GPU_PACKAGES          what the program needs when it runs to reach the GPU: ROCm, or Vulkan
#   ROCR_SUITE            where the base's own suite has too old a ROCr: the suite that has a newer one; left out together with
#   ROCR_PACKAGES         the packages that are taken from it, and nothing else is
#   APPLICATION_PACKAGES  the program, and what else it needs when it runs
#   RUN_UID               number of the user that the image runs as
ARG BASE

# What reaches the GPU is a layer of its own: another llama.cpp does not install it again.
FROM ${BASE} AS gpu
ARG GPU_PACKAGES
ARG ROCR_SUITE
ARG ROCR_PACKAGES
COPY suite.sh /gfxbake/
# Versions that the recipe holds, and the state of the archive that was asked for (--refresh): another text, another layer.
COPY apt-preferences /etc/apt/preferences.d/gfxbake
# A newer ROCr goes over the older one in the same step, and its suite goes again: the next stage finds the base's own.
# An archive copy that stands still has an expired Release file; its signature is checked all the same.
# The package files go in the same step, or they would stay in the layer below.
RUN : "${GPU_PACKAGES:?}" \
 && printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n' > /etc/apt/apt.conf.d/90gfxbake \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${GPU_PACKAGES} \
 && if [ -n "${ROCR_SUITE}${ROCR_PACKAGES}" ]; then \
        : "${ROCR_SUITE:?}" "${ROCR_PACKAGES:?}" \
     && bash /gfxbake/suite.sh add "$ROCR_SUITE" \
     && apt-get update \
     && apt-get install --yes --target-release "$ROCR_SUITE" ${ROCR_PACKAGES} \
     && bash /gfxbake/suite.sh remove "$ROCR_SUITE"; fi \
 && apt-get clean && rm -rf /gfxbake /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log

FROM gpu AS full
ARG APPLICATION_PACKAGES
RUN : "${APPLICATION_PACKAGES:?}" \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${APPLICATION_PACKAGES} \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log
# The groups own /dev/dri and /dev/kfd on most hosts; where the numbers differ, docker run --group-add gives them.
# The home is where comgr caches the kernels that it compiles.
ARG RUN_UID
RUN : "${RUN_UID:?}" \
 && (getent group render > /dev/null || groupadd --system render) \
 && groupadd --gid "${RUN_UID}" gfxbake \
 && useradd --uid "${RUN_UID}" --gid "${RUN_UID}" --groups video,render --home-dir /var/lib/gfxbake --create-home --skel /nonexistent --shell /usr/sbin/nologin gfxbake
# gfxbake: the recipe's metadata
