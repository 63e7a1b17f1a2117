"""Writes the newest version into each line of `packages.json` that has none: `python3 pin.py`. Asks only for packages on the list."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from fetch import FetchFailed, Package, latest_version
from progress import Progress

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[2] / ".cache" / "train"


def write_list(path: Path, packages: list[Package], refused: dict[str, str]) -> None:
    """One package a line, so that a review sees what changed; `refused` keeps what a review took off the list, and why."""
    ordered = sorted(packages, key=lambda package: (package.ecosystem, package.name.lower()))
    lines = ",\n".join(
        "    " + json.dumps({field: getattr(package, field) for field in ("ecosystem", "name", "version", "spdx", "split")})
        for package in ordered
    )
    note = "Reviewed list: only permissive licences; `heldout` packages are never trained on. pin.py fills empty versions."
    reasons = ",\n".join(f"    {json.dumps(key)}: {json.dumps(refused[key])}" for key in sorted(refused))
    text = f'{{\n  "//": {json.dumps(note)},\n  "refused": {{\n{reasons}\n  }},\n  "packages": [\n{lines}\n  ]\n}}\n'
    path.write_text(text, "utf-8")


def main() -> None:
    path = HERE / "packages.json"
    listed = json.loads(path.read_text("utf-8"))
    packages = [Package(**entry) for entry in listed["packages"]]
    missing = [package for package in packages if package.version == ""]
    progress = Progress("Pinning", len(missing))
    failures: list[str] = []

    def pin(package: Package) -> Package:
        try:
            pinned = replace(package, version=latest_version(package, CACHE))
        except FetchFailed as failure:
            failures.append(f"{package.ecosystem}:{package.name}: {failure}")
            pinned = package
        progress.step(package.name)
        return pinned

    with ThreadPoolExecutor(3) as pool:
        pinned = dict(zip((id(package) for package in missing), pool.map(pin, missing)))
    progress.done()
    write_list(path, [pinned.get(id(package), package) for package in packages], listed.get("refused", {}))
    for failure in failures:
        print(failure, file=sys.stderr)
    if failures:
        raise SystemExit(f"{len(failures)} packages have no version yet: correct their names or take them off the list.")


if __name__ == "__main__":
    main()
