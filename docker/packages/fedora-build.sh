#!/bin/bash
# Builds the package of the context and checks it. As root it only makes the output's folder and starts itself again as the user builder.
#
#   fedora-build.sh SOURCES OUT
#
#   SOURCES             the context: the spec, its sources, facts.sh, rpmlintrc, fedora-macros
#   OUT                 folder for the package, its spec and rpmlint.txt; made if it is not there
#   SOURCE_DATE_EPOCH   the time that everything in the package has at most; unset: the one of facts.sh
set -euo pipefail
fail() { echo "gfxbake: $1" >&2; exit 1; }
sources=$1 out=$2

if [ "$(id -u)" -eq 0 ]; then
  install -d -o builder "$out"
  # A clean environment: what the engine passes on must not reach the package.
  exec runuser -u builder -- env -i PATH="$PATH" HOME=/home/builder LANG=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-}" bash "$0" "$sources" "$out"
fi

# shellcheck source=/dev/null
. "$sources/facts.sh"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$EPOCH}
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Fedora defines them in systemd-rpm-macros, which the spec asks for; elsewhere ours stand for that package, and nothing else is asked for.
options=()
if [ -z "$(rpm --eval '%{?systemd_ordering}')" ]; then options+=(--load "$sources/fedora-macros" --nodeps); fi

define() { options+=(--define "$1 $2"); }
# No dist: nothing in the package is of the distribution that packs it, and the same name comes out on each.
define dist '%{nil}'
define _topdir "$work/rpmbuild"
define _sourcedir "$sources"
define _rpmdir "$out"
define _rpmfilename '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm'
# Format 6 is unknown to rpm before 4.20 and to bsdtar.
define _rpmformat 4
# Level 10 with a window of 128 MiB: kernels repeat each other over long distances. 27 is the largest window that every zstd reads unasked.
# The number of threads is a part of the header, so it is fixed: with any number of them the payload's bytes are the same, without them not.
define _binary_payload "$COMPRESSION"
# The same bytes twice: rpm 4.20 and later know the policy, the older the other word for it.
define _buildhost gfxbake
define use_source_date_epoch_as_buildtime 1
define build_mtime_policy clamp_to_source_date_epoch
define clamp_mtime_to_source_date_epoch 1
define source_date_epoch_from_changelog 0
# What an image's own configuration would write into the header.
define vendor '%{nil}'
define packager '%{nil}'
define optflags -O2

seconds=$SECONDS
rpmbuild -bb "${options[@]}" "$sources/$NAME.spec" > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "rpmbuild has failed, see above"; }
# A link that was absolute in the image stays so, because a program may take its text for a path; it must lead into the bundle.
grep -E '^(warning|error):' "$work/log" | grep -vE "^warning: absolute symlink: $HOME_FOLDER/[^ ]+ -> $HOME_FOLDER/" >&2 && fail "rpmbuild has warned, see above"
package=$out/$NAME-$VERSION-$RELEASE.$ARCHITECTURE.rpm
[ -s "$package" ] || { ls -l "$out" >&2; fail "rpmbuild made no $package"; }
rm -rf "$work/rpmbuild"
echo "gfxbake: $(basename "$package"): $(stat -c %s "$package") bytes in $((SECONDS - seconds)) s, sha256 $(sha256sum "$package" | cut -d ' ' -f 1)"

# Nothing of the bundle may be offered to others or asked of the host.
leaks=$(rpm -qp --provides --requires "$package" | grep -E '\.so([.(]|$)|^(rtld|ld-linux)|GLIBC' || true)
[ -z "$leaks" ] || fail "libraries of the bundle are provided to or required of the host: $(echo "$leaks" | tr '\n' ' ')"
echo "gfxbake: no library is provided or required"

cp "$sources/$NAME.spec" "$out/$NAME.spec"
# Errors that are explained are in rpmlintrc; all others end the build. Warnings are told and explained in docs/packages-rpmlint.md.
status=0
# A filter that this recipe has no use for is no error.
rpmlint --ignore-unused-rpmlintrc --rpmlintrc "$sources/rpmlintrc" "$package" "$out/$NAME.spec" > "$out/rpmlint.txt" 2>&1 || status=$?
if grep -E '^[^ ]+: E: ' "$out/rpmlint.txt" >&2; then fail "rpmlint has errors, see above"; fi
if [ "$status" -ne 0 ] || ! grep -q ' checked; 0 errors,' "$out/rpmlint.txt"; then cat "$out/rpmlint.txt" >&2; fail "rpmlint has failed with exit code $status, see above"; fi
sed -i 's/; has taken [0-9.]* s//' "$out/rpmlint.txt"
echo "gfxbake: rpmlint: $(sed -n 's/^.* checked; \(.*[a-z]\).*/\1/p' "$out/rpmlint.txt")"
