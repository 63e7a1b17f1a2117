"""Writes the data card and the list of sources from the manifest of a gathered corpus: `python3 scripts/train/data/card.py`."""

import json
import lzma
from collections import Counter
from pathlib import Path

from gather import CACHE, HERE, SPLITS
from languages import GROUPS
from sampling import DECLARATIONS_SHARE, PACKAGE_SHARE, TEST_SHARE
from verify import read_split

FILES_LIMIT_BYTES = 2_000_000
BAR = 40


def main() -> None:
    folder = CACHE / "corpus"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if manifest["options"]["only"] or manifest["options"]["limit"]:
        raise SystemExit("The corpus at hand is a part (--only or --limit): the card describes the whole. Gather again without them.")
    (HERE / "sources.tsv").write_text(sources(manifest), "utf-8")
    listed = write_files(folder, HERE / "files.tsv.xz")
    (HERE / "data-card.md").write_text(card(manifest, listed), "utf-8")
    rest = " and files.tsv.xz." if listed else f"; files.tsv.xz is over {FILES_LIMIT_BYTES} bytes and stays in the cache."
    print("Wrote data-card.md, sources.tsv" + rest)


def sources(manifest: dict) -> str:
    """One line for each package, with a hash over its sorted paths and file hashes."""
    columns = ("package", "spdx", "evidence", "split", "files", "bytes", "filesSha256")
    rows = ["\t".join(columns), *("\t".join(str(row[column]) for column in columns) for row in manifest["packages"])]
    return "\n".join(rows) + "\n"


def write_files(folder: Path, target: Path) -> bool:
    """Every file with its package, path, hash and split; beside the corpus, and committed when it is small enough."""
    rows = []
    for split in SPLITS:
        for entry in read_split(folder / f"{split}.jsonl.xz"):
            key = f"{entry['ecosystem']}:{entry['package']}@{entry['version']}"
            rows.append(f"{key}\t{entry['spdx']}\t{entry['path']}\t{entry['sha256']}\t{split}\n")
    packed = lzma.compress(("package\tspdx\tpath\tsha256\tsplit\n" + "".join(rows)).encode("utf-8"), preset=9 | lzma.PRESET_EXTREME)
    (folder / "files.tsv.xz").write_bytes(packed)
    target.unlink(missing_ok=True)
    if len(packed) > FILES_LIMIT_BYTES:
        return False
    target.write_bytes(packed)
    return True


def card(manifest: dict, listed: bool) -> str:
    splits, options = manifest["splits"], manifest["options"]
    parts = [
        "# Data card: the source code that our model learns from\n",
        "Written by `card.py` from a gathered corpus; do not change it by hand. How it is made is in `README.md`.\n",
        f"Made by `python3 scripts/train/data/gather.py --target-mb {options['target_mb']:g} --text-bytes {options['text_bytes']} --seed {options['seed']}`",
        "from the archives in `packages.lock.json`; the same command makes the same text.\n",
        "## Splits\n",
        table(
            ("split", "packages", "files", "MB of text", "MB compressed", "sha256 of the compressed file"),
            [
                (split, row["packages"], row["files"], f"{row['bytes'] / 1e6:.1f}", f"{row['compressedBytes'] / 1e6:.2f}", f"`{row['compressedSha256']}`")
                for split, row in splits.items()
            ],
        ),
        "A package is in one split only, whole. `heldout` holds everything that `scripts/evaluate/corpus.json` measures; none of it, and nothing",
        "that repeats half of one of its files, is in `train` (`verify.py` checks the written files).\n",
        "## Mix of the training text\n",
        mix(splits["train"]),
        "## Languages\n",
        by_split(splits, "language"),
        "## Registries\n",
        by_split(splits, "ecosystem"),
        "## Licences\n",
        "As reviewed in `packages.json` and found again in each package (`licences.py` has the list of allowed ones).\n",
        by_split(splits, "spdx"),
        "## What was left out\n",
        f"Files, by reason. At most {PACKAGE_SHARE:.1%} of the text is of one package, {DECLARATIONS_SHARE:.0%} of TypeScript's are declarations, "
        f"{TEST_SHARE:.0%} of a package's are tests; what passed all rules and was not needed for the mix is not counted here.\n",
        table(("reason", "files"), sorted(manifest["droppedFiles"].items(), key=lambda item: -item[1])),
        "Packages of the list that gave nothing.\n",
        table(("package", "reason"), sorted(manifest["droppedPackages"].items())) if manifest["droppedPackages"] else "None.\n",
        "Packages that the review took off the list, with what was read in them.\n",
        table(("package", "reason"), sorted(json.loads((HERE / "packages.json").read_text("utf-8"))["refused"].items())),
        "## Sources\n",
        "`sources.tsv` beside this page has the same list with the evidence for the licence and a hash over the chosen files"
        + ("; `files.tsv.xz` has every file with its hash.\n" if listed else "; the list of every file is made by `card.py` in the cache.\n"),
        *(source_table(manifest, split) for split in SPLITS),
        "## Limits\n",
        "- Package code is what public models were trained on too: the held-out packages are new to ours, not to the models it is compared with.",
        "- Python comes from wheels: few of its tests and none of its build scripts are there.",
        "- Licence comments at the head of files are taken off eleven times out of twelve. Names and addresses elsewhere in comments stay.",
        "- Credentials are looked for by form; a secret that looks like a word is not found.",
        "- English comments dominate: files with more than a tenth of other letters are dropped.\n",
    ]
    return "\n".join(parts)


def mix(train: dict) -> str:
    total = max(1, train["bytes"])
    rows = []
    for name, (wanted, _) in GROUPS.items():
        part = train["group"].get(name, {"bytes": 0})["bytes"] / total
        rows.append((name, f"{wanted:.0%}", f"{part:.1%}", "`" + "█" * round(part * BAR * 2) + "`"))
    return table(("part", "wanted", "is", ""), rows)


def by_split(splits: dict, key: str) -> str:
    trained = splits["train"][key]
    names = sorted({name for row in splits.values() for name in row[key]}, key=lambda name: (-trained.get(name, {"bytes": 0})["bytes"], name))
    largest = max([row["bytes"] for row in trained.values()], default=1)
    rows = []
    for name in names:
        cells = [splits[split][key].get(name, {"files": 0, "bytes": 0}) for split in SPLITS]
        counts = [f"{cell['files']} / {cell['bytes'] / 1e6:.1f}" for cell in cells]
        rows.append((name, *counts, "`" + "█" * max(1, round(BAR * cells[0]["bytes"] / largest)) + "`" if cells[0]["bytes"] else ""))
    return table((key if key != "spdx" else "licence", *(f"{split}: files / MB" for split in SPLITS), "training text"), rows)


def source_table(manifest: dict, split: str) -> str:
    rows = [(row["package"], row["spdx"], row["files"], f"{row['bytes'] / 1e3:.0f}") for row in manifest["packages"] if row["split"] == split]
    counts = Counter(row["split"] for row in manifest["packages"])
    return f"### {split}: {counts[split]} packages\n\n" + table(("package", "licence", "files", "kB"), rows)


def table(head: tuple[str, ...], rows: list[tuple]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
