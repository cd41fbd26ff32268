#!/usr/bin/env bash
# Carries ccache's files between a runner's disk and the engine's cache mount, which ends with the runner.
#
#   compiler-cache.sh put FILE IMAGE   fills the cache mount from FILE, a tar; nothing to do when there is none
#   compiler-cache.sh get FILE IMAGE   writes the cache mount into FILE
#
# IMAGE is any that has tar and is there already. The mount's name is docker/*.Dockerfile's. ENGINE may be podman.
set -euo pipefail
action=${1:?put or get} file=${2:?FILE} image=${3:?IMAGE}
engine=${ENGINE:-docker}
mount=--mount=type=cache,id=gfxbake-ccache,target=/ccache
folder=$(mktemp -d)
name=localhost/gfxbake-ccache:$$
trap 'rm -rf -- "$folder"; "$engine" rmi --force "$name" > /dev/null 2>&1 || true' EXIT

build() {
  printf '%s\n' "FROM $image" "USER root" "$@" > "$folder/Dockerfile"
  # The time in an argument, because a build with the same text is not run again.
  "$engine" build --build-arg "WHEN=$(date +%s%N)" --tag "$name" "$folder" > "$folder/log" 2>&1 || { tail -n 12 "$folder/log" >&2; exit 1; }
}

case $action in
  put)
    [[ -f $file ]] || { echo "compiler-cache.sh: no $file, the compiler starts with an empty cache"; exit 0; }
    cp -- "$file" "$folder/ccache.tar"
    build 'ARG WHEN' 'COPY ccache.tar /tmp/' "RUN $mount : \$WHEN && tar -C /ccache -xf /tmp/ccache.tar"
    ;;
  get)
    build 'ARG WHEN' "RUN $mount : \$WHEN && tar -C /ccache -cf /tmp/ccache.tar ."
    container=$("$engine" create "$name" true)
    "$engine" cp "$container:/tmp/ccache.tar" "$file.partial"
    "$engine" rm "$container" > /dev/null
    mv -- "$file.partial" "$file"
    # The cache action reads it as another user.
    chmod a+r -- "$file"
    ;;
  *) echo "compiler-cache.sh: unknown action '$action'; known: put, get" >&2; exit 2 ;;
esac
echo "compiler-cache.sh: $action $(stat -c %s -- "$file") bytes"
