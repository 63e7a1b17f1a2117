"""Where a training example is cut: line-shaped, syntax-shaped and random holes. Pure; everything comes from the `Random` given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

# Shares of the kinds. Mid-line to the end of the line is what the engine asks for most.
KINDS = {"rest": 0.34, "line": 0.20, "block": 0.14, "bracket": 0.14, "chars": 0.18}
MOST_BLOCK_LINES = 6
LONGEST_HOLE = 480
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_OPENERS = re.compile(r"[(\[{]")


@dataclass(frozen=True)
class Hole:
    kind: str
    # The cursor, and where the text goes on behind the hole.
    start: int
    end: int


def choose_hole(text: str, chance: Random, kind: str | None = None) -> Hole | None:
    """A hole in `text`; None when this draw finds no place for its kind."""
    kind = kind or chance.choices(list(KINDS), weights=list(KINDS.values()))[0]
    hole = _FIND[kind](text, chance)
    if hole is None or not text[hole.start : hole.end].strip() or hole.end - hole.start > LONGEST_HOLE:
        return None
    return hole


def _random_line(text: str, chance: Random) -> tuple[int, int, int] | None:
    """Start of a line that holds text, where its text begins, and where it ends."""
    for _ in range(8):
        at = chance.randrange(len(text)) if text else 0
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        line = text[start : end if end >= 0 else len(text)].rstrip()
        indent = len(line) - len(line.lstrip())
        if len(line) - indent >= 2:
            return start, start + indent, start + len(line)
    return None


def _rest(text: str, chance: Random) -> Hole | None:
    line = _random_line(text, chance)
    if line is None:
        return None
    _, code, end = line
    # Anywhere behind the first character, in the middle of words too.
    return Hole("rest", chance.randrange(code + 1, end), end) if end - code > 1 else None


def _line(text: str, chance: Random) -> Hole | None:
    line = _random_line(text, chance)
    if line is None:
        return None
    _, code, end = line
    typed = 0 if chance.random() < 0.7 else min(2, end - code - 1)
    return Hole("line", code + typed, end)


def _bracket(text: str, chance: Random) -> Hole | None:
    at = chance.randrange(len(text)) if text else 0
    opener = _OPENERS.search(text, at)
    if opener is None:
        return None
    start = opener.end()
    depth = 1
    for end in range(start, min(len(text), start + LONGEST_HOLE)):
        character = text[end]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                return Hole("bracket", start, end) if character == _CLOSER[opener.group()] and end > start else None
    return None


def _block(text: str, chance: Random) -> Hole | None:
    """The lines below one that are indented deeper than it, up to six that are whole by their indentation; else lines in a row."""
    line = _random_line(text, chance)
    if line is None:
        return None
    start, code, end = line
    head_indent = code - start
    at = text.find("\n", end)
    body: list[tuple[int, int, int]] = []  # indent, start of the text, end
    while at >= 0 and len(body) <= MOST_BLOCK_LINES:
        stop = text.find("\n", at + 1)
        whole = text[at + 1 : stop if stop >= 0 else len(text)]
        inner = whole.rstrip()
        if inner:
            indent = len(inner) - len(inner.lstrip())
            if indent <= head_indent:
                break
            body.append((indent, at + 1 + indent, at + 1 + len(inner)))
        at = stop
    else:
        if at >= 0 and body:
            # More than six lines: as many as end before a line of the body's own depth.
            own = body[0][0]
            ends = [n for n in range(1, min(len(body), MOST_BLOCK_LINES + 1)) if n < len(body) and body[n][0] <= own]
            if not ends:
                return None
            body = body[: ends[-1]]
    if body:
        # The cursor stands at the end of the head, or where the body's text begins.
        return Hole("block", end if chance.random() < 0.4 else body[0][1], body[-1][2])
    lines = chance.randrange(2, MOST_BLOCK_LINES + 1)
    stop = end
    for _ in range(lines - 1):
        following = text.find("\n", stop + 1)
        if following < 0:
            break
        stop = following
    return Hole("block", code, start + len(text[start:stop].rstrip()))


def _chars(text: str, chance: Random) -> Hole | None:
    if len(text) < 2:
        return None
    start = chance.randrange(len(text) - 1)
    length = 1 + min(LONGEST_HOLE - 1, int(chance.expovariate(1 / 60)))
    return Hole("chars", start, min(len(text), start + length))


_FIND = {"rest": _rest, "line": _line, "block": _block, "bracket": _bracket, "chars": _chars}
