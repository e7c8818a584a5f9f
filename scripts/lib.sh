# What the scripts share. Sourced, not run.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\033[1m%s\033[0m\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# Packages of Debian 12. The first line is needed to build and run, the second only by the tests.
build_packages=(libuv1-dev libssl-dev libsqlite3-dev pkg-config)
# Only for a program that is installed without the toolchain: the static Foundation leaves libcurl to the linker.
install_packages=(libcurl4-openssl-dev)
test_packages=(sip-tester baresip-core kamailio chromium iproute2 openssl curl python3 fonts-noto-cjk rtpengine-daemon espeak-ng)

# Installs those of the named packages that are missing, or says precisely what to install.
require_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "Needed, and this is no Debian: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo)
        else
            fail "These packages are missing. Install them, then start again:
  sudo apt-get install --no-install-recommends ${missing[*]}"
        fi
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

require_swift() {
    command -v swift >/dev/null || fail "Swift is missing. Install a Swift 6.2 or newer toolchain from swift.org, then start again."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -1)
    case "$version" in
        6.[2-9]*|[7-9].*|[1-9][0-9].*) ;;
        *) fail "Swift $version is too old; Tandem needs 6.2 or newer." ;;
    esac
}
