# The minimal image: only what the plan keeps. gfxbake writes one tar for each layer of the recipe beside a copy of this file,
# and puts the layers and the recipe's metadata in place of the two comment lines.
FROM scratch
# gfxbake: the layers
# gfxbake: the recipe's metadata
