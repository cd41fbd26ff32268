#!/bin/bash
# Puts the files of a device into /kit; the Dockerfile beside it says what FILES, CLOSURE and ICD are.
set -euo pipefail
: "${FILES:?}"

mkdir /kit

take() {
    cp --dereference --no-clobber "$1" /kit/
}

for file in $FILES; do
    take "$file"
    [ "${CLOSURE:-}" = 1 ] || continue
    # glibc's own parts belong to the loader that runs them: the image's.
    ldd "$file" | awk '$2 == "=>" { print $1, $3 }' | while read -r name path; do
        case $name in
            libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.*) continue ;;
        esac
        cp --dereference "$path" "/kit/$name"
    done
    # Of two libraries of one name the program's own is loaded already, and serves.
    for library in /kit/*.so*; do patchelf --set-rpath "\$ORIGIN" "$library"; done
done

if [ -n "${ICD:-}" ]; then
    sed -E 's|("library_path": *")([^"/]*)"|\1./\2"|' "$ICD" > "/kit/$(basename "$ICD")"
    grep -q '"library_path": *"\./' "/kit/$(basename "$ICD")" || { echo "$ICD names no library" >&2; exit 1; }
fi
