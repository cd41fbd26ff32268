#!/bin/bash
# Gives programs another loader and one search path for all their libraries, and takes from libraries the search paths of their own.
#
#   bundle.sh FOLDER LIST
#
#   FOLDER  holds the files at their paths in the image
#   LIST    a line for each: path, loader, search path, with tabs between; loader and search path of a library are "-"
set -euo pipefail
folder=$1 list=$2

# The machine's loader maps the program, and starts nothing; a damaged one ends it by a signal. Of a program at a fixed address, as Go links
# them, patchelf 0.18 may lay one part over another, unless it is told not to sort them.
loads() {
  local status=0
  /lib64/ld-linux-x86-64.so.2 --list "$1" > /dev/null 2>&1 || status=$?
  [ "$status" -lt 128 ]
}

count=0
while IFS=$'\t' read -r path loader search; do
  file=$folder$path
  [ -f "$file" ] && [ ! -L "$file" ] || { echo "gfxbake: $path is not among the files to change" >&2; exit 1; }
  if [ "$loader" = - ]; then
    patchelf --remove-rpath "$file"
    [ -z "$(patchelf --print-rpath "$file")" ] || { echo "gfxbake: patchelf left a search path in $path" >&2; exit 1; }
  else
    # DT_RPATH, not DT_RUNPATH: it counts for the libraries of libraries too, and comes before LD_LIBRARY_PATH.
    cp -p "$file" "$file.before"
    for sort in "" --no-sort; do
      cp -p "$file.before" "$file"
      patchelf ${sort:+"$sort"} --set-interpreter "$loader" --force-rpath --set-rpath "$search" "$file"
      if loads "$file"; then break; fi
    done
    rm "$file.before"
    loads "$file" || { echo "gfxbake: $path can't be loaded any more after patchelf has changed it" >&2; exit 1; }
    [ "$(patchelf --print-interpreter "$file")" = "$loader" ] && [ "$(patchelf --print-rpath "$file")" = "$search" ] \
      || { echo "gfxbake: patchelf did not change $path as asked" >&2; exit 1; }
  fi
  count=$((count + 1))
done < "$list"
echo "gfxbake: $count files changed by $(patchelf --version)"
