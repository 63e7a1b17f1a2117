"""Corpus to tokens: files of {train,validation}.jsonl.xz become packed arrays that train.py maps into memory.

    python prepare.py vocabulary --corpus train.jsonl.xz --size 16384 --out vocabulary.json      (route B)
    python prepare.py vocabulary --gguf smollm2.gguf --out vocabulary.json                       (route A)
    python prepare.py tokens --corpus train.jsonl.xz --vocabulary vocabulary.json --out tokens/train --epoch 0
    python prepare.py tokens --corpus validation.jsonl.xz --vocabulary vocabulary.json --out tokens/validation --holes
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import multiprocessing
import os
import time
from pathlib import Path
from random import Random
from typing import Iterator

import numpy

import vocabulary as vocabularies
from objective import KINDS, LONGEST, SourceFile, examples_of, validation_holes

# Files of one package that a worker gets at a time; related files are looked for among them.
GROUP = 64


def read_corpus(path: Path, limit_characters: int | None = None) -> Iterator[SourceFile]:
    characters = 0
    with lzma.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            record = json.loads(line)
            text = record["text"].replace("\r\n", "\n").replace("\r", "\n")
            yield SourceFile(f"{record['ecosystem']}:{record['package']}", record["path"], record["language"], text)
            characters += len(text)
            if limit_characters is not None and characters >= limit_characters:
                return


def group_files(files: Iterator[SourceFile]) -> Iterator[list[SourceFile]]:
    """Files of a package are adjacent."""
    group: list[SourceFile] = []
    for file in files:
        if group and (group[0].package != file.package or len(group) >= GROUP):
            yield group
            group = []
        group.append(file)
    if group:
        yield group


_worker: dict = {}


def _start(vocabulary_path: Path, seed: str, is_holes: bool, longest: int) -> None:
    # One process a core is enough: the library's own threads on top of them would get in each other's way.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _worker.update(vocabulary=vocabularies.load(vocabulary_path), seed=seed, is_holes=is_holes, longest=longest)


def _work(group: list[SourceFile]) -> tuple[bytes, list[tuple[int, int, int, int]]]:
    """Tokens of the group's examples as bytes, and length, place of the answer, kind and characters of each."""
    vocabulary, longest = _worker["vocabulary"], _worker["longest"]
    ids: list[int] = []
    rows: list[tuple[int, int, int, int]] = []
    for file in group:
        # The seed is the file's own: the order of workers changes nothing.
        identity = f"{_worker['seed']} {file.package} {file.path}"
        chance = Random(int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big"))
        others = [other for other in group if other.language == file.language and other is not file]
        made = (
            [
                *examples_of(file, (), vocabulary, chance, fim_rate=0.0, longest=longest),
                *validation_holes(file, vocabulary, chance, longest=longest),
            ]
            if _worker["is_holes"]
            else examples_of(file, others, vocabulary, chance, longest=longest)
        )
        for example in made:
            ids += example.tokens
            rows.append((len(example.tokens), example.answer, KINDS.index(example.kind), example.characters))
    return numpy.array(ids, dtype=numpy.uint16).tobytes(), rows


def write_tokens(
    corpus: Path,
    vocabulary: Path,
    out: Path,
    seed: str,
    is_holes: bool,
    workers: int,
    limit: int | None,
    longest: int,
) -> dict:
    out.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    rows: list[tuple[int, int, int, int]] = []
    with (
        multiprocessing.get_context("fork").Pool(workers, _start, (vocabulary, seed, is_holes, longest)) as pool,
        out.with_suffix(".bin").open("wb") as file,
    ):
        for ids, more in pool.imap(_work, group_files(read_corpus(corpus, limit))):
            file.write(ids)
            rows += more
    table = numpy.array(rows, dtype=numpy.int32).reshape(-1, 4)
    numpy.save(out.with_suffix(".npy"), table)
    summary = {
        "examples": len(table),
        "tokens": int(table[:, 0].sum()),
        "byKind": {kind: int((table[:, 2] == index).sum()) for index, kind in enumerate(KINDS)},
        "tokensInCuts": int(table[table[:, 2] > 0, 0].sum()),
        "charactersPlain": int(table[table[:, 2] == 0, 3].sum()),
        "seconds": round(time.monotonic() - started, 1),
    }
    out.with_suffix(".json").write_text(json.dumps(summary, indent=2))
    return summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    words = commands.add_parser("vocabulary", help="train a vocabulary, or take that of a GGUF file")
    words.add_argument("--corpus", type=Path)
    words.add_argument("--gguf", type=Path)
    words.add_argument("--size", type=int, default=16_384)
    words.add_argument("--limit-megabytes", type=float, default=40, help="of text that is looked at")
    words.add_argument("--out", type=Path, required=True)
    tokens = commands.add_parser("tokens", help="examples as tokens")
    tokens.add_argument("--corpus", type=Path, required=True)
    tokens.add_argument("--vocabulary", type=Path, required=True)
    tokens.add_argument("--out", type=Path, required=True)
    tokens.add_argument("--epoch", type=int, default=0, help="other cuts of the same files")
    tokens.add_argument("--seed", type=int, default=1)
    tokens.add_argument("--holes", action="store_true", help="validation: all text once, one hole of each kind a file")
    tokens.add_argument("--workers", type=int, default=max(1, multiprocessing.cpu_count()))
    tokens.add_argument("--limit-megabytes", type=float, help="of text")
    tokens.add_argument("--longest", type=int, default=LONGEST, help="tokens of an example; less for trials")
    options = parser.parse_args()

    limit = None if options.limit_megabytes is None else int(options.limit_megabytes * 1e6)
    if options.command == "vocabulary":
        made = (
            vocabularies.from_gguf(options.gguf)
            if options.gguf is not None
            else vocabularies.train((file.text for file in read_corpus(options.corpus, limit)), options.size)
        )
        vocabularies.save(made, options.out)
        print(f"{options.out}: {len(made)} tokens, {made.pre}")
        return
    seed = f"{options.seed} {options.epoch}"
    summary = write_tokens(
        options.corpus,
        options.vocabulary,
        options.out,
        seed,
        options.holes,
        options.workers,
        limit,
        options.longest,
    )
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
