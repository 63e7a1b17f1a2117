#!/usr/bin/env bash
# Brings what the test of the GPU offload needs: Mesa's software device for Vulkan from the distribution, and a copy of this
# installation in .cache/vulkan that has the GPU build in place, by our own command. The installation itself stays as small as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
place=.cache/vulkan
find_driver() { find /usr/share/vulkan/icd.d /etc/vulkan/icd.d -name 'lvp_icd*.json' 2>/dev/null | head -n 1; }

if [ ! -d node_modules/@node-llama-cpp/linux-x64 ]; then
  echo "There is no ready-made Vulkan build for this machine: only Linux and Windows on x64 have one (or \`npm ci\` was not run)." >&2
  exit 1
fi
if [ -z "$(find_driver)" ] || ! ldconfig -p | grep -q libvulkan.so.1; then
  if ! command -v apt-get >/dev/null; then
    echo "Mesa's software device for Vulkan is missing and there is no apt-get here: install lavapipe and the Vulkan loader yourself." >&2
    exit 1
  fi
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -q
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends mesa-vulkan-drivers libvulkan1
fi

npm run --silent build
if ! cmp -s node_modules/node-llama-cpp/package.json "$place/node_modules/node-llama-cpp/package.json" ||
  [ ! -d "$place/node_modules/@node-llama-cpp/linux-x64-vulkan/bins" ]; then
  rm -rf "$place"
  mkdir -p "$place/node_modules/@node-llama-cpp"
  cp -r package.json models dist "$place"
  # Links for what stays the same; the library finds its builds beside its real place.
  for package in node_modules/*; do
    case "$package" in
      node_modules/node-llama-cpp) cp -r "$package" "$place/node_modules/" ;;
      node_modules/@node-llama-cpp) cp -r "$package/linux-x64" "$place/$package/" ;;
      *) ln -s "$PWD/$package" "$place/node_modules/" ;;
    esac
  done
  VK_DRIVER_FILES="$(find_driver)" VK_ICD_FILENAMES="$(find_driver)" GGML_VK_VISIBLE_DEVICES=0 LP_NUM_THREADS=1 \
    HEARTH_HOME="$PWD/$place/home" node "$place/dist/server/cli/main.js" setup --gpu vulkan
fi
echo "Vulkan: $(find_driver)"
