"""
Fails when anything of a held-out package is in training: `python3 scripts/train/data/verify.py [folder of the corpus]`.

Reads the written corpus, not what the gathering believed about it.
"""

import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dedupe import HeldOut, Shingler
from fetch import Package, read_list
from filters import LARGEST_BYTES, SPECIAL_TOKEN
from gather import CACHE, FIELDS, HERE, ROOT
from licences import is_allowed
from progress import Progress

Entry = dict[str, str]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CACHE / "corpus"
    packages = read_list(HERE / "packages.json")
    lists = [ROOT / "scripts" / name / "corpus.json" for name in ("evaluate", "bench")]
    measured = [entry for path in lists for entry in json.loads(path.read_text("utf-8"))["files"]]
    train, validation, heldout = (list(read_split(folder / f"{split}.jsonl.xz")) for split in ("train", "validation", "heldout"))
    found = [
        *list_problems(packages, [entry["package"] for entry in measured]),
        *entry_problems(packages, {"train": train, "validation": validation, "heldout": heldout}),
        *hash_problems(train, validation, heldout, {entry["sha256"] for entry in measured}),
        *copy_problems(train, [*heldout, *validation]),
    ]
    for problem in found[:50]:
        print(problem, file=sys.stderr)
    if found:
        raise SystemExit(f"{len(found)} problems: this corpus must not be trained on.")
    print(f"{len(train)} training files hold nothing of {len(heldout)} held-out, {len(validation)} validation and {len(measured)} evaluated files.")


def read_split(path: Path) -> Iterator[Entry]:
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def list_problems(packages: list[Package], measured: list[str]) -> Iterator[str]:
    """What the evaluation measures must be held out, or not be on the list at all; in every version."""
    splits = {(package.ecosystem, package.name.lower()): package.split for package in packages}
    for uri in sorted(set(measured)):
        split = splits.get(name_of(uri))
        if split not in (None, "heldout"):
            yield f"{uri} is evaluated on, and packages.json has it in {split}: make it heldout."
    for package in packages:
        if not is_allowed(package.spdx):
            yield f"{package.key} is listed under {package.spdx}, which is not allowed."


def name_of(uri: str) -> tuple[str, str]:
    """Ecosystem and name of `npm:a@1`, `pypi:a==1`, `crate:a@1`, `go:a@v1` or `maven:g:a:1`."""
    scheme, rest = uri.split(":", 1)
    if scheme == "maven":
        name = rest.rsplit(":", 1)[0]
    elif scheme == "pypi":
        name = rest.split("==")[0]
    else:
        name = rest[: rest.rindex("@")]
    return ("cargo" if scheme == "crate" else scheme), name.lower()


def entry_problems(packages: list[Package], splits: dict[str, list[Entry]]) -> Iterator[str]:
    """Each file is of a package that the list has in that split, whole, allowed and free of the model's marks."""
    listed = {(package.ecosystem, package.name, package.version): package.split for package in packages}
    for split, entries in splits.items():
        for entry in entries:
            if tuple(entry) != FIELDS:
                yield f"{split}: an entry has the fields {', '.join(entry)}"
                continue
            where = f"{split}: {entry['ecosystem']}:{entry['package']}@{entry['version']} {entry['path']}"
            expected = listed.get((entry["ecosystem"], entry["package"], entry["version"]))
            if expected != split:
                yield f"{where} is of a package that the list has {'nowhere' if expected is None else 'in ' + expected}"
            if not is_allowed(entry["spdx"]):
                yield f"{where} is under {entry['spdx']}"
            if SPECIAL_TOKEN.search(entry["text"]) or len(entry["text"]) > LARGEST_BYTES:
                yield f"{where} holds a special token or is too large"


def hash_problems(train: list[Entry], validation: list[Entry], heldout: list[Entry], measured: set[str]) -> Iterator[str]:
    """No file is in two splits, by the hash of its bytes."""
    kept_out = dict.fromkeys(measured, "evaluated")
    kept_out |= {entry["sha256"]: "validation" for entry in validation} | {entry["sha256"]: "held-out" for entry in heldout}
    for entry in train:
        if entry["sha256"] in kept_out:
            yield f"train: {entry['package']} {entry['path']} is byte for byte a {kept_out[entry['sha256']]} file"
    heldout_hashes = {entry["sha256"] for entry in heldout}
    for entry in validation:
        if entry["sha256"] in heldout_hashes:
            yield f"validation: {entry['package']} {entry['path']} is byte for byte a held-out file"


def copy_problems(train: Iterable[Entry], kept_out: Iterable[Entry]) -> Iterator[str]:
    """No training file is, holds or repeats half of a held-out or validation file."""
    shingler, index = Shingler(), HeldOut()
    for entry in kept_out:
        index.add(entry["text"], shingler.shingles(entry["text"]))
    entries = list(train)
    progress = Progress("Comparing", len(entries))
    for entry in entries:
        kind = index.repeats(entry["text"], shingler.shingles(entry["text"]))
        if kind is not None:
            yield f"train: {entry['package']} {entry['path']} repeats a held-out or validation file ({kind})"
        progress.step()
    progress.done()


if __name__ == "__main__":
    main()
