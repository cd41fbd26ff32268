# The Fedora package: built and checked by rpm, installed by rpm and by dnf into a root that has nothing but a shell.
# The context has everything that is of the recipe: the bundle, the small files, the spec and facts.sh; for target `installed` also the
# folder packages with what target `package` gave, and in its folder older perhaps an older package of the same name.
#
#   TOOLS     target `tools` of fedora-tools.Dockerfile
#   ROOT      target `root` of it
#   RUN_USER  the user that the package makes, as whom its programs are tried
#
# Target `package` is what is published, `installed` the root with the package in it.
ARG TOOLS
ARG ROOT

FROM ${TOOLS} AS build
COPY . /src
RUN bash /src/fedora-build.sh /src /out

FROM scratch AS package
COPY --from=build /out/ /

# A stage with no instruction of its own is the image itself to podman 4.3, which deletes it at the end of a build that keeps no layers.
FROM ${ROOT} AS root
LABEL gfxbake.stage=root

FROM ${TOOLS} AS install
COPY --from=root /root-fs /root-fs
COPY fedora-install.sh fedora-replace.sh facts.sh /gfxbake/
COPY packages /packages
RUN bash /gfxbake/fedora-install.sh /root-fs /packages

FROM scratch AS installed
COPY --from=install /root-fs /
COPY --from=install /gfxbake/proven.txt /gfxbake-proven.txt
ARG RUN_USER
USER ${RUN_USER}
