"""
Gathers permissively licensed source code of reviewed packages into training, validation and held-out files.

    python3 scripts/train/data/gather.py --target-mb 44

Downloads are kept in `.cache/train/archives` and held against `packages.lock.json`, so that a second run makes the same files.
"""

import argparse
import hashlib
import json
import lzma
import pickle
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from archive import UnsafeArchive
from dedupe import HeldOut, NearDuplicates, Shingler, exact_key, signature
from fetch import FETCHERS, TOGETHER, FetchFailed, Package, fetch, hash_file, prepare, read_list
from languages import Languages, group_of
from progress import Progress
from reading import Reading, read_package
from sampling import File, choose

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CACHE = ROOT / ".cache" / "train"
LOCK = HERE / "packages.lock.json"
SPLITS = ("train", "validation", "heldout")
# Text of one held-out or validation package, at most: enough for the cuts of an evaluation, small to carry.
MEASURE_PACKAGE_BYTES = 400_000
# Text to compressed text, to begin with; and how much more is compared than is needed, for what turns out to be repeated.
FIRST_RATIO = 5.8
CANDIDATES = 1.5
DOWNLOADS_AT_ONCE = 3
# The modules whose rules decide what a reading holds.
RULES = ("archive", "credentials", "filters", "headers", "languages", "licences", "reading")
FIELDS = ("ecosystem", "package", "version", "spdx", "path", "language", "sha256", "text")


def main() -> None:
    options = read_options()
    started = time.monotonic()
    packages = select(read_list(HERE / "packages.json"), options.only, options.limit)
    archives, failures = fetch_all(packages)
    check_lock(archives, {package.key for package in read_list(HERE / "packages.json")})
    readings, broken = read_all(packages, archives)
    files, repeated = remove_repeats(readings, candidates(readings, options))
    chosen, sizes, options.text_bytes = write_corpus(files, options, CACHE / "corpus")
    manifest = describe(options, readings, chosen, sizes, repeated, {**failures, **broken})
    manifest["seconds"] = round(time.monotonic() - started)
    (CACHE / "corpus" / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    tell(manifest)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Gathers the corpus that our code model learns from.")
    parser.add_argument("--target-mb", type=float, default=44, help="size of train.jsonl.xz, at most, in million bytes (default 44)")
    parser.add_argument("--text-bytes", type=int, help="the amount of training text to choose, instead of looking for it: see the data card")
    parser.add_argument("--only", choices=sorted(FETCHERS), action="append", help="only packages of this ecosystem; may be repeated")
    parser.add_argument("--limit", type=int, help="toy size: so many training packages of each ecosystem, a quarter of that of the other splits")
    parser.add_argument("--seed", type=int, default=1, help="chooses other files in the same proportions (default 1)")
    return parser.parse_args()


def select(packages: list[Package], only: list[str] | None, limit: int | None) -> list[Package]:
    seen: Counter[tuple[str, str]] = Counter()
    chosen = []
    for package in packages:
        key = (package.ecosystem, package.split)
        most = None if limit is None else limit if package.split == "train" else max(1, limit // 4)
        if (only is None or package.ecosystem in only) and (most is None or seen[key] < most):
            seen[key] += 1
            chosen.append(package)
    if not chosen:
        raise SystemExit("No package is left: loosen --only or --limit.")
    return chosen


def fetch_all(packages: list[Package]) -> tuple[dict[str, list[Path]], dict[str, str]]:
    started = Progress("Fetching together", sum(package.ecosystem in TOGETHER for package in packages))
    prepare(packages, CACHE, started.step)
    started.done()
    progress = Progress("Fetching", len(packages))
    archives: dict[str, list[Path]] = {}
    failures: dict[str, str] = {}
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        running = {pool.submit(fetch, package, CACHE): package for package in packages}
        for done in as_completed(running):
            package = running[done]
            try:
                archives[package.key] = done.result()
            except FetchFailed as failure:
                failures[package.key] = f"not fetched: {failure}"
            progress.step(package.key)
    progress.done()
    for key, failure in sorted(failures.items()):
        print(f"{key}: {failure}", file=sys.stderr)
    return archives, failures


def check_lock(archives: dict[str, list[Path]], listed: set[str]) -> None:
    """Stops when an archive is not the one that was recorded; records the ones that are new, forgets those that left the list."""
    recorded = json.loads(LOCK.read_text("utf-8")) if LOCK.exists() else {}
    lock = {key: hashes for key, hashes in recorded.items() if key in listed}
    for key, paths in archives.items():
        found = {path.name: hash_file(path) for path in paths}
        if lock.setdefault(key, found) != found:
            raise SystemExit(f"{key}: the archive is not the one of {LOCK.name}. Find out why before you remove its entry there.")
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(lock[key], sort_keys=True)}" for key in sorted(lock))
    LOCK.write_text(f"{{\n{lines}\n}}\n", "utf-8")


def read_all(packages: list[Package], archives: dict[str, list[Path]]) -> tuple[list[Reading], dict[str, str]]:
    languages = Languages()
    rules = hashlib.sha256(b"".join((HERE / f"{name}.py").read_bytes() for name in RULES)).hexdigest()
    progress = Progress("Reading", len(archives))
    readings: list[Reading] = []
    broken: dict[str, str] = {}
    for package in packages:
        if package.key not in archives:
            continue
        try:
            readings.append(remembered(package, archives[package.key], languages, rules))
        except (UnsafeArchive, OSError, EOFError, ValueError, lzma.LZMAError) as error:
            broken[package.key] = f"not readable: {error}"
            print(f"{package.key}: {broken[package.key]}", file=sys.stderr)
        progress.step(package.key)
    progress.done()
    return readings, broken


def remembered(package: Package, paths: list[Path], languages: Languages, rules: str) -> Reading:
    """What was read of these archives by these rules before, or reads it now; so that an interrupted run goes on where it was."""
    parts = [rules, repr(package), *(hash_file(path) for path in paths)]
    kept = CACHE / "readings" / f"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    reading = read_package(package, paths, languages, package.split != "train")
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".part")
    partial.write_bytes(pickle.dumps(reading))
    partial.rename(kept)
    return reading


def candidates(readings: list[Reading], options: argparse.Namespace) -> dict[str, list[File]]:
    """By package, the files to compare: of training packages half as much again as is needed, since comparing takes longest."""
    files = [file for reading in readings if reading.package.split == "train" for file in reading.files]
    chosen: dict[str, list[File]] = defaultdict(list)
    for file in choose(files, int(CANDIDATES * FIRST_RATIO * options.target_mb * 1e6), options.seed):
        chosen[file.source].append(file)
    return chosen | {reading.package.key: reading.files for reading in readings if reading.package.split != "train"}


def remove_repeats(readings: list[Reading], candidates: dict[str, list[File]]) -> tuple[list[File], Counter[str]]:
    """Held-out files stay, then validation, then training: of two that are alike the one in training goes."""
    shingler = Shingler()
    kept: list[File] = []
    repeated: Counter[str] = Counter()
    heldout = HeldOut()
    progress = Progress("Comparing", sum(map(len, candidates.values())))
    for split in ("heldout", "validation", "train"):
        members = [reading for reading in readings if reading.package.split == split]
        exact: set[bytes] = set()
        near = NearDuplicates()
        for reading in members:
            for file in candidates.get(reading.package.key, ()):
                progress.step(file.source)
                key = exact_key(file.text)
                shingles = shingler.shingles(file.text)
                against = None if split == "heldout" else heldout.repeats(file.text, shingles)
                if against is not None:
                    repeated[f"{split}: repeats a held-out or validation file ({against})"] += 1
                elif key in exact:
                    repeated[f"{split}: exact duplicate"] += 1
                elif near.is_repeat(signature(shingles)):
                    repeated[f"{split}: near-duplicate"] += 1
                else:
                    kept.append(file)
                exact.add(key)
        # Only after the whole split: its own files are no reason to leave one of them out.
        for reading in members:
            # Both as they are in the archive and without their licence comments, since the comparison is with the smaller one.
            for text in {*reading.everything, *(file.text for file in reading.files)}:
                heldout.add(text, shingler.shingles(text))
    progress.done()
    return kept, repeated


def write_corpus(files: list[File], options: argparse.Namespace, folder: Path) -> tuple[dict[str, list[File]], dict[str, int], int]:
    """
    Chooses and writes all splits; the training file is written again, smaller or larger, until its size is right.

    Also returns the amount of text that was asked for in the end: with `--text-bytes` another version of the compressor chooses the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pools: dict[str, list[File]] = defaultdict(list)
    for file in files:
        pools[file.split].append(file)
    chosen = {split: measured(pools[split]) for split in ("validation", "heldout")}
    sizes = {split: write_split(chosen[split], folder / f"{split}.jsonl.xz") for split in chosen}
    pools["train"] = leave_out_repeats(pools["train"], [*chosen["heldout"], *chosen["validation"]])
    limit = options.target_mb * 1e6
    available = sum(file.size for file in pools["train"])
    target = options.text_bytes or min(limit * FIRST_RATIO, available * 1.5)
    for attempt in range(4):
        chosen["train"] = choose(pools["train"], int(target), options.seed)
        text = sum(file.size for file in chosen["train"])
        sizes["train"] = write_split(chosen["train"], folder / "train.jsonl.xz")
        exhausted = text < 0.9 * target and sizes["train"] <= limit
        if options.text_bytes or exhausted or 0.93 * limit <= sizes["train"] <= limit:
            break
        # A little below, since the ratio changes with the choice.
        target *= 0.98 * limit / sizes["train"]
    if sizes["train"] > limit:
        raise SystemExit(f"train.jsonl.xz is {sizes['train']} bytes, over {limit:.0f}: give a smaller --target-mb.")
    return chosen, sizes, int(target)


def leave_out_repeats(files: list[File], kept_out: list[File]) -> list[File]:
    """
    Held to the written held-out files alone, as verify.py looks at them: among fewer files fewer shingles are idioms, so that
    some files repeat more than they did beside all of the held-out packages.
    """
    shingler, heldout = Shingler(), HeldOut()
    for file in kept_out:
        heldout.add(file.text, shingler.shingles(file.text))
    progress = Progress("Comparing again", len(files))
    left = []
    for file in files:
        if heldout.repeats(file.text, shingler.shingles(file.text)) is None:
            left.append(file)
        progress.step()
    progress.done()
    return left


def measured(files: Iterable[File]) -> list[File]:
    """Of each package up to a few hundred kilobytes, spread over its folders."""
    taken: Counter[str] = Counter()
    chosen = []
    for file in sorted(files, key=lambda file: hashlib.sha256(f"{file.source}:{file.path}".encode()).digest()):
        if taken[file.source] + file.size <= MEASURE_PACKAGE_BYTES:
            taken[file.source] += file.size
            chosen.append(file)
    return sorted(chosen, key=lambda file: (file.ecosystem, file.package, file.path))


def write_split(files: list[File], path: Path) -> int:
    """One JSON object a line; moved into place when complete. Returns the compressed size in bytes."""
    progress = Progress(f"Writing {path.name}", len(files))
    packing = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 27}]
    partial = path.with_suffix(".part")
    with lzma.open(partial, "wb", filters=packing) as stream:
        for file in files:
            entry = {name: getattr(file, name) for name in FIELDS}
            stream.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")
            progress.step()
    progress.done()
    partial.rename(path)
    return path.stat().st_size


def describe(
    options: argparse.Namespace,
    readings: list[Reading],
    chosen: dict[str, list[File]],
    sizes: dict[str, int],
    repeated: Counter[str],
    failures: dict[str, str],
) -> dict:
    """The manifest: all counts that the data card shows, in stable order."""
    splits = {}
    for split in SPLITS:
        files = chosen[split]
        splits[split] = {
            "files": len(files),
            "packages": len({file.source for file in files}),
            "bytes": sum(file.size for file in files),
            "compressedBytes": sizes[split],
            "compressedSha256": hash_file(CACHE / "corpus" / f"{split}.jsonl.xz"),
            **{by: tally(files, by) for by in ("group", "language", "ecosystem", "spdx")},
        }
    dropped: Counter[str] = Counter(repeated)
    for reading in readings:
        dropped.update(reading.dropped)
    members: dict[str, list[File]] = defaultdict(list)
    for files in chosen.values():
        for file in files:
            members[file.source].append(file)
    refused = dict(failures)
    rows = []
    for reading in readings:
        package, files = reading.package, members[reading.package.key]
        if reading.verdict.spdx is None:
            refused[package.key] = reading.verdict.reason
        elif not files:
            refused[package.key] = f"no file was chosen ({len(reading.files)} passed; dropped: {dict(reading.dropped.most_common(3))})"
        else:
            digest = hashlib.sha256("".join(sorted(f"{file.path}\0{file.sha256}\n" for file in files)).encode()).hexdigest()
            rows.append(
                {
                    "package": package.key,
                    "spdx": package.spdx,
                    "evidence": reading.verdict.evidence,
                    "split": package.split,
                    "files": len(files),
                    "bytes": sum(file.size for file in files),
                    "passed": len(reading.files),
                    "passedBytes": sum(file.size for file in reading.files),
                    "filesSha256": digest,
                }
            )
    command = ["seed", "target_mb", "text_bytes", "only", "limit"]
    return {
        "options": {name: getattr(options, name) for name in command},
        "splits": splits,
        "packages": sorted(rows, key=lambda row: row["package"]),
        "droppedFiles": dict(sorted(dropped.items())),
        "droppedPackages": dict(sorted(refused.items())),
    }


def tally(files: list[File], by: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"files": 0, "bytes": 0})
    for file in files:
        row = counts[group_of(file.language) if by == "group" else getattr(file, by)]
        row["files"] += 1
        row["bytes"] += file.size
    return dict(sorted(counts.items(), key=lambda item: -item[1]["bytes"]))


def tell(manifest: dict) -> None:
    for split, counts in manifest["splits"].items():
        size, packed = counts["bytes"], counts["compressedBytes"] / 1e6
        print(f"{split}: {counts['files']} files of {counts['packages']} packages, {size / 1e6:.1f} MB, {packed:.1f} MB compressed")
        for language, row in counts["language"].items():
            print(f"  {language:<12} {row['files']:>6} files {row['bytes'] / 1e6:>7.1f} MB {100 * row['bytes'] / max(1, size):>5.1f} %")
    print(f"{len(manifest['droppedPackages'])} packages dropped, see manifest.json; next: card.py, verify.py. {manifest['seconds']} s")


if __name__ == "__main__":
    main()
