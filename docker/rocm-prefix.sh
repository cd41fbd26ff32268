#!/bin/bash
# Looks where ROCm lies below /opt and makes it usable there: the links that its tools go by, and the loader's configuration.
# AMD's packages lie in /opt/rocm-7.2.4 and the folder's name is not always the repository's (7.2 gives /opt/rocm-7.2.0);
# a tarball lies in /opt/rocm. The device libraries lie below a folder with clang's major number, or in lib/llvm/amdgcn.
set -euo pipefail
fail() { echo "gfxbake: $1" >&2; exit 1; }

mapfile -t found < <(find -P /opt -mindepth 1 -maxdepth 1 -type d -name 'rocm*' -exec test -e '{}/lib/libamdhip64.so.7' -o -e '{}/lib/libamdhip64.so' \; -print)
[ "${#found[@]}" -eq 1 ] || fail "one folder /opt/rocm* with lib/libamdhip64.so is needed, there are ${#found[@]}: ${found[*]:-}; below /opt: $(ls -m /opt)"
prefix=${found[0]}

if [ ! -e /opt/rocm ]; then ln -s "$(basename "$prefix")" /opt/rocm; fi
[ /opt/rocm -ef "$prefix" ] || fail "/opt/rocm leads to $(readlink -f /opt/rocm), not to $prefix"

if [ -d "$prefix/lib/llvm" ]; then
  [ -e "$prefix/llvm" ] || ln -sfn lib/llvm "$prefix/llvm"
  if [ ! -e "$prefix/amdgcn/bitcode" ]; then
    # Several hold the same; the one nearest to the prefix is AMD's own choice for HIP_DEVICE_LIB_PATH.
    bitcode=$(find "$prefix/lib/llvm" -type d -path '*/amdgcn/bitcode' -printf '%d %p\n' | LC_ALL=C sort -n | sed -n '1s/^[0-9]* //p')
    if [ -n "$bitcode" ]; then
      folder=${bitcode%/bitcode}
      ln -sfn "${folder#"$prefix/"}" "$prefix/amdgcn"
    fi
  fi
fi

# Not every library says where its neighbours lie.
for folder in lib lib/rocm_sysdeps/lib; do
  if [ -d "$prefix/$folder" ]; then echo "$prefix/$folder"; fi
done > /etc/ld.so.conf.d/gfxbake-rocm.conf
ldconfig
missing=$(ldd "$prefix"/lib/libamdhip64.so.* | sed -n 's/^[[:space:]]*\(.*\) => not found/\1/p' | sort -u)
[ -z "$missing" ] || fail "HIP in $prefix needs what the image lacks: $(echo $missing)"
rm -f /var/cache/ldconfig/aux-cache
echo "gfxbake: ROCm in $prefix, device libraries in $(readlink -f "$prefix/amdgcn" || echo none)"
