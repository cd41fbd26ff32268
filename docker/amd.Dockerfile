# The full image of a variant that is compiled, with ROCm from AMD's apt repository on Ubuntu. Versions and packages come from the recipe.
#
#   BASE                  the base image
#   ROCM_REPOSITORY       https://repo.radeon.com/rocm/apt
#   ROCM_VERSION          the repository's folder, 7.2.4
#   ROCM_DISTRIBUTION     Ubuntu's name in it, noble
#   ROCM_KEY              where the signing key is
#   ROCM_KEY_FINGERPRINT  of the key that has to have signed; the file at ROCM_KEY changes each time the key's life is extended
#   ROCM_PACKAGES         what the program needs of ROCm when it runs
#   TOOLCHAIN_PACKAGES    what compiles it
#   RUNTIME_PACKAGES      what else the program needs when it runs
#   HIP_COMPILER, CODE_TARGET, JOBS, PACKAGE_NAME, PACKAGE_VERSION, LICENCE: see compile.sh
#   RUN_UID               number of the user that the image runs as
ARG BASE

# Only the key leaves this stage. Of whatever the file holds, the pinned key alone is taken.
FROM ${BASE} AS key
ARG ROCM_KEY
ARG ROCM_KEY_FINGERPRINT
RUN : "${ROCM_KEY:?}" "${ROCM_KEY_FINGERPRINT:?}" \
 && printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n' > /etc/apt/apt.conf.d/90gfxbake \
 && export DEBIAN_FRONTEND=noninteractive GNUPGHOME=/tmp/gnupg \
 && apt-get update \
 && apt-get install --yes ca-certificates curl gpg \
 && curl --fail --location --silent --show-error --max-filesize 1000000 --max-time 120 --retry 3 --output /tmp/rocm.key "$ROCM_KEY" \
 && mkdir -m 700 "$GNUPGHOME" \
 && gpg --batch --quiet --no-autostart --import /tmp/rocm.key \
 && mkdir /key && gpg --batch --quiet --no-autostart --export --output /key/rocm.gpg "$ROCM_KEY_FINGERPRINT" \
 && { [ -s /key/rocm.gpg ] || { echo "gfxbake: $ROCM_KEY has no key $ROCM_KEY_FINGERPRINT; it has:" >&2; gpg --batch --no-autostart --with-colons --list-keys | sed -n 's/^fpr:*\([0-9A-F]*\):$/  \1/p' >&2; exit 1; }; }

# ROCm is a layer of its own: another llama.cpp does not install it again.
FROM ${BASE} AS rocm
ARG ROCM_REPOSITORY
ARG ROCM_VERSION
ARG ROCM_DISTRIBUTION
ARG ROCM_PACKAGES
COPY --from=key /key/rocm.gpg /etc/apt/keyrings/rocm.gpg
COPY rocm-prefix.sh /gfxbake/
# Versions that the recipe holds, and the state of the archive that was asked for (--refresh): another text, another layer.
COPY apt-preferences /etc/apt/preferences.d/gfxbake
# Ubuntu has packages of the same names with older versions, so the repository's come first (AMD's own advice).
RUN : "${ROCM_REPOSITORY:?}" "${ROCM_VERSION:?}" "${ROCM_DISTRIBUTION:?}" "${ROCM_PACKAGES:?}" \
 && printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n' > /etc/apt/apt.conf.d/90gfxbake \
 && host=${ROCM_REPOSITORY#*://} && host=${host%%/*} && host=${host%%:*} \
 && printf 'Package: *\nPin: origin "%s"\nPin-Priority: 600\n' "$host" > /etc/apt/preferences.d/gfxbake-rocm \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ca-certificates \
 && echo "deb [arch=amd64 signed-by=/etc/apt/keyrings/rocm.gpg] $ROCM_REPOSITORY/$ROCM_VERSION $ROCM_DISTRIBUTION main" > /etc/apt/sources.list.d/gfxbake-rocm.list \
 && apt-get update --error-on=any \
 && apt-get install --yes ${ROCM_PACKAGES} \
 && bash /gfxbake/rocm-prefix.sh \
 && apt-get clean && rm -rf /gfxbake /var/lib/apt/lists/* /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log

FROM rocm AS toolchain
ARG TOOLCHAIN_PACKAGES
RUN : "${TOOLCHAIN_PACKAGES:?}" \
 && export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes ${TOOLCHAIN_PACKAGES} \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY rocm-prefix.sh /gfxbake/
RUN bash /gfxbake/rocm-prefix.sh

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
