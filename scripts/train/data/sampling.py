"""Chooses files so that the mix of languages holds and no package dominates. The same seed chooses the same files."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from filters import is_test
from languages import GROUPS, group_of

# A part of one package's chosen text, at most.
TEST_SHARE = 0.12
# Parts of their group, at most.
DECLARATIONS_SHARE = 0.02
JAVASCRIPT_SHARE = 0.40
# What people edit least for the room it takes, out of "shell and others".
MARKUP_SHARE = 0.15
MARKUP = frozenset(("json", "jsonc", "yaml", "toml", "html", "css", "dockerfile"))
# A part of the whole text that one package may be.
PACKAGE_SHARE = 0.012
# A group takes over what others cannot fill, up to this multiple of its part.
STRETCH = 1.3


@dataclass
class File:
    ecosystem: str
    package: str
    version: str
    spdx: str
    path: str
    language: str
    sha256: str
    text: str
    split: str
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.text.encode("utf-8"))

    @property
    def source(self) -> str:
        return f"{self.ecosystem}:{self.package}@{self.version}"


def is_declaration(path: str) -> bool:
    return path.endswith((".d.ts", ".d.mts", ".d.cts", ".pyi"))


def choose(files: list[File], target_bytes: int, seed: int) -> list[File]:
    """About `target_bytes` of text in the proportions of the mix; less where the packages hold less."""
    pools: dict[str, list[File]] = defaultdict(list)
    for file in files:
        pools[group_of(file.language)].append(file)
    available = {name: sum(map(size_of, pools[name])) for name in GROUPS}
    targets = spread({name: share * target_bytes for name, (share, _) in GROUPS.items()}, available)
    chosen: list[File] = []
    for name, target in targets.items():
        chosen.extend(_choose_group(name, pools[name], target, PACKAGE_SHARE * target_bytes, seed))
    return sorted(chosen, key=lambda file: (file.ecosystem, file.package, file.path))


def size_of(file: File) -> int:
    return file.size


def spread(wanted: dict[str, float], available: dict[str, int]) -> dict[str, float]:
    """Gives each group what it wants or has; the rest goes to groups with more, each up to `STRETCH` times its wish."""
    targets = {name: min(want, available[name]) for name, want in wanted.items()}
    for _ in range(10):
        left = sum(wanted.values()) - sum(targets.values())
        room = {name: min(STRETCH * wanted[name], available[name]) - targets[name] for name in wanted}
        total = sum(amount for amount in room.values() if amount > 0)
        if left < 1 or total < 1:
            break
        for name, amount in room.items():
            if amount > 0:
                targets[name] += min(amount, left * amount / total)
    return targets


def fair_cap(sizes: list[int], target: float) -> float:
    """The cap c for which the sum of min(size, c) is the target (water filling)."""
    left = target
    ordered = sorted(sizes)
    for index, size in enumerate(ordered):
        share = left / (len(ordered) - index)
        if size >= share:
            return share
        left -= size
    return float(ordered[-1]) if ordered else 0.0


def _choose_group(name: str, files: list[File], target: float, most: float, seed: int) -> list[File]:
    if name == "shell and others":
        return _choose_others(files, target, most, seed)
    if name != "typescript+javascript":
        return _choose_capped(files, target, most, seed)
    declarations = [file for file in files if is_declaration(file.path)]
    javascript = [file for file in files if file.language == "javascript"]
    typescript = [file for file in files if file.language != "javascript" and not is_declaration(file.path)]
    few = _choose_capped(declarations, DECLARATIONS_SHARE * target, most / 10, seed)
    typed = sum(map(size_of, typescript))
    plain = min(max(JAVASCRIPT_SHARE * target, target - typed), target)
    some = _choose_capped(javascript, plain, most, seed)
    return few + some + _choose_capped(typescript, target - sum(map(size_of, few)) - sum(map(size_of, some)), most, seed)


def _choose_others(files: list[File], target: float, most: float, seed: int) -> list[File]:
    markup = _choose_capped([file for file in files if file.language in MARKUP], MARKUP_SHARE * target, most / 20, seed)
    languages = sorted({file.language for file in files} - MARKUP)
    rest = [[file for file in files if file.language == language] for language in languages]
    left = target - sum(map(size_of, markup))
    # Each language gets the same room, and what a small one leaves goes to the larger ones.
    cap = fair_cap([sum(map(size_of, pool)) for pool in rest], left)
    return markup + [file for pool in rest for file in _choose_capped(pool, cap, most, seed)]


def _choose_capped(files: list[File], target: float, most: float, seed: int) -> list[File]:
    packages: dict[str, list[File]] = defaultdict(list)
    for file in files:
        packages[file.source].append(file)
    cap = min(most, fair_cap([sum(map(size_of, members)) for members in packages.values()], target))
    return [file for source in sorted(packages) for file in _choose_package(packages[source], cap, seed)]


def _choose_package(files: list[File], cap: float, seed: int) -> list[File]:
    """Whole folders in an order that the seed shuffles, so that neighbours stay together; tests take a small part."""

    def order(file: File) -> tuple[bytes, str]:
        folder = str(PurePosixPath(file.path).parent)
        return hashlib.blake2b(f"{seed}:{file.source}:{folder}".encode(), digest_size=8).digest(), file.path

    chosen: list[File] = []
    taken = tests = 0
    tests_cap = TEST_SHARE * min(cap, sum(map(size_of, files)))
    for file in sorted(files, key=order):
        size = file.size
        test = is_test(file.path)
        if taken + size > cap or (test and tests + size > tests_cap):
            continue
        chosen.append(file)
        taken += size
        tests += size if test else 0
    return chosen
