#!/bin/bash
# Compiles what lies in /src with CMake and makes a Debian package of it in /out. Runs in the compile stage of every Dockerfile that has one.
#
#   CODE_TARGET             the GPU whose code is made, gfx1151
#   HIP_COMPILER            clang++ that knows it
#   JOBS                    compilers at a time; empty: one for each processor
#   PACKAGE_NAME, PACKAGE_VERSION, LICENCE  of the package
#   /gfxbake/cmake-options  one word for cmake in each line
#   /ccache                 the compiler cache
set -euo pipefail
: "${CODE_TARGET:?}" "${HIP_COMPILER:?}" "${PACKAGE_NAME:?}" "${PACKAGE_VERSION:?}" "${LICENCE:?}"
jobs=${JOBS:-$(nproc)}

# A compiler that lacks the GPU would say so only after minutes, once for each of the first files.
if ! said=$(echo | "$HIP_COMPILER" -x hip --offload-arch="$CODE_TARGET" --cuda-device-only -nogpulib -nogpuinc -c -o /dev/null - 2>&1); then
  echo "$said" >&2
  echo "gfxbake: the HIP compiler can't make code for $CODE_TARGET: $("$HIP_COMPILER" --version | head -n 1)" >&2
  exit 1
fi

mapfile -t options < /gfxbake/cmake-options
# The compiler's content, not its time stamp: the same compiler in a newer layer is the same compiler.
# The cache is everybody's, so this build counts in a file of its own.
export CCACHE_DIR=/ccache CCACHE_COMPILERCHECK=content CCACHE_MAXSIZE=2G CCACHE_STATSLOG=/gfxbake/ccache.log
seconds=$SECONDS
cmake -S /src -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_HIP_COMPILER="$HIP_COMPILER" -DCMAKE_HIP_ARCHITECTURES="$CODE_TARGET" \
  -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_HIP_COMPILER_LAUNCHER=ccache "${options[@]}"
cmake --build /build --parallel "$jobs"
DESTDIR=/install cmake --install /build --strip > /gfxbake/install.log || { cat /gfxbake/install.log; exit 1; }
echo "gfxbake: compiled in $((SECONDS - seconds)) s with $jobs at a time, $(find /install -type f | wc -l) files installed"
ccache --show-log-stats

# Nobody runs against headers.
rm -rf /install/usr/include /install/usr/lib/*/cmake /install/usr/lib/*/pkgconfig
licences=()
for file in /src/LICENSE* /src/LICENCE* /src/COPYING* /src/NOTICE* /src/licenses/*; do
  if [ -f "$file" ]; then licences+=("$file"); fi
done
[ ${#licences[@]} -gt 0 ] || { echo "gfxbake: the source has no licence file at its top" >&2; exit 1; }
mkdir -p /out
COMPRESSION=zstd bash /gfxbake/package.sh "$PACKAGE_NAME" "$PACKAGE_VERSION" "$LICENCE" /install "/out/$PACKAGE_NAME.deb" "${licences[@]}"
