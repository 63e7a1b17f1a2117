"""
Finds files that are the same or nearly the same, within training and across the splits.

Shingles of five tokens; every fourth is kept (by hash, so the same ones everywhere). Two measures come from them:
MinHash (one permutation, 64 buckets, bands of 4) for pairs within a split, as in Broder 1997 and Li, Owen and Zhang 2012;
and exact containment against the held-out files, since a small file inside a larger one has a low Jaccard similarity.
"""

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SHINGLE = 5
_KEEP_MASK = 3
_BUCKETS = 64
_BAND = 4
# From this estimated Jaccard similarity on, two training files are one.
NEAR = 0.7
# From this share of the smaller file's shingles on, a training file repeats a held-out one.
CONTAINED = 0.5
# A shingle that stands in more held-out files than this is an idiom, not a copy.
_IDIOM_FILES = 20
_FEWEST = 8


def exact_key(text: str) -> bytes:
    """The same for texts that differ only in blanks and letter case."""
    return hashlib.blake2b(re.sub(r"\s+", " ", text).strip().lower().encode("utf-8"), digest_size=16).digest()


class Shingler:
    """Turns a text into hashes of its shingles; remembers the hash of each token, since few are new."""

    def __init__(self) -> None:
        self._tokens: dict[str, int] = {}

    def shingles(self, text: str) -> set[int]:
        known = self._tokens
        found = _TOKEN.findall(text)
        for token in set(found).difference(known):
            known[token] = zlib.crc32(token.encode("utf-8"))
        numbers = [known[token] for token in found]
        # The hash of a tuple of small integers does not depend on PYTHONHASHSEED.
        hashes = set(map(hash, zip(*(numbers[offset:] for offset in range(_SHINGLE)))))
        return {value for value in hashes if value & _KEEP_MASK == 0}


def signature(shingles: Iterable[int]) -> tuple[int, ...] | None:
    """One minimum for each bucket; an empty bucket takes its neighbour's. Nothing when there is too little to compare."""
    minima: list[int | None] = [None] * _BUCKETS
    count = 0
    for value in shingles:
        count += 1
        bucket = (value >> 2) % _BUCKETS
        rest = (value >> 8) & 0xFFFFFFFF
        least = minima[bucket]
        if least is None or rest < least:
            minima[bucket] = rest
    if count < _FEWEST:
        return None
    filled = list(minima)
    for bucket in range(_BUCKETS):
        step = 0
        while filled[bucket] is None:
            step += 1
            neighbour = minima[(bucket + step) % _BUCKETS]
            # The distance goes into the number so that borrowed values match only borrowed values.
            filled[bucket] = None if neighbour is None else (neighbour + step * 0x9E3779B1) & 0xFFFFFFFF
    return tuple(value for value in filled if value is not None)


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return sum(a == b for a, b in zip(one, other)) / _BUCKETS


class NearDuplicates:
    """Keeps the first of each family of similar texts, in the order in which they are offered."""

    def __init__(self) -> None:
        self._bands: dict[tuple[int, ...], list[int]] = defaultdict(list)
        self._kept: list[tuple[int, ...]] = []

    def is_repeat(self, sketch: tuple[int, ...] | None) -> bool:
        if sketch is None:
            return False
        keys = [(start, *sketch[start : start + _BAND]) for start in range(0, _BUCKETS, _BAND)]
        for candidate in {index for key in keys for index in self._bands.get(key, ())}:
            if similarity(self._kept[candidate], sketch) >= NEAR:
                return True
        for key in keys:
            self._bands[key].append(len(self._kept))
        self._kept.append(sketch)
        return False


class HeldOut:
    """Knows all texts of the held-out and validation packages; answers whether another text repeats one of them."""

    def __init__(self) -> None:
        self._files: dict[int, list[int]] = defaultdict(list)
        self._sizes: list[int] = []
        self._exact: set[bytes] = set()

    def add(self, text: str, shingles: set[int]) -> None:
        self._exact.add(exact_key(text))
        for value in shingles:
            self._files[value].append(len(self._sizes))
        self._sizes.append(len(shingles))

    def repeats(self, text: str, shingles: set[int]) -> str | None:
        """`exact`, `near`, or nothing."""
        if exact_key(text) in self._exact:
            return "exact"
        shared: dict[int, int] = defaultdict(int)
        for value in shingles:
            files = self._files.get(value, ())
            if len(files) <= _IDIOM_FILES:
                for file in files:
                    shared[file] += 1
        for file, count in shared.items():
            if count >= _FEWEST and count >= CONTAINED * min(len(shingles), self._sizes[file]):
                return "near"
        return None
