#!/bin/bash
# Proves a package's life in a root of its own, with rpm and with dnf, and leaves it installed there.
#
#   fedora-install.sh ROOT PACKAGES
#
#   ROOT             a root with /bin/sh and files for users and groups, and nothing else
#   PACKAGES         folder with the one package; if it has a folder older with a package of a lower version, that is upgraded; one of
#                    the same version is installed over it and it over that one
#   facts.sh         beside this script: what the package is
#
# Prints one line for each thing proven, and ends with a line on stderr at the first that is not so.
set -euo pipefail
fail() { echo "gfxbake: $1" >&2; exit 1; }
# Kept in a file too: an engine that had this step before would not print it again.
say() { echo "gfxbake: $1"; echo "$1" >> "$(dirname "$0")/proven.txt"; }
root=$1 packages=$2
# shellcheck source=/dev/null
. "$(dirname "$0")/facts.sh"
# shellcheck disable=SC2153
package=$packages/$NAME-$VERSION-$RELEASE.$ARCHITECTURE.rpm
[ -s "$package" ] || fail "$package is not there; the folder has: $(ls -m "$packages")"
older=$(find "$packages/older" -name '*.rpm' 2> /dev/null || true)
work=$(mktemp -d)
# dnf puts its cache below the root, whatever path it is given.
cache=gfxbake-dnf-cache
trap 'rm -rf "$work"' EXIT

# rpm's plugins talk to SELinux, systemd, the bus of a running system and the kernel's namespaces; a container being built has none of them.
# rpm has an option for that and dnf not, so both are told here. sysusers.d is read by systemd's own program, as Fedora's rpm does: the script that
# stands in for it in rpm's source gives a user the wrong group where the file also puts it into others.
sysusers=$(command -v systemd-sysusers) || fail "systemd-sysusers is not there"
export HOME=$work
{
  rpm --showrc | sed -n 's/^.*: \(__transaction_[a-z_]*\)[[:space:]].*/%\1 %{nil}/p'
  echo "%__systemd_sysusers $sysusers"
  # Not signed yet: that is for whoever publishes it. Checksums are checked.
  echo '%_pkgverify_level digest'
} > "$work/.rpmmacros"
in_root=(rpm --root "$root" --noplugins)
"${in_root[@]}" --initdb

# run NAME COMMAND…: a scriptlet that fails is a warning to rpm and no more, so whatever is printed is a failure here.
run() {
  local name=$1
  shift
  "$@" > "$work/said" 2>&1 || { cat "$work/said" >&2; fail "$name has failed, see above"; }
  # Two things are no fault: a config that is kept, and dnf in a build that was started with a lower priority.
  if grep -iE 'warning|error|failed' "$work/said" | grep -vE '^warning: (/.* (saved|created) as /.*\.rpm(save|new)|Unable to reset nice value: .*)$' >&2; then fail "$name has complained, see above"; fi
}

# What lies in the root, but for the database and what dnf writes for itself. Files of users and groups have backups and locks, and keep the
# package's user when it is removed, as Fedora's guidelines want it: their content is not compared.
listing() {
  (cd "$root" && find . -mindepth 1 \( -path ./usr/lib/sysimage -o -path ./var/lib/rpm -o -path ./var/lib/dnf -o -path ./etc/dnf -o -path "./$cache" -o -path ./var/log \) -prune \
    -o -printf '%y %m %U:%G %p -> %l\n' | grep -vE ' \./etc/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock|\.updated)-? -> ' | LC_ALL=C sort)
}

# What the package requires of the host is provided by a stub: nothing else is there. It owns the folders of the host that the package puts files into,
# and has the helper that systemd's scriptlets call, which writes down here what it is asked.
mapfile -t requires < <(rpm -qp --requires "$package" | grep -vE '^rpmlib\(' | LC_ALL=C sort -u)
mapfile -t provides < <(rpm -qp --provides "$package" | sed 's/ = .*//')
mapfile -t owned < <(rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$package" | sed -n 's/^d[^ ]* //p')
mapfile -t parents < <(rpm -qpl "$package" | while IFS= read -r path; do while [ "$path" != "" ]; do path=${path%/*}; echo "${path:-/}"; done; done | LC_ALL=C sort -u)
host_requires=()
for item in "${requires[@]}"; do
  grep -qxF "${item%% *}" <<< "$(printf '%s\n' "${provides[@]}")" || host_requires+=("$item")
done
host_folders=()
allowed=$(sed -n 's/^%global host_directories //p' "$packages/$NAME.spec")
for folder in "${parents[@]}"; do
  grep -qxF "$folder" <<< "$(printf '%s\n' "${owned[@]}")" && continue
  case " $allowed " in
    *" $folder "*) host_folders+=("$folder") ;;
    *) fail "the package makes $folder, but does not own it" ;;
  esac
done
say "required of the host: ${host_requires[*]}"
say "every folder that it makes is its own; of the host it needs: ${host_folders[*]}"

helper=/usr/lib/systemd/systemd-update-helper
mkdir -p "$work/stub"
cat > "$work/stub/helper" << 'END'
#!/bin/sh
echo "$*" >> /tmp/systemd-update-helper.log
END
{
  printf 'Name: gfxbake-host\nVersion: 1\nRelease: 1\nSummary: stands for the host\nLicense: MIT\nBuildArch: noarch\nProvides: systemd\n'
  printf 'Provides: %s\n' "${host_requires[@]}"
  printf '%%description\nStands for the host.\n%%install\ninstall -D -m 0755 %s %%{buildroot}%s\n%%files\n%s\n' "$work/stub/helper" "$helper" "$helper"
  for folder in "${host_folders[@]}"; do
    [ "$folder" = / ] || printf '%%dir %s\n' "$folder"
  done
} > "$work/stub/host.spec"
for folder in "${host_folders[@]}"; do
  [ "$folder" = / ] || echo "install -d -m 0755 %{buildroot}$folder"
done > "$work/stub/folders"
sed -i "/^%install/r $work/stub/folders" "$work/stub/host.spec"
rpmbuild -bb --define "_topdir $work/stub" --define '_rpmformat 4' --define '_binary_payload w1.gzdio' --define "_rpmdir $work/repository" \
  --define '__os_install_post %{nil}' --define 'debug_package %{nil}' "$work/stub/host.spec" > "$work/said" 2>&1 || { cat "$work/said" >&2; fail "the stub package has not been built, see above"; }
stub=$(find "$work/repository" -name 'gfxbake-host-*.rpm')
asked="$root/tmp/systemd-update-helper.log"

# expect_asked WORD…: what the scriptlets have asked of systemd since the last time, for every unit of the package.
expect_asked() {
  local expected=""
  for word; do expected="$expected$word ${UNITS[*]}"$'\n'; done
  if [ ${#UNITS[@]} -eq 0 ]; then expected=""; fi
  local got=""
  if [ -e "$asked" ]; then got=$(cat "$asked")$'\n'; rm "$asked"; fi
  [ "$got" = "$expected" ] || fail "the scriptlets have asked systemd for '$got' instead of '$expected'"
}

# verify WHAT [PATH…]: nothing is altered but the paths
verify() {
  local what=$1 differences
  shift
  differences=$("${in_root[@]}" --verify "$NAME" || true)
  for path; do
    grep -qE "^S?.* c $path\$" <<< "$differences" || fail "rpm -V does not tell the edited $path; it says: $differences"
    differences=$(printf '%s\n' "$differences" | grep -vE " c $path\$" || true)
  done
  [ -z "$differences" ] || fail "rpm -V $what: $differences"
  say "rpm -V $what: nothing altered${1:+ but $*}"
}

edit() { for config in "${CONFIGS[@]}"; do echo '# edited by the administrator' >> "$root$config"; done; }
edited() { for config in "${CONFIGS[@]}"; do grep -qx '# edited by the administrator' "$root$config$1" || fail "the edited $config is not in $config$1 after $2"; done; }

installed() {
  verify "after $1"
  # The modes are the recipe's, the owner is root; --verify has compared the bytes.
  for index in "${!TARGETS[@]}"; do
    found=$(stat -c '%04a %u:%g' "$root${TARGETS[index]}")
    [ "$found" = "${MODES[index]} 0:0" ] || fail "${TARGETS[index]} is $found instead of ${MODES[index]} 0:0"
  done
  local others
  others=$("${in_root[@]}" -ql "$NAME" | while IFS= read -r path; do find "$root$path" -maxdepth 0 \( ! -uid 0 -o ! -gid 0 -o ! -type l -perm /6022 \) -printf '%m %u:%g /%P%p\n'; done)
  [ -z "$others" ] || fail "not root's, or writable by others, or setuid: $others"
  say "modes and owners as the recipe wants them, nothing setuid or writable by others"
  # Every user and group of sysusers.d.
  for target in "${TARGETS[@]}"; do
    case $target in /usr/lib/sysusers.d/*) ;; *) continue ;; esac
    while read -r line; do
      case $line in ''|'#'*) continue ;; esac
      mapfile -t fields < <(xargs -n 1 <<< "$line")
      name=${fields[1]}
      case ${fields[0]} in
        u*) made=$(grep "^$name:" "$root/etc/passwd") || fail "$target: no user $name after $1"
            IFS=: read -r _ _ uid gid gecos home shell <<< "$made"
            group=$(sed -n "s/^\([^:]*\):[^:]*:$gid:.*/\1/p" "$root/etc/group")
            case ${fields[2]} in *:*) ;; *) [ "$group" = "$name" ] || fail "$target: user $name has the group $group after $1" ;; esac
            [ "$gecos" = "${fields[3]:-}" ] || [ "${fields[3]:--}" = - ] || fail "$target: user $name is called $gecos after $1"
            [ "$home" = "${fields[4]:-}" ] || [ "${fields[4]:--}" = - ] || fail "$target: user $name has the home $home after $1"
            [ "$uid" -lt 1000 ] || fail "$target: user $name has the number $uid of a person after $1"
            say "user $name ($uid), group $group, home $home, shell $shell" ;;
        g) grep -q "^$name:" "$root/etc/group" || fail "$target: no group $name after $1" ;;
        m) grep -qE "^${fields[2]}:([^:]*:){2}(.*,)?$name(,|\$)" "$root/etc/group" || fail "$target: $name is not in ${fields[2]} after $1"
           say "user $name is in group ${fields[2]}" ;;
      esac
    done < "$root$target"
  done
}

run "the installation of the stub" "${in_root[@]}" --install "$stub"
before=$(listing)
tar -C "$root/etc" -cf "$work/accounts.tar" passwd group
# nothing_left HOW SUFFIX: the root is as before but for the edited configs
nothing_left() {
  local expected=$before left
  left=$(diff <(printf '%s\n' "$before") <(listing) | grep '^[<>]' || true)
  for config in "${CONFIGS[@]}"; do
    grep -qE "^> f .* \.$config$2 -> \$" <<< "$left" || fail "$1 has left no $config$2; left: $left"
    left=$(printf '%s\n' "$left" | grep -vE "^> f .* \.$config$2 -> \$" || true)
    rm "$root$config$2"
  done
  [ -z "$left" ] || fail "after $1 the root differs in $(wc -l <<< "$left") entries: $(head -n 5 <<< "$left")"
  # The user stays, as Fedora wants it; the next installation is to make it again.
  rm -f "$root"/etc/{passwd,group,shadow,gshadow}{,-} "$root/etc/.pwd.lock"
  tar -C "$root/etc" -xf "$work/accounts.tar"
  [ "$expected" = "$(listing)" ] || fail "after $1 the root is not as before"
  say "$1: nothing left${CONFIGS[*]:+ but ${CONFIGS[*]/%/$2}}"
}

run "rpm --install" "${in_root[@]}" --install "$package"
expect_asked install-system-units
installed "rpm --install"

edit
if [ ${#CONFIGS[@]} -gt 0 ]; then verify "after an edit" "${CONFIGS[@]}"; fi
run "rpm --erase" "${in_root[@]}" --erase "$NAME"
expect_asked remove-system-units
edited .rpmsave "the removal"
nothing_left "rpm --erase" .rpmsave

# shellcheck source=docker/packages/fedora-replace.sh
. "$(dirname "$0")/fedora-replace.sh"
compared=
if [ -n "$older" ]; then
  compared=$(rpm --eval "%{lua: print(rpm.vercmp('$(rpm -qp --qf '%{EVR}' "$older")', '$VERSION_EPOCH$VERSION-$RELEASE'))}")
fi
if [ "$compared" = -1 ]; then upgrade; fi

# The same by dnf from a repository of these packages alone.
cp "$package" "$work/repository/"
createrepo_c --quiet "$work/repository"
# The plugins of rpm again, by the one word that dnf has for them; no other repository, no configuration of the image's.
printf '[main]\nreposdir=%s\npluginconfpath=%s\ngpgcheck=0\n[gfxbake]\nname=gfxbake\nbaseurl=file://%s\ngpgcheck=0\n' "$work/none" "$work/none" "$work/repository" > "$work/dnf.conf"
mkdir "$work/none"
in_dnf=(dnf --config "$work/dnf.conf" --installroot "$root" --releasever 1 --repo gfxbake --setopt "cachedir=/$cache" --setopt install_weak_deps=False --assumeyes)
run "dnf install" "${in_dnf[@]}" install "$NAME"
expect_asked install-system-units
installed "dnf install"
run "dnf remove" "${in_dnf[@]}" remove "$NAME"
expect_asked remove-system-units
saved=("${CONFIGS[@]}") CONFIGS=()
nothing_left "dnf remove" ""
CONFIGS=("${saved[@]}")
if [ "$compared" = 0 ]; then
  alone "$older" older
  alone "$package" newer
  swap "rpm --reinstall" "${in_root[@]}" --reinstall
  swap "dnf reinstall" "${in_dnf[@]}" reinstall
fi

run "rpm --install" "${in_root[@]}" --install "$package"
expect_asked install-system-units
verify "at the end"
# The package alone stays. The stub's folders have become the package's parents.
run "the removal of the stub" "${in_root[@]}" --erase --nodeps gfxbake-host
rm -rf "$root/var/lib/dnf" "$root/etc/dnf" "${root:?}/$cache" "$root/var/log"
# On a running system the service's StateDirectory= makes it; what the user runs by hand here needs it too.
while IFS=: read -r _ _ uid gid _ home _; do
  [ "$uid" -eq 0 ] || [ -e "$root$home" ] || { mkdir -p "$root${home%/*}"; install -d -m 0755 -o "$uid" -g "$gid" "$root$home"; }
done < "$root/etc/passwd"
say "$("${in_root[@]}" -qa | tr '\n' ' ')is installed in the root"
