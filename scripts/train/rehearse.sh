#!/usr/bin/env bash
# The calls of README.md one after the other on this machine, with a small model and a small corpus: rehearse.sh MODEL.gguf CORPUS-FOLDER
set -euo pipefail

model=$1
corpus=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
carried=$work/carried
trap 'rm -rf "$work"' EXIT
mkdir -p "$carried/1" "$carried/2" "$carried/3" "$work/out"
cp "$model" "$carried/smollm2.gguf"
bytes=$(stat -c %s "$model")
python3 "$here/export.py" split "$carried/smollm2.gguf" --out "$carried/1" --megabytes "$(python3 -c "print(($bytes // 2 + 1) / 1e6)")"
mv "$carried/1/smollm2.gguf.part01" "$carried/2/"
python3 -m pip download -q --no-deps gguf==0.19.0 -d "$carried/2"
python3 "$here/prepare.py" vocabulary --gguf "$model" --out "$carried/2/a.json"
python3 "$here/prepare.py" vocabulary --corpus "$corpus/train.jsonl.xz" --size 2048 --limit-megabytes 2 --out "$carried/2/b.json"
python3 "$here/export.py" split "$corpus/train.jsonl.xz" --out "$carried/3" --megabytes 48
cp "$corpus/validation.jsonl.xz" "$carried/3/"

step() { CARRIED=${carry:-$carried/1} OUT=$work/out bash "$here/device.sh" "$@"; }
export WORK=$work/machine WORKERS=1 MINUTES=${MINUTES:-0.6} SHAPE_B=toy
export EXTRA="--row 1536 --micro-batch 1 --batch 2 --validation-rows 4 --threads 1 --cpu"
carry=$carried/1 step keep
carry=$carried/2 step keep
carry=$carried/3 step keep
step unpack
step trial 0.15
step go 0.15 a
step go 9 a
step finish a
step fetch Q4_0 0
python3 "$here/export.py" join "$work/out/hearth-code-Q4_0.gguf.json" --out "$work/back.gguf"
echo "the rehearsal came to its end"
