#!/usr/bin/env bash
# The steps on the machine with the accelerator, one word each; README.md says in which calls. What has to outlast a call lies in $WORK.
set -euo pipefail

WORK=${WORK:-/tmp/hearth-train}
HERE=$(cd "$(dirname "$0")" && pwd)
# What the calls carry: parts of the weights, the corpus in parts, vocabularies, one wheel.
CARRIED=${CARRIED:-$HERE/../../.carry}
WORKERS=${WORKERS:-16}
# For a rehearsal elsewhere: more options of train.py, and the shape of route B.
EXTRA=${EXTRA:-}
SHAPE_B=${SHAPE_B:-b}
MINUTES=${MINUTES:-14}
export PYTHONPATH=/tmp/site PYTHONUNBUFFERED=1
mkdir -p "$WORK"

train() { python3 "$HERE/train.py" --vocabulary "$WORK/$1.json" --validation "$WORK/$1/validation" --out "$WORK/run-$1" "${@:2}" $EXTRA; }

# Options of both routes; MINUTES is the whole training, in all calls together.
options_a=(--from "$WORK/smollm2.gguf" --minutes "$MINUTES" --batch 64 --lr "${LR_A:-8e-4}" --answer-weight 1.5 --quantise-from 0.8)
options_b=(--from "$SHAPE_B" --minutes "$MINUTES" --batch 64 --lr "${LR_B:-3e-3}" --optimizer muon --answer-weight 1.5 --quantise-from 0.8)

case "${1:-}" in
  # Puts away what this call carried, and says what is there.
  keep)
    find "$CARRIED" -type f -exec cp -n -t "$WORK" {} +
    ls -l "$WORK"
    command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,memory.used,memory.total --format=csv,noheader || true
    ;;
  # Installs the wheel, joins weights and corpus, checks them, and starts to cut tokens beside everything that follows.
  unpack)
    python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target /tmp/site "$WORK"/*.whl
    python3 "$HERE/export.py" join "$WORK/smollm2.gguf.json" --out "$WORK/smollm2.gguf"
    python3 "$HERE/export.py" join "$WORK/train.jsonl.xz.json" --out "$WORK/train.jsonl.xz"
    python3 -c 'import torch, gguf, tokenizers; print(torch.__version__, torch.cuda.is_available(), tokenizers.__version__)'
    for route in a b; do
      python3 "$HERE/prepare.py" tokens --corpus "$WORK/validation.jsonl.xz" --vocabulary "$WORK/$route.json" --out "$WORK/$route/validation" --holes --workers "$WORKERS"
      # Enough to begin with: the rest is cut in the background while the probe runs.
      python3 "$HERE/prepare.py" tokens --corpus "$WORK/train.jsonl.xz" --vocabulary "$WORK/$route.json" --out "$WORK/$route/first" --limit-megabytes 30 --workers "$WORKERS"
    done
    setsid bash -c 'bash "$0" cut && touch "$1/cut.done" || touch "$1/cut.failed"' "$0" "$WORK" >"$WORK/cut.log" 2>&1 </dev/null &
    ;;
  # All tokens: two cuttings of the corpus for route A, a quarter of one for the trial of route B.
  cut)
    beside=$((WORKERS > 4 ? WORKERS - 2 : 1))
    for epoch in 0 1; do
      python3 "$HERE/prepare.py" tokens --corpus "$WORK/train.jsonl.xz" --vocabulary "$WORK/a.json" --out "$WORK/a/train-$epoch" --epoch "$epoch" --workers "$beside"
    done
    python3 "$HERE/prepare.py" tokens --corpus "$WORK/train.jsonl.xz" --vocabulary "$WORK/b.json" --out "$WORK/b/train-0" --limit-megabytes 150 --workers "$beside"
    ;;
  # Which attention and how many rows at a time are fastest here; about two minutes for route A, less for B.
  probe)
    train a "${options_a[@]}" --tokens "$WORK/a/first" --probe
    train b "${options_b[@]}" --tokens "$WORK/b/first" --probe
    ;;
  # The same time for both routes, at the constant learning rate; the winner's run goes on from there.
  trial)
    until [ -e "$WORK/cut.done" ] || [ -e "$WORK/cut.failed" ]; do sleep 1; done
    cat "$WORK/cut.log"
    [ -e "$WORK/cut.done" ]
    train a "${options_a[@]}" --tokens "$WORK/a/train-0" "$WORK/a/train-1" --call-minutes "${2:-1.5}" --validation-rows 128
    train b "${options_b[@]}" --tokens "$WORK/b/train-0" --call-minutes "${2:-1.5}" --validation-rows 128
    # Each ends with a validation on the same packages: bits per character compare across vocabularies.
    ;;
  # Goes on for so many minutes, or to the end.
  go)
    route=${3:-a}
    tokens=("$WORK/$route"/train-?.npy)
    options="options_$route[@]"
    train "$route" "${!options}" --tokens "${tokens[@]%.npy}" --call-minutes "${2:-9}" --validate-every 0.2
    cp "$WORK/run-$route/log.jsonl" "${OUT:-$WORK}/log-$route.jsonl"
    ;;
  # The finished model as GGUF, in parts that may travel back.
  finish)
    route=${2:-a}
    for type in Q4_0 Q8_0; do
      file=$WORK/hearth-code-$type.gguf
      python3 "$HERE/export.py" write --checkpoint "$WORK/run-$route/last.pt" --vocabulary "$WORK/$route.json" --type "$type" --out "$file"
      python3 "$HERE/export.py" split "$file" --out "$WORK/back" --megabytes 16
    done
    cp "$WORK/run-$route/log.jsonl" "$WORK/back/log.jsonl"
    ls -l "$WORK/back"
    ;;
  # Three parts of a file a call: fetch NAME FIRST, for example fetch Q4_0 0, then 3.
  fetch)
    cp "$WORK/back"/*.json "$WORK/back/log.jsonl" "$OUT"/
    for index in 0 1 2; do
      part=$(printf '%s/hearth-code-%s.gguf.part%02d' "$WORK/back" "$2" "$(($3 + index))")
      if [ -e "$part" ]; then cp "$part" "$OUT"/; fi
    done
    ls -l "$OUT"
    ;;
  *)
    echo "usage: device.sh keep|unpack|probe|trial [minutes]|go [minutes] [a|b]|finish [a|b]|fetch TYPE FIRST" >&2
    exit 2
    ;;
esac
