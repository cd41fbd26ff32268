# The minimal image with the libraries that its stand-ins answer for: one layer more (docs/standins.md, "The way back").
#
#   BASE  the image with the stand-ins
ARG BASE
FROM ${BASE}
USER 0
ADD layer.tar /
# gfxbake: the recipe's metadata
