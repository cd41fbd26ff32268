# The tracing image: the full image + strace. What stands in for a GPU is mounted into its containers, as into the minimal image's.
#
#   FULL            the image to trace
#   RUN_USER        the user of the full image
#   INSTALL_STRACE  where FULL has no apt-get: what installs strace in it
ARG FULL
FROM ${FULL}
USER root
ARG INSTALL_STRACE
RUN if [ -n "${INSTALL_STRACE}" ]; then eval "${INSTALL_STRACE}"; else \
        apt-get -o Acquire::Check-Valid-Until=false update \
     && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace \
     && apt-get clean && rm -rf /var/lib/apt/lists/*; fi
ARG RUN_USER
RUN : "${RUN_USER:?}"
USER ${RUN_USER}
