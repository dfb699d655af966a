# To be sourced. How scripts of this project install Debian packages, and make a tree of another Debian release out of packages.
# The machine's own apt settings are read and never changed. The script that sources this defines fail().

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null >&2; }

# install_packages PACKAGE...: installs those that are missing. New lists are fetched when the old ones do not do.
install_packages() {
    local missing=() package
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    [[ $(id -u) -eq 0 ]] || fail "as root: apt-get install --no-install-recommends ${missing[*]}"
    apt_get install -y -q --no-install-recommends "${missing[@]}" || {
        apt_get update -q && apt_get install -y -q --no-install-recommends "${missing[@]}"
    } || fail "apt-get could not install ${missing[*]}"
}

# The mirror that the machine itself uses, whatever the form of its list of sources.
debian_mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sort -u | head -n 1
}

# Those of the machine's apt settings without which its mirror may not be usable.
debian_apt_options() {
    apt-config dump | sed -nE 's/^(Acquire::(Check-Valid-Until|Check-Date|https?::Proxy.*|https?::Verify-.*|https?::CaInfo)) (.*)$/--aptopt=\1 \3/p'
}

# make_debian_tree SUITE FOLDER PACKAGE,PACKAGE... [OPTION...]: a folder with the files of these packages and of all that they need.
make_debian_tree() {
    local suite=$1 folder=$2 packages=$3 from options
    shift 3
    [[ $(id -u) -eq 0 ]] || fail "making a Debian tree needs root: run it once as root"
    install_packages mmdebstrap debian-archive-keyring util-linux
    from=$(debian_mirror)
    [[ -n $from ]] || { apt_get update -q && from=$(debian_mirror); }
    [[ -n $from ]] || fail "apt on this machine has no Debian mirror to take $suite from"
    mapfile -t options < <(debian_apt_options)
    rm -rf --one-file-system "$folder"
    # It runs python3 for each package: the system's, not one that somebody put in front of it.
    PATH=/usr/sbin:/usr/bin:/sbin:/bin mmdebstrap --mode=root --variant=minbase --format=directory --aptopt='Acquire::Retries "3"' "${options[@]}" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --include="$packages" "$@" \
        "$suite" "$folder" "deb $from $suite main" </dev/null >&2 || fail "the tree could not be made (see above)"
}

# One hash over contents and names, so that neither time stamps nor the checkout's place matter.
hash_of() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }

is_current() { [[ -f $1 && $(<"$1") == "$2" ]]; }
