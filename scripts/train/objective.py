"""Training examples from files: half left to right, half fill-in-the-middle in the engine's own prompt. Deterministic by seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Iterator, Sequence

from engine_prompt import BLANKS, FILL_OF_NEW_CUT, Related, build_prompt, split_segments
from holes import Hole, choose_hole
from vocabulary import END, FILE, Vocabulary

PATH_SHARE = 0.7
RELATED_SHARE = 0.15
EMPTY_SUFFIX_SHARE = 0.06
EMPTY_MIDDLE_SHARE = 0.04
# After Enter some lines stand behind the suffix (anchor.ts).
BEHIND_SHARE = 0.2
MOST_BEHIND = 6
# Prompts are cut for these sizes (budget.ts); a processor mostly takes the middle ones.
BUDGETS = {256: 0.15, 384: 0.15, 512: 0.30, 768: 0.25, 1024: 0.15}
PLAIN_TOKENS = 1024
LONGEST = 1536
KINDS = ("plain", "rest", "line", "block", "bracket", "chars", "empty")


@dataclass(frozen=True)
class SourceFile:
    package: str
    path: str
    language: str
    text: str


@dataclass
class Example:
    tokens: list[int]
    # Where the part begins that the model is to answer; 0 for plain text.
    answer: int
    kind: str
    # Characters of text in the answer, or in all of a plain example.
    characters: int


def examples_of(
    file: SourceFile,
    others: Sequence[SourceFile],
    vocabulary: Vocabulary,
    chance: Random,
    fim_rate: float = 0.5,
    longest: int = LONGEST,
) -> Iterator[Example]:
    """One pass over a file: its text once as it is, and cuts that weigh `fim_rate` of all tokens.

    `longest` bounds an example in tokens; trials on a processor take less than the engine's prompts have.
    """
    segments = split_segments(file.text, vocabulary.joint)
    total = sum(len(ids) for ids in vocabulary.encode_many(segments))
    if total == 0:
        return
    yield from _plain(file, others, segments, vocabulary, chance, min(PLAIN_TOKENS, longest - 1))
    # A cut shows about this many tokens: several of a long file, sometimes one of a short one.
    wanted = total / min(560, longest * 0.7) * fim_rate / (1 - fim_rate)
    count = int(wanted) + (1 if chance.random() < wanted % 1 else 0)
    for _ in range(count):
        example = cut_example(file, others, vocabulary, chance, longest)
        if example is not None:
            yield example


def cut_example(
    file: SourceFile, others: Sequence[SourceFile], vocabulary: Vocabulary, chance: Random, longest: int = LONGEST
) -> Example | None:
    """Two more draws where the first finds no place."""
    budgets = {size: share for size, share in BUDGETS.items() if size <= longest * 0.7} or {256: 1.0}
    for _ in range(3):
        hole = choose_hole(file.text, chance)
        if hole is None:
            continue
        budget = chance.choices(list(budgets), weights=list(budgets.values()))[0]
        draw = chance.random()
        before, middle, after = file.text[: hole.start], file.text[hole.start : hole.end], file.text[hole.end :]
        kind = hole.kind
        if draw < EMPTY_SUFFIX_SHARE:
            # Somebody writes at the end of a file: what comes after the line does not exist yet.
            after = ""
        elif draw < EMPTY_SUFFIX_SHARE + EMPTY_MIDDLE_SHARE:
            # Nothing is missing: a place behind a whole line or a whole bracket.
            before, middle, kind = file.text[: hole.end], "", "empty"
        return cut_at(
            vocabulary,
            file,
            before,
            middle,
            after,
            kind=kind,
            budget=budget,
            has_path=chance.random() < PATH_SHARE,
            related=_related(file, others, chance),
            fill=chance.uniform(0.4, 1.0),
            lines_behind=chance.randrange(1, MOST_BEHIND + 1) if chance.random() < BEHIND_SHARE else 0,
            longest=longest,
        )
    return None


def cut_at(
    vocabulary: Vocabulary,
    file: SourceFile,
    before: str,
    middle: str,
    after: str,
    *,
    kind: str,
    budget: int,
    has_path: bool = True,
    related: tuple[Related, ...] = (),
    fill: float = FILL_OF_NEW_CUT,
    lines_behind: int = 0,
    longest: int = LONGEST,
) -> Example | None:
    """The engine's prompt, then the answer: the half word that healing takes back, the hole's text and the end."""
    prompt = build_prompt(
        vocabulary,
        file.path if has_path else None,
        before,
        after,
        budget,
        related=related,
        fill=fill,
        lines_behind=lines_behind,
    )
    if prompt is None:
        return None
    # Blanks in front of nothing are no answer: what is typed already is all.
    answer = prompt.typed + middle
    ids = [token for one in split_segments(answer, vocabulary.joint) for token in vocabulary.encode(one)]
    tokens = [*prompt.tokens, *ids, vocabulary.special[END]]
    if len(tokens) > longest:
        return None
    return Example(tokens, len(prompt.tokens), kind, len(answer))


def validation_holes(
    file: SourceFile,
    vocabulary: Vocabulary,
    chance: Random,
    kinds: Sequence[str] = ("rest", "line", "block"),
    longest: int = LONGEST,
) -> Iterator[Example]:
    """One hole of each kind as the engine would ask on a processor: 512 tokens, the path, no other file."""
    for kind in kinds:
        hole: Hole | None = None
        for _ in range(6):
            hole = hole or choose_hole(file.text, chance, kind)
        if hole is None:
            continue
        text = file.text
        example = cut_at(
            vocabulary,
            file,
            text[: hole.start],
            text[hole.start : hole.end],
            text[hole.end :],
            kind=kind,
            budget=512 if longest >= 768 else 256,
            longest=longest,
        )
        if example is not None:
            yield example


def _plain(
    file: SourceFile,
    others: Sequence[SourceFile],
    segments: list[str],
    vocabulary: Vocabulary,
    chance: Random,
    longest: int,
) -> Iterator[Example]:
    """The whole text in pieces that fit; each begins as a file does, the last one ends."""
    special = vocabulary.special
    head: list[int] = []
    for other in _related(file, others, chance):
        kept = split_segments(other.text.rstrip(BLANKS), vocabulary.joint)
        taken: list[int] = []
        for ids in vocabulary.encode_many(kept[:40]):
            if len(taken) + len(ids) > longest // 4:
                break
            taken += ids
        head += [special[FILE], *_encode(vocabulary, f"{other.path[-256:]}\n"), *taken, *_encode(vocabulary, "\n")]
    has_path = chance.random() < PATH_SHARE
    own = [special[FILE], *_encode(vocabulary, f"{file.path[-256:]}\n")] if has_path else []
    tokens = head + own
    characters = 0
    for segment, ids in zip(segments, vocabulary.encode_many(segments)):
        if len(tokens) + len(ids) > longest and characters > 0:
            yield Example(tokens, 0, "plain", characters)
            tokens, characters = list(own), 0
        tokens += ids[: longest - len(tokens)]
        characters += len(segment)
    if characters > 0:
        yield Example([*tokens, special[END]], 0, "plain", characters)


def _related(file: SourceFile, others: Sequence[SourceFile], chance: Random) -> tuple[Related, ...]:
    if not others or chance.random() >= RELATED_SHARE:
        return ()
    folder = file.path.rpartition("/")[0]
    near = [other for other in others if other.path.rpartition("/")[0] == folder]
    other = chance.choice(near or list(others))
    return () if other.path == file.path else (Related(other.path, other.text),)


def _encode(vocabulary: Vocabulary, text: str) -> list[int]:
    return [token for segment in split_segments(text, vocabulary.joint) for token in vocabulary.encode(segment)]


