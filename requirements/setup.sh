#!/bin/sh
# Brings a fresh Debian 12 or Ubuntu 24.04 with git, make and Python 3.11+ to where both commands run.
# Called by the Makefile; does only what is missing, so the second time it takes no time.
set -eu
cd "$(dirname "$0")/.."
step=${1:?system or python}

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed and was not found: install python3 (Debian 12, Ubuntu 24.04 have it)."
    exit 1
}

system_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "This is no Debian or Ubuntu: install by hand what requirements/debian.txt names."
        return
    fi
    missing=""
    for package in $(sed '/^#/d' requirements/debian.txt); do
        # Ubuntu 24.04 renamed some libraries with the ending t64.
        dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        run=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        run="sudo"
    else
        say "These system packages are missing and there are no rights to install them; please run: sudo apt-get install$missing"
        exit 1
    fi
    say "Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    $run apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 || {
        $run apt-get update -qq >/dev/null
        $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
    }
}

python_packages() {
    python=$(find_python)
    if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        say "Making the virtual environment (.venv)"
        "$python" -m venv --clear .venv
    fi
    say "Installing Python packages (with hashes, from requirements/dev.txt)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
}

case $step in
system) system_packages ;;
python) python_packages ;;
*) say "setup.sh system | python"; exit 2 ;;
esac
