#!/usr/bin/env bash
# Builds the build program when its sources changed, then runs it; every argument is the program's.
# CAKE_PACKAGES=nuget|tool overrides where the Cake packages come from (build/Cake.props).
set -euo pipefail
shopt -s nullglob
# A link to this file may lie anywhere, on the PATH for one.
root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
state=$root/artifacts/dotnet
sdk=$root/artifacts/dotnet-sdk

fail() { printf 'build.sh: %s\n' "$@" >&2; exit 1; }
say() { printf 'build.sh: %s\n' "$@" >&2; }

# The SDK that global.json accepts: DOTNET_ROOT's, the PATH's, or one that --provision installed.
find_sdk() {
  local candidate
  for candidate in "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "$(command -v dotnet || true)" "$sdk/dotnet" "${HOME:-}/.dotnet/dotnet"; do
    if [[ -x $candidate ]] && (cd -- "$root" && "$candidate" --version) >/dev/null 2>&1; then
      dotnet=$candidate
      return
    fi
  done
  return 1
}

install_sdk() {
  local url=https://dot.net/v1/dotnet-install.sh script=$root/artifacts/dotnet-install.sh
  mkdir -p -- "$root/artifacts"
  say "installing the .NET SDK 10.0 into artifacts/dotnet-sdk"
  { curl -fsSL --connect-timeout 20 -o "$script" "$url" || wget -q -T 20 -O "$script" "$url"; } 2>/dev/null \
    || fail "cannot fetch $url, and no .NET SDK 10.0 is installed." "Install one from https://dot.net/download, or unpack it into artifacts/dotnet-sdk."
  bash "$script" --channel 10.0 --install-dir "$sdk" --no-path >&2 || fail "dotnet-install.sh failed; see above."
}

need_sdk() {
  find_sdk && return
  local argument
  for argument; do
    if [[ $argument == --provision ]]; then
      install_sdk
      find_sdk || fail "the SDK in artifacts/dotnet-sdk does not run, or does not fit global.json."
      return
    fi
  done
  fail "the .NET SDK 10.0 is missing (global.json names the version)." \
    "Install it from https://dot.net/download, or add --provision to have it put into artifacts/dotnet-sdk."
}

# Only an answer of the feed is remembered; a feed that is down answers nothing.
probe_feed() {
  local log
  say "asking the package feed for Cake.Frosting (once for each checkout)"
  if log=$("$dotnet" restore "$root/build/Probe/Probe.csproj" -v q "-p:ArtifactsPath=$state/probe" --disable-build-servers 2>&1 9>&-); then
    packages=nuget
  elif [[ $log != *NU1301* && $log == *NU110[123]*Cake.* ]]; then
    packages=tool
    say "the package feed lacks Cake.Frosting, Cake.Docker, Cake.CMake or Cake.Frosting.Git; using build/Shims instead (remembered in artifacts/dotnet/cake-packages)"
  else
    fail "$log" "the package feed did not say whether it has Cake.Frosting; CAKE_PACKAGES=tool or =nuget skips the question."
  fi
  echo "$packages" > "$state/cake-packages"
}

# Each build has a directory of its own, so that a run of hours is not hurt when somebody edits and builds again.
fingerprint() {
  program=$state/$packages/host/$(cd -- "$root" && {
    find build Directory.* *.json *.config -name 'packages.*.lock.json' -o -type f -printf '%p %T@ %s\n'
  } | LC_ALL=C sort | sha1sum | cut -c1-16)
}

build() {
  local name=$program log
  say "compiling the build program in build/ (at the first start and after a change; about a minute)"
  rm -rf -- "$program"
  if ! log=$("$dotnet" build "$root/build/Host/Host.csproj" -c Release -o "$program" "-p:CakePackages=$packages" \
    -nologo -v q "-clp:NoSummary;ErrorsOnly" --disable-build-servers 2>&1 9>&-); then
    rm -rf -- "$program"
    fail "$log" "the build program does not compile; its errors are above."
  fi
  find "$state/$packages/host" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf -- {} +
  fingerprint
  # Sources that changed while they were compiled are compiled again at the next start.
  [[ $name != "$program" ]] || echo "$dotnet" > "$program/.dotnet"
  program=$name
}

main() {
  packages=${CAKE_PACKAGES:-$(cat -- "$state/cake-packages" 2>/dev/null || true)}
  [[ $packages =~ ^(nuget|tool|)$ ]] || fail "CAKE_PACKAGES is '$packages'; it can be nuget or tool."
  fingerprint
  dotnet=$(cat -- "$program/.dotnet" 2>/dev/null || true)
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  if [[ ! -x $dotnet ]]; then
    need_sdk "$@"
    mkdir -p -- "$state"
    exec 9> "$state/.lock"
    ! command -v flock >/dev/null || flock 9
    [[ $packages ]] || packages=$(cat -- "$state/cake-packages" 2>/dev/null || true)
    [[ $packages ]] || probe_feed
    fingerprint
    [[ -f $program/.dotnet ]] || build
    exec 9>&-
  fi
  [[ $(command -v dotnet || true) == "$dotnet" ]] || export PATH="${dotnet%/*}:$PATH"
  # Paths on the command line are those of who typed them; the program itself works in the repository.
  export GFXBAKE_CALLER=$PWD
  exec "$dotnet" exec "$program/Gfxbake.Build.dll" "$@"
}

main "$@"
