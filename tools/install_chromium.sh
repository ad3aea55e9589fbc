#!/usr/bin/env bash
# Provides a Chromium and Chinese fonts for the browser tests; does nothing when both are there.
set -euo pipefail

browser() {
    if [[ -n "${GDFTU_CHROMIUM:-}" ]]; then
        command -v "$GDFTU_CHROMIUM" || {
            echo "GDFTU_CHROMIUM=$GDFTU_CHROMIUM is not an executable file." >&2
            exit 2
        }
        return
    fi
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 1
}

has_chinese_font() {
    command -v fc-list >/dev/null && [[ -n "$(fc-list :lang=zh-cn family)" ]]
}

missing=()
found=$(browser) || { (($? == 2)) && exit 1; missing+=(chromium); }
[[ "$(uname -s)" != Linux ]] || has_chinese_font || missing+=(fonts-noto-cjk)

if ((${#missing[@]} == 0)); then
    echo "Browser for the tests: $found"
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need ${missing[*]}: install Chromium or Chrome (and a Chinese font) with this system's" >&2
    echo "package manager, put it in PATH or name it in GDFTU_CHROMIUM, and start again." >&2
    exit 1
fi

as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || {
        echo "Installing ${missing[*]} needs root: run 'apt-get install ${missing[*]}' as root and start again." >&2
        exit 1
    }
    as_root=(sudo)
fi

echo "Installing ${missing[*]} for the browser tests"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" fontconfig
echo "Browser for the tests: $(browser)"
