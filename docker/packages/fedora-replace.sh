# Of fedora-install.sh, which reads it: a package over another one of its name, of a lower version or of the same.
# What is used here and not set here is fedora-install.sh's.
# shellcheck shell=bash disable=SC2154

# default FILE CONFIG: digest of a config as a package has it
default() { rpm -qp --dump "$1" | awk -v path="$2" '$1 == path { print $4 }'; }

# replace FROM TO COMMAND…: the command puts TO over FROM, whose configs are edited; what became of them is in beside.
replace() {
  local from=$1 to=$2 new=() config
  shift 2
  run "$*" "$@"
  expect_asked mark-restart-system-units
  edited "" "$1"
  # Where the new package has the old one's default, nothing lies beside the edited one.
  for config in "${CONFIGS[@]}"; do
    [ "$(default "$from" "$config")" = "$(default "$to" "$config")" ] && continue
    [ -e "$root$config.rpmnew" ] || fail "$* has left no $config.rpmnew beside the edited one"
    rm "$root$config.rpmnew"
    new+=("$config.rpmnew")
  done
  beside="the edited ${CONFIGS[*]:-(none)} stays, beside it ${new[*]:-nothing, as the defaults are the same}"
}

upgrade() {
  run "the installation of $(basename "$older")" "${in_root[@]}" --install "$older"
  rm -f "$asked"
  edit
  replace "$older" "$package" "${in_root[@]}" --upgrade "$package"
  verify "after the upgrade" "${CONFIGS[@]}"
  say "upgrade from $(rpm -qp "$older"): $beside"
  run "rpm --erase" "${in_root[@]}" --erase "$NAME"
  expect_asked remove-system-units
  nothing_left "rpm --erase after the upgrade" .rpmsave
}

# alone PACKAGE NAME: what the root has with that one alone, its configs edited
alone() {
  run "rpm --install" "${in_root[@]}" --install "$1"
  rm -f "$asked"
  edit
  listing > "$work/$2"
  run "rpm --erase" "${in_root[@]}" --erase "$NAME"
  rm -f "$asked"
  nothing_left "rpm --erase of the $2" .rpmsave
}

# same_as NAME WHAT: what the root has is what it had with the one package alone
same_as() {
  diff "$work/$1" <(listing) >&2 || fail "$2: the root is not what it is with that package alone, see above"
  verify "$2" "${CONFIGS[@]}"
}

# swap HOW COMMAND…: the same version with other content, as a package with stand-ins is. The command puts each over the other.
swap() {
  local how=$1 differ
  shift
  run "rpm --install" "${in_root[@]}" --install "$older"
  rm -f "$asked"
  edit
  replace "$older" "$package" "$@" "$package"
  same_as newer "after $how of another package of this version"
  replace "$package" "$older" "$@" "$older"
  same_as older "after $how back"
  differ=$(diff "$work/older" "$work/newer" | grep -c '^[<>]' || true)
  say "$how of another package of this version and back: $differ paths differ, none left and none lost; $beside"
  run "rpm --erase" "${in_root[@]}" --erase "$NAME"
  expect_asked remove-system-units
  nothing_left "rpm --erase after $how" .rpmsave
}
