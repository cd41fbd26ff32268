# Changes how the programs of a bundle are loaded: only the files that need it come here, and come back.
#
#   BASE  a Debian; its patchelf does the work
ARG BASE

FROM ${BASE} AS patched
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends patchelf \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
ADD parts.tar /parts/
COPY bundle.sh patches /gfxbake/
RUN bash /gfxbake/bundle.sh /parts /gfxbake/patches

FROM scratch AS parts
COPY --from=patched /parts /
