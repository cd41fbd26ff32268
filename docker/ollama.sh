#!/bin/bash
# Compiles the Ollama in /src/ollama for one GPU and makes a Debian package of it in /out, laid out as that version looks for its files.
# From 0.30 its runner is llama.cpp's llama-server, which CMake builds from /src/llama.cpp; until 0.5.7 runners are Go programs that make builds.
#
#   CODE_TARGET             the GPU whose code is made, gfx1100
#   HIP_COMPILER            with CMake: clang++ that knows it; with make: hipcc
#   RUNNER                  with CMake: the folder below lib/ollama where Ollama looks for its GPU library, rocm_v7_2
#   JOBS                    compilers at a time; empty: one for each processor
#   PACKAGE_NAME, PACKAGE_VERSION, LICENCE  of the package
#   /gfxbake/cmake-options  one word for cmake in each line
#   /ccache, /go            caches of the compilers and of Go's modules
set -euo pipefail
: "${CODE_TARGET:?}" "${HIP_COMPILER:?}" "${PACKAGE_NAME:?}" "${PACKAGE_VERSION:?}" "${LICENCE:?}"
jobs=${JOBS:-$(nproc)}
# A folder has no version of Ollama's form; 0.0.0 is what Ollama itself takes then.
version=${PACKAGE_VERSION#v}
case $version in [0-9]*.*) ;; *) version=0.0.0 ;; esac
lib=/install/usr/lib/ollama

# A compiler that lacks the GPU would say so only after minutes, once for each of the first files.
if ! said=$(echo | "$HIP_COMPILER" -x hip --offload-arch="$CODE_TARGET" --cuda-device-only -nogpulib -nogpuinc -c -o /dev/null - 2>&1); then
  echo "$said" >&2
  echo "gfxbake: the HIP compiler can't make code for $CODE_TARGET: $("$HIP_COMPILER" --version | head -n 1)" >&2
  exit 1
fi

# The compiler's content, not its time stamp: the same compiler in a newer layer is the same compiler.
export CCACHE_DIR=/ccache CCACHE_COMPILERCHECK=content CCACHE_MAXSIZE=2G CCACHE_STATSLOG=/gfxbake/ccache.log
export CGO_ENABLED=1 GOCACHE=/go/build GOMODCACHE=/go/modules GOTOOLCHAIN=local
cd /src/ollama
# A source that brings its modules needs no network; for any other Go fetches those whose checksums go.sum has.
if [ -f vendor/modules.txt ]; then export GOFLAGS=-mod=vendor; else export GOFLAGS=-mod=readonly; fi
flags="-w -s -X=github.com/ollama/ollama/version.Version=$version -X=github.com/ollama/ollama/server.mode=release"

with_cmake() {
  : "${RUNNER:?}"
  [ -f /src/llama.cpp/CMakeLists.txt ] || { echo "gfxbake: this Ollama needs the source llama.cpp" >&2; exit 1; }
  mapfile -t options < /gfxbake/cmake-options
  cmake -S llama/server -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_HIP_COMPILER="$HIP_COMPILER" -DCMAKE_HIP_ARCHITECTURES="$CODE_TARGET" \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_HIP_COMPILER_LAUNCHER=ccache \
    -DFETCHCONTENT_SOURCE_DIR_LLAMA_CPP=/src/llama.cpp -DFETCHCONTENT_FULLY_DISCONNECTED=ON -DCMAKE_INSTALL_PREFIX=/usr "${options[@]}"
  cmake --build /build --parallel "$jobs" --target llama-server llama-quantize ggml-hip
  # Its own installation of the GPU library would copy ROCm beside it, which the image has from packages.
  DESTDIR=/install cmake --install /build --component llama-server --strip > /gfxbake/install.log || { cat /gfxbake/install.log; exit 1; }
  install -D --mode=755 --strip -t "$lib/$RUNNER" /build/bin/libggml-hip.so
}

with_make() {
  # VERSION: without it the Makefile asks git. GPU_LIB_DIR: it looks in lib64 first, which Debian has but for the loader.
  local make=(make --no-print-directory --jobs="$jobs" VERSION="$version" HIP_PATH=/usr HIP_COMPILER="$HIP_COMPILER" HIP_ARCHS="$CODE_TARGET"
    GPU_LIB_DIR=/usr/lib/x86_64-linux-gnu)
  # llama-mmap.h uses uint32_t without its header, which GCC 16 no more brings along.
  export CXXFLAGS="-include cstdint" CGO_CXXFLAGS="-O2 -include cstdint"
  "${make[@]}" -f make/Makefile.rocm rocm
  "${make[@]}" -f make/Makefile.cpu cpu
  mkdir -p "$lib"
  cp -r llama/build/linux-amd64/runners "$lib/"
  find "$lib" -name '*.so' -exec strip --strip-unneeded {} +
  # It uses a GPU only where these two lie together: beside it, in LD_LIBRARY_PATH or in two places that Debian does not have. The names of
  # the tables in rocblas/library are the GPUs that it takes for supported.
  local libraries=/usr/lib/x86_64-linux-gnu tables=(/usr/lib/x86_64-linux-gnu/rocblas/*/library)
  [ -d "${tables[0]}" ] && [ ${#tables[@]} = 1 ] || { echo "gfxbake: rocBLAS has its tables in ${tables[*]}, not in one folder" >&2; exit 1; }
  mkdir "$lib/rocblas"
  ln -s --relative "/install$libraries/libhipblas.so.2" "$lib/libhipblas.so.2"
  ln -s --relative "/install${tables[0]}" "$lib/rocblas/library"
}

seconds=$SECONDS
if [ -f llama/server/CMakeLists.txt ]; then with_cmake; else with_make; fi
mkdir -p /install/usr/bin
# The distribution's SQLite, whichever go-sqlite3 the modules bring: Debian's own has no other.
go build -buildmode=pie -trimpath -tags=libsqlite3 -ldflags="$flags" -o /install/usr/bin/ollama .
echo "gfxbake: compiled in $((SECONDS - seconds)) s with $jobs at a time, $(find /install -type f | wc -l) files installed"
ccache --show-log-stats

rm -rf /install/usr/include /install/usr/lib/cmake /install/usr/lib/pkgconfig
licences=()
for source in /src/*/; do
  for file in "$source"LICENSE* "$source"LICENCE* "$source"COPYING* "$source"NOTICE* "$source"licenses/*; do
    if [ -f "$file" ]; then licences+=("$file"); fi
  done
done
[ ${#licences[@]} -gt 0 ] || { echo "gfxbake: no source has a licence file at its top" >&2; exit 1; }
mkdir -p /out
COMPRESSION=zstd bash /gfxbake/package.sh "$PACKAGE_NAME" "$PACKAGE_VERSION" "$LICENCE" /install "/out/$PACKAGE_NAME.deb" "${licences[@]}"
