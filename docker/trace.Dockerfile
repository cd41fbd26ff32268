# The tracing image: the full image + strace. What stands in for a GPU is mounted into its containers, as into the minimal image's.
#
#   FULL      the image to trace
#   RUN_USER  the user of the full image
ARG FULL
FROM ${FULL}
USER root
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
ARG RUN_USER
RUN : "${RUN_USER:?}"
USER ${RUN_USER}
