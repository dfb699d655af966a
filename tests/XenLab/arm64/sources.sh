# To be sourced by arm64/build.sh. Sources of Debian packages, fetched with lists of their own: the machine's are not changed.

readonly SOURCE_PACKAGES=$CACHE/sources

# suite_apt SUITE COMMAND...: apt-get that knows this suite of the machine's mirror alone.
suite_apt() {
    local suite=$1 apt=$CACHE/apt.$1 kind
    shift
    mkdir -p "$apt"/{lists/partial,cache/archives/partial}
    for kind in deb deb-src; do
        echo "$kind [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $suite main"
    done >"$apt/sources.list"
    apt_get -q -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$apt/lists" \
        -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root "$@"
}

# Both tarballs of a source package, whatever their version: of the .dsc there is no need.
have_xen() { compgen -G "$SOURCE_PACKAGES/xen_$XEN*.orig.tar.*" >/dev/null && compgen -G "$SOURCE_PACKAGES/xen_$XEN*.debian.tar.*" >/dev/null; }

# A mirror may have lost the newest source while an older list, or a younger suite, names one that it has. Any of the series will do.
fetch_xen() {
    local suite
    mkdir -p "$SOURCE_PACKAGES"
    for suite in "$SUITE" stable sid; do
        have_xen && return
        rm -f "$SOURCE_PACKAGES"/xen_*
        say "fetching the source of Xen from Debian $suite"
        (cd "$SOURCE_PACKAGES" && suite_apt "$suite" update && suite_apt "$suite" source --download-only xen) || true
    done
    have_xen || fail "no suite of $(debian_mirror) has the source of Xen $XEN"
}

fetch_linux() {
    mkdir -p "$SOURCE_PACKAGES"
    compgen -G "$SOURCE_PACKAGES/linux-source-$LINUX*.deb" >/dev/null && return
    say "fetching the source of Linux $LINUX"
    (cd "$SOURCE_PACKAGES" && suite_apt "$SUITE" update && suite_apt "$SUITE" download "linux-source-$LINUX") || fail "the source of Linux could not be fetched"
}
