#!/usr/bin/env bash
# Builds and ships the shop.
set -euo pipefail

source ./lib/common.sh
. "/etc/profile.d/shop.sh"

readonly VERSION="1.0"
declare -A ports=([web]=80 [api]=8080)
declare -i total=0
export PATH="$HOME/bin:$PATH" STAGE
names=(one two "three four")
name=${1:-world}
files[0]=first

log() {
  local level="$1" message
  message="${*:2}"
  printf '%s: %s\n' "$level" "$message" >&2
}

function build_all {
  local -r target=${1%/}
  for file in "${names[@]}" *.txt; do
    if [[ -f $file && $name == w* ]]; then
      log info "building $file"
    elif [ -z "${total}" ]; then
      continue
    else
      total=$((total + 1))
    fi
  done
  for ((i = 0; i < total; i++)); do
    echo "$i"
  done
  while read -r line rest; do
    case "$line" in
      start | begin)
        echo "${line^^}" | tr a-z A-Z
        ;;
      --*) break ;;
      *) return 1 ;;
    esac
  done < <(find "$target" -name '*.sh')
  until ping -c1 host; do sleep 1; done
  (
    cd "$target" || exit
    inner=1
  )
  select choice in a b; do echo "$choice"; done
}

cat <<TEXT > out.txt
Hello ${name}, $(date +%F)
TEXT

trap 'log warn stopped' EXIT
alias ll='ls -l'
build_all "${ports[web]}" && log info done || exit 2
result=$(build_all "$VERSION" 2>&1)
STAGE=test make --quiet
unset result
