#!/bin/bash
# Proves a package's life with real pacman in a root that has a shell and nothing else, and leaves the package installed there.
#
#   arch-install.sh PACKAGES
#
#   PACKAGES    folder with the package; if it has a folder older with a package of a lower version, that is upgraded; one of the same
#               version is installed over it and it over that one
#   ROOT        the root, /root-fs if unset
#   facts.sh    beside this script: NAME, VERSION_EPOCH, VERSION, RELEASE, FILES, CONFIGS, UNITS, HINTS
#
# One line on stdout for each thing that is proven; the first that is not ends with a line on stderr and status 1.
# The facts are rendered, so shellcheck can't see that they give the names in capitals.
# shellcheck disable=SC2153
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/facts.sh"
packages=$1 root=${ROOT:-/root-fs}
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT

fail() { echo "gfxbake: $*" >&2; exit 1; }
# Kept in a file too: an engine that had this step before would not print it again.
proven() { echo "gfxbake: $*"; echo "$*" >> "$(dirname "$0")/proven.txt"; }

package=("$packages"/*.pkg.tar.zst) older=$(find "$packages/older" -name '*.pkg.tar.zst' 2> /dev/null || true)
[[ ${#package[@]} -eq 1 && -s ${package[0]} ]] || fail "$packages has not one package: ${package[*]}"
package=${package[0]}

# Hooks and cache of the machine stay out of it; both folders must be there. The database belongs to the root, the log does not:
# it is read here, and the root is to be compared.
mkdir -p "$state/hooks" "$state/cache" "$root/var/lib/pacman"
printf '[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\nNoProgressBar\n' > "$state/pacman.conf"
log=$state/pacman.log
pm() {
  LC_ALL=C pacman --config "$state/pacman.conf" --root "$root" --dbpath "$root/var/lib/pacman" --cachedir "$state/cache" --hookdir "$state/hooks" \
    --logfile "$log" --noconfirm --color never "$@"
}

field() { bsdtar -xOf "$1" .PKGINFO | sed -n "s/^$2 = //p"; }
version_of() { field "$1" pkgver; }

# One option for each dependency that the root has not: the name, and the version that was asked for if one was.
assumed() {
  local depend
  while read -r depend; do
    case $depend in
      *'>='* | *'<='*) depend=${depend/[<>]=/=} ;;
      *'>'*) depend=${depend/>/=}.1 ;;
      *'<'*) depend=${depend%%<*}=0 ;;
    esac
    printf -- '--assume-installed\n%s\n' "$depend"
  done < <(field "$1" depend)
}

# transaction WHAT SAID ARGUMENTS…: pacman succeeds even if a scriptlet fails, so its words are read.
# SAID is what the scriptlets are to say, line for line; another version may say anything. Kept configs are named in warnings; no other warning is good.
transaction() {
  local what=$1 said=$2 output=$state/output words before=0
  shift 2
  if [[ -e $log ]]; then before=$(wc -l < "$log"); fi
  pm "$@" > "$output" 2>&1 || { cat "$output" >&2; fail "$what: pacman failed"; }
  tail -n "+$((before + 1))" "$log" > "$state/said"
  words=$(sed -n 's/^\[[^]]*\] \[ALPM-SCRIPTLET\] //p' "$state/said")
  if [[ $said != any && $words != "$said" ]]; then
    cat "$output" >&2
    fail "$what: the scriptlets said '$words' and were to say '$said'"
  fi
  # Two warnings are good: a config that is kept, and that a package of this version was there.
  if grep -hE '^(error|warning): |\] \[[A-Z-]+\] (error|warning): ' "$output" "$state/said" \
    | grep -vE ' (saved|installed) as .*\.pac(save|new)$| is up to date -- reinstalling$' >&2; then
    fail "$what: pacman said the above"
  fi
}

add() {
  local options
  mapfile -t options < <(assumed "$1")
  transaction "installation of ${1##*/}" "$2" "${options[@]}" -U "$1"
  [[ $(pm -Q "$NAME") == "$NAME $(version_of "$1")" ]] || fail "installed is $(pm -Q "$NAME"), not $(version_of "$1")"
}

# Everything in the root with owner, mode, target or content, but for the accounts: users stay when a package goes, and files keep theirs.
listing() {
  (
    cd "$root"
    find . -mindepth 1 -not \( -path './etc/passwd*' -o -path './etc/group*' -o -path './etc/*shadow*' -o -path './etc/.pwd.lock' \) \
      -printf '%p %y %m %U:%G %l\n'
    find . -type f -not \( -path './etc/passwd*' -o -path './etc/group*' -o -path './etc/*shadow*' -o -path './etc/.pwd.lock' \) -exec sha256sum {} +
  ) | LC_ALL=C sort
}

# What was packed lies there as it was packed: pacman compares type, owner, mode, time, size, SHA-256 and target.
verify() {
  local said status=0
  said=$(pm -Qkk "$NAME" 2>&1) || status=$?
  # Edited configs are named and not counted.
  said=$(grep -v '^backup file: ' <<< "$said")
  [[ $status -eq 0 && $said =~ ^"$NAME: "([0-9]+)" total files, 0 altered files"$ ]] || fail "pacman -Qkk, $1: $said"
  proven "pacman -Qkk, $1: ${BASH_REMATCH[1]} files, 0 altered"
}

# What -Qkk can't see: that the right thing was packed.
check_files() {
  local entry mode path unit count=0
  for entry in "${FILES[@]}"; do
    mode=${entry%% *} path=$root${entry#* }
    [[ -f $path && $(stat -c %u:%g:%a "$path") == "0:0:${mode#0}" ]] || fail "$path is not there with mode $mode and owner root: $(stat -c '%A %U %G' "$path" 2>&1)"
  done
  while IFS= read -r path; do
    count=$((count + 1))
    [[ $(stat -c %u:%g "$path") == 0:0 ]] || fail "$path does not belong to root"
    [[ -L $path || ! $(find "$path" -maxdepth 0 -perm /6022) ]] || fail "$path: mode $(stat -c %a "$path"): others may write it, or it takes its owner's rights"
  done < <(pm -Qlq "$NAME")
  [[ $count -gt ${#FILES[@]} ]] || fail "the package has $count files, not more than those beside the bundle"
  for unit in "${UNITS[@]}"; do
    [[ -f $root/usr/lib/systemd/system/$unit ]] || fail "the package has no unit $unit"
  done
  for path in "${CONFIGS[@]}"; do
    field "$package" backup | grep -qxF "${path#/}" || fail "$path is not in backup=, so an upgrade would overwrite it"
  done
  proven "owners and modes: $count paths of root, none for others to write, ${#FILES[@]} files with their modes; ${#UNITS[@]} units, ${#CONFIGS[@]} configs in backup="
}

# On Arch a hook of systemd's runs this at the end of the transaction; from outside, because the root has no C library to run it.
check_users() {
  local kind name group count=0 files=()
  mapfile -t files < <(pm -Qlq "$NAME" | grep '/usr/lib/sysusers\.d/[^/]*\.conf$')
  if [[ ${#files[@]} -eq 0 ]]; then proven "sysusers.d: the package asks for no user"; return; fi
  systemd-sysusers --root="$root" > "$state/sysusers" 2>&1 || { cat "$state/sysusers" >&2; fail "systemd-sysusers failed"; }
  while read -r kind name group _; do
    case $kind in
      u*) grep -q "^$name:" "$root/etc/passwd" || fail "systemd-sysusers made no user $name" ;;
      g*) grep -q "^$name:" "$root/etc/group" || fail "systemd-sysusers made no group $name" ;;
      m*) grep -qE "^$group:.*[:,]$name(,|$)" "$root/etc/group" || fail "$name is no member of group $group" ;;
      *) continue ;;
    esac
    count=$((count + 1))
  done < <(cat "${files[@]}")
  [[ $count -gt 0 ]] || fail "the package's sysusers.d files say nothing: ${files[*]}"
  proven "sysusers.d: all of $count users, groups and memberships are there after systemd-sysusers"
}

edit() {
  local config
  for config in "${CONFIGS[@]}"; do printf '\n# An edit by the test of the package.\n' >> "$root$config"; done
  for config in "${CONFIGS[@]}"; do sha256sum "$root$config"; done > "$state/edited"
}

# The edited configs are still what they were, under their own name or with an ending.
kept() {
  # Without a line to check, sha256sum fails.
  [[ ${#CONFIGS[@]} -gt 0 ]] || return 0
  sed "s/$/$1/" "$state/edited" > "$state/kept"
  LC_ALL=C sha256sum --check --quiet "$state/kept" >&2 || fail "$2: an edited config is lost or changed, see above"
}

clear_away() {
  edit
  transaction "removal" "" -R "$NAME"
  kept .pacsave "removal"
  for config in "${CONFIGS[@]}"; do rm "$root$config.pacsave"; done
  listing > "$state/after"
  diff "$state/before" "$state/after" >&2 || fail "removal of $1: the root differs from what it was before the installation, see above"
}

remove() {
  clear_away "$1"
  proven "removal of $1: nothing is left${CONFIGS[*]:+ but ${#CONFIGS[@]} edited configs as .pacsave}"
}

# replace FROM TO SAID: TO is put over FROM, whose configs are edited; what became of them is in beside.
replace() {
  local config default changed=0
  add "$2" "$3"
  kept "" "$2"
  for config in "${CONFIGS[@]}"; do
    default=$(bsdtar -xOf "$2" "${config#/}" | sha256sum)
    # Where the new package has the old one's default, nothing lies beside the edited one.
    [[ $default != "$(bsdtar -xOf "$1" "${config#/}" | sha256sum)" ]] || continue
    changed=$((changed + 1))
    [[ -f $root$config.pacnew && $(sha256sum < "$root$config.pacnew") == "$default" ]] || fail "$2: $config.pacnew is not the newer default"
    rm "$root$config.pacnew"
  done
  beside="${#CONFIGS[@]} edited configs kept, $changed new defaults beside them as .pacnew"
}

upgrade() {
  add "$older" any
  edit
  replace "$older" "$package" ""
  proven "upgrade from $(version_of "$older"): $beside"
  remove "$(version_of "$package")"
}

# What lies in the root, but for pacman's own notes and the configs, which people edit.
content() {
  local configs
  configs=$(IFS='|'; echo "${CONFIGS[*]}")
  listing | grep -vE "(^|  )\.(/var/lib/pacman/.*${configs:+|($configs)( f .*)?})\$"
}

# The same version with other content, as a package with stand-ins is: each over the other, and the root is what it is with that one alone.
swap() {
  local differ
  add "$older" any
  content > "$state/older"
  transaction "removal" "" -R "$NAME"
  add "$package" any
  content > "$state/newer"
  edit
  replace "$package" "$older" ""
  verify "the other one of this version over it"
  content | diff "$state/older" - >&2 || fail "the other one of this version over it: the root is not what it is with that one alone, see above"
  replace "$older" "$package" ""
  verify "and back"
  content | diff "$state/newer" - >&2 || fail "back from the other one of this version: the root is not what it was, see above"
  differ=$({ diff "$state/older" "$state/newer" || true; } | sed -nE 's/^[<>] (\.[^ ]*) .*/\1/p; s/^[<>] [0-9a-f]{64}  //p' | LC_ALL=C sort -u | wc -l)
  proven "another package of this version over it and back: $differ paths differ, none left and none lost; $beside"
  clear_away "$(version_of "$package")"
}

[[ $(version_of "$package") == "$VERSION_EPOCH$VERSION-$RELEASE" && $(field "$package" pkgname) == "$NAME" ]] \
  || fail "${package##*/} is not $NAME $VERSION_EPOCH$VERSION-$RELEASE"
hints=$(printf '%s\n' "${HINTS[@]}")
if [[ $(pm -Q) ]]; then fail "$root has packages already: $(pm -Qq | paste -sd ' ')"; fi
listing > "$state/before"

add "$package" "$hints"
proven "pacman -U: no error or warning, the scriptlets said ${#HINTS[@]} hints"
verify "fresh"
check_files
check_users
remove "$(version_of "$package")"
if [[ $older ]]; then
  case $(vercmp "$(version_of "$older")" "$(version_of "$package")") in
    -*) upgrade ;;
    0) swap ;;
  esac
fi
add "$package" "$hints"
check_users > /dev/null
verify "installed again"
# On a running system the service's StateDirectory= makes it; what the user runs by hand here needs it too.
while IFS=: read -r _ _ uid gid _ home _; do
  [[ $uid -eq 0 || -e $root$home ]] || { mkdir -p "${root}${home%/*}"; install -d -m 0755 -o "$uid" -g "$gid" "$root$home"; }
done < "$root/etc/passwd"
