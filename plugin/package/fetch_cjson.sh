#!/bin/sh
# fetch_cjson.sh DIR: puts Debian's cJSON source, with all of Debian's patches applied, into DIR/cjson; done once.
# apt works in a folder of its own there: nothing of the machine's configuration changes, and no root is needed.
set -eu
mkdir -p "$1"
dir=$(cd "$1" && pwd)
[ ! -f "$dir/cjson/cJSON.c" ] || exit 0

work=$(mktemp -d "$dir/apt.XXXXXX")
trap 'rm -rf "$work"' EXIT
private="-o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache -o APT::Sandbox::User=$(id -un)"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
cd "$work" # apt-get unpacks where it stands

# The machine's own Debian mirrors, as source lists; a machine whose package lists are empty tells only after an update.
debian_sources() {
  # shellcheck disable=SC2016,SC2086
  apt-get "$@" indextargets --format \
    'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 'Origin: Debian' | sort -u
}
debian_sources >sources.list
if [ ! -s sources.list ]; then
  # shellcheck disable=SC2086
  apt-get $private -q update >update.log 2>&1 || true # other repositories than Debian's may fail
  # shellcheck disable=SC2086
  debian_sources $private >sources.list
fi
[ -s sources.list ] || { echo "fetch_cjson.sh: apt knows no Debian mirror on this machine" >&2; exit 1; }

own="$private -o Dir::Etc::SourceList=$work/sources.list -o Dir::Etc::SourceParts=/dev/null"
# shellcheck disable=SC2086
if ! { apt-get $own -q -o APT::Update::Error-Mode=any update && apt-get $own -q source cjson; } >fetch.log 2>&1; then
  cat fetch.log >&2
  echo "fetch_cjson.sh: the source package cjson could not be fetched into $dir/cjson" >&2
  exit 1
fi

unpacked=$(echo cjson-*/)
# Format 3.0 (quilt): dpkg-source has applied the patches, or the patch list here would not be.
[ -s "$unpacked/.pc/applied-patches" ] || { echo "fetch_cjson.sh: Debian's patches are not applied" >&2; exit 1; }
cat cjson_*.dsc >"$unpacked/source.dsc" # for people: which version this is
mv -T "$unpacked" "$dir/cjson" 2>/dev/null || [ -f "$dir/cjson/cJSON.c" ] # another build was quicker
