#!/usr/bin/env python3
"""Keeps an inventory and prints it."""
from __future__ import annotations

import json
import os.path as paths
import sys, re
from collections import OrderedDict, defaultdict as default
from dataclasses import (
    dataclass,
    field,
)
from typing import *

LIMIT = 10
version: str = "1.0"
first, *rest = [1, 2, 3]
(left, right), last = (1, 2), 3

type Pair[T] = tuple[T, T]


class Named(Protocol):
    name: str

    def label(self) -> str: ...


@dataclass(frozen=True)
class Item(Named):
    """One thing on the shelf."""

    name: str
    price: float = 0.0
    tags: list[str] = field(default_factory=list)
    width, height = 1, 2

    @property
    def cost(self) -> float:
        return self.price * TAX

    @staticmethod
    def parse(text: str, /, sep: str = ";", *extra: int, strict=False, **options: Any) -> "Item":
        name, price = text.split(sep)
        return Item(name, float(price))


class Colour(enum.Enum):
    RED = 1
    GREEN = "green"


class Shelf[T: Named]:
    def __init__(self, items: dict[str, T] | None = None):
        self.items = items or {}
        self._count: int = len(self.items)

    async def load(self, path: str) -> None:
        try:
            with open(path, encoding="utf-8") as handle, lock:
                raw = json.load(handle)
        except (OSError, ValueError) as error:
            print(f"cannot read {path!r}: {error}", file=sys.stderr)
            raise
        else:
            for index, (key, value) in enumerate(raw.items()):
                self.items[key] = Item.parse(value)
        finally:
            total = sum(item.price for item in self.items.values() if item.price > 0)
        self._count += total

    def matching(self, pattern):
        if (found := re.search(pattern, self.first.name)) is not None:
            return [name for name, item in self.items.items() if found]
        keyed = lambda entry, *more: entry[0]
        return sorted(self.items, key=keyed)


def walk[T](tree: Pair[T], *, depth: int = 0) -> Iterator[T]:
    match tree:
        case Item(name=label, price=0.0):
            yield label
        case [head, *tail] if depth < LIMIT:
            yield from walk(tail, depth=depth + 1)
        case {"kind": kind, **others}:
            yield kind
        case str() as text:
            yield text
        case _:
            global version
            print(version)


if __name__ == "__main__":
    shelf = Shelf()
    shelf.load(paths.join(sys.argv[1], "items.json"))
    del shelf
