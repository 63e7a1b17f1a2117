"""A tiny corpus in the gathered corpus' form, from what this machine has: packages of node_modules and Python's own library.

For trials of the pipeline only: nothing of it is meant for a model that is given to anybody.

    python toy_corpus.py --node-modules ../../node_modules --out ../../.cache/train/toy
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import sysconfig
from pathlib import Path

LONGEST = 40_000
LONGEST_LINE = 400
# By the first digit of the hash of a package's name: packages, not files, are held out.
VALIDATION, HELD_OUT = "0", "1"


def files_of(node_modules: Path, per_package: int):
    for package in sorted(node_modules.iterdir()):
        if package.name.startswith((".", "@")) or not (package / "package.json").exists():
            continue
        manifest = json.loads((package / "package.json").read_text("utf8"))
        found = [path for path in sorted(package.rglob("*")) if path.suffix in (".js", ".ts", ".mjs", ".cjs") and path.is_file()]
        found = [path for path in found if ".min." not in path.name and "node_modules" not in path.relative_to(package).parts]
        for path in found[:per_package]:
            language = "typescript" if path.suffix == ".ts" else "javascript"
            yield "npm", package.name, manifest.get("version", "0"), str(manifest.get("license")), path, package, language
    library = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(library.glob("*.py")) + sorted(library.glob("[a-su-z]*/*.py")):
        if "test" in path.parts or "site-packages" in path.parts:
            continue
        package = path.stem if path.parent == library else path.parent.name
        yield "python", package, "3", "PSF-2.0", path, library, "python"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node-modules", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--per-package", type=int, default=8)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    parts: dict[str, list[str]] = {"train": [], "validation": [], "heldout": []}
    for ecosystem, package, version, spdx, path, base, language in files_of(options.node_modules, options.per_package):
        try:
            text = path.read_text("utf8")
        except UnicodeDecodeError:
            continue
        if not 400 < len(text) < LONGEST or max(map(len, text.split("\n"))) > LONGEST_LINE:
            continue
        digit = hashlib.sha256(package.encode()).hexdigest()[0]
        part = "validation" if digit == VALIDATION else "heldout" if digit == HELD_OUT else "train"
        record = {
            "ecosystem": ecosystem,
            "package": package,
            "version": version,
            "spdx": spdx,
            "path": str(path.relative_to(base)),
            "language": language,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "text": text,
        }
        parts[part].append(json.dumps(record))
    for part, lines in parts.items():
        with lzma.open(options.out / f"{part}.jsonl.xz", "wt", encoding="utf8", preset=1) as file:
            file.writelines(f"{line}\n" for line in lines)
        print(f"{part}: {len(lines)} files, {sum(map(len, lines)) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
