# The Arch package of a bundle: made with makepkg, then installed, upgraded and removed with pacman in a root that has nothing else.
# The context has everything that is of the recipe: the bundle, the small files, PKGBUILD and facts.sh; for target `installed` also the
# folder packages with what target `package` gave, and in its folder older perhaps an older package of the same name.
#
#   TOOLS     target `tools` of arch-tools.Dockerfile
#   ROOT      target `root` of it
#   RUN_USER  the user that the package makes, as whom its programs are tried
#
# Target `package` is what is published, `installed` the root with the package in it.
ARG TOOLS
ARG ROOT

FROM ${TOOLS} AS build
COPY --chown=builder:builder . /src/
USER builder
RUN bash /src/arch-build.sh

FROM scratch AS package
COPY --from=build /out/ /

# A stage with no instruction of its own is the image itself to podman 4.3, which deletes it at the end of a build that keeps no layers.
FROM ${ROOT} AS root
LABEL gfxbake.stage=root

FROM ${TOOLS} AS install
COPY --from=root /root-fs /root-fs
COPY arch-install.sh facts.sh /gfxbake/
COPY packages /packages/
RUN bash /gfxbake/arch-install.sh /packages

FROM scratch AS installed
COPY --from=install /root-fs /
COPY --from=install /gfxbake/proven.txt /gfxbake-proven.txt
ARG RUN_USER
USER ${RUN_USER}
