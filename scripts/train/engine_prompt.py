"""The prompt as hearth's engine builds it for a first question about a document: the same rules as server/inference/prompt/.

A parity test (tests/test_prompt_parity.py) holds the tokens to those of the TypeScript code. Offsets here are code points and
there UTF-16 units: texts with characters above U+FFFF on very long lines may be cut differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vocabulary import BLANKS, FILE, MIDDLE, PREFIX, REPOSITORY, SUFFIX, Vocabulary, is_word

SUFFIX_SHARE = 0.25
FILES_SHARE = 0.25
LONGEST_TYPED = 96
LONGEST_SEGMENT = 512
LONGEST_PATH = 256
LINE_CUT = 512
LOOK_STEP = 16_384
UNITS_PER_TOKEN = 12
# A new cut of the window leaves a part of its budget free (window.ts); while somebody types the window fills up to all of it.
FILL_OF_NEW_CUT = 0.7
# Half of the room that is kept for the line and the answer (loaded-model.ts).
LINE_TOKENS = 256

_B = f"[{BLANKS}]"
_S = f"[^{BLANKS}]"
_IN_LINE = f"[{BLANKS.replace(chr(10), '')}]"
_LEADING = re.compile(rf"{_B}*{_S}(?:[^\n]*{_S})?|{_B}+\Z")
_TRAILING = re.compile(rf"{_IN_LINE}*{_S}[^\n]*(?:{_B}*\n)?|{_B}*\n|{_IN_LINE}+\Z")


def split_segments(text: str, joint: str) -> list[str]:
    """segments.ts: pieces that are tokenised on their own."""
    segments: list[str] = []
    for match in (_LEADING if joint == "leading" else _TRAILING).finditer(text):
        segment = match.group()
        if len(segment) <= LONGEST_SEGMENT // 2 or len(segment.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_SEGMENT:
            segments.append(segment)
        else:
            segments.extend(segment[at : at + LONGEST_SEGMENT] for at in range(0, len(segment), LONGEST_SEGMENT))
    return segments


def find_typed(before: str, joint: str) -> str:
    """boundary.ts: the blanks and the half word that the answer has to repeat."""
    at = len(before)
    least = max(0, at - LONGEST_TYPED - 1)
    while at > least and is_word(before[at - 1]):
        at -= 1
    while at > least and before[at - 1] in BLANKS and (joint == "leading" or before[at - 1] != "\n"):
        at -= 1
    typed = before[at:]
    return "" if len(typed) > LONGEST_TYPED else typed


@dataclass(frozen=True)
class Related:
    path: str
    text: str


@dataclass
class EnginePrompt:
    tokens: list[int]
    # The answer repeats this before it goes on.
    typed: str


def build_prompt(
    vocabulary: Vocabulary,
    path: str | None,
    before: str,
    after: str,
    budget: int,
    related: tuple[Related, ...] = (),
    repository: str | None = None,
    fill: float = FILL_OF_NEW_CUT,
    lines_behind: int = 0,
) -> EnginePrompt | None:
    """prompt.ts and layout.ts in the format "qwen"; `path` None leaves the header out.

    `lines_behind`: that many pieces above the line stand behind the suffix, as after Enter (anchor.ts). None for lines that the
    engine would cut: nothing is to be learned from those.
    """
    joint, special = vocabulary.joint, vocabulary.special
    before = before[_look_start(before, budget) :]
    typed = find_typed(before, joint)
    end = len(before) - len(typed)
    line_start = before.rfind("\n") + 1
    above_end = len(before[:line_start].rstrip(BLANKS)) if joint == "leading" else line_start
    above = split_segments(before[:above_end], joint)
    line = before[min(above_end, end) : end]
    if len(line) > 2 * LINE_CUT or len(vocabulary.encode(line)) > LINE_TOKENS:
        return None

    for_files = int(budget * FILES_SHARE) if related else 0
    prefix_budget = int((budget - for_files) * (1 - SUFFIX_SHARE))
    suffix_budget = int(prefix_budget * SUFFIX_SHARE / (1 - SUFFIX_SHARE))
    anchor = max(0, len(above) - lines_behind)
    behind = above[anchor:]
    above = above[:anchor]
    start = len(above)
    used = 0
    while start > 0:
        count = len(vocabulary.encode(above[start - 1]))
        is_only_one = start == len(above) and count <= prefix_budget
        if used + count > prefix_budget * fill and not is_only_one:
            break
        used += count
        start -= 1

    tokens: list[int] = []
    if repository is not None:
        tokens += [special[REPOSITORY], *_encode(vocabulary, f"{repository}\n")]
    for file in _fit_files(vocabulary, related, for_files):
        tokens += [special[FILE], *_encode(vocabulary, f"{file.path[-LONGEST_PATH:]}\n{file.text}\n")]
    if path is not None:
        path = path[-max(1, budget // 4) :]
        tokens += [special[FILE], *_encode(vocabulary, f"{path[-LONGEST_PATH:]}\n")]
    tokens.append(special[PREFIX])
    for segment in above[start:]:
        tokens += vocabulary.encode(segment)
    tokens.append(special[SUFFIX])
    for segment in split_segments(after[: suffix_budget * 16], joint):
        ids = vocabulary.encode(segment)
        suffix_budget -= len(ids)
        if suffix_budget < 0:
            break
        tokens += ids
    tokens.append(special[MIDDLE])
    for segment in [*behind, line] if line else behind:
        tokens += vocabulary.encode(segment)
    return EnginePrompt(tokens, typed)


def _encode(vocabulary: Vocabulary, text: str) -> list[int]:
    return [token for segment in split_segments(text, vocabulary.joint) for token in vocabulary.encode(segment)]


def _fit_files(vocabulary: Vocabulary, files: tuple[Related, ...], left: int) -> list[Related]:
    fitting: list[Related] = []
    for file in files:
        pieces = split_segments(file.text.rstrip(BLANKS), vocabulary.joint)
        if not pieces:
            continue
        # The template of a file without its text.
        left -= 1 + len(_encode(vocabulary, f"{file.path[-LONGEST_PATH:]}\n\n"))
        kept: list[str] = []
        for piece in pieces:
            count = len(vocabulary.encode(piece))
            if count > left:
                break
            left -= count
            kept.append(piece)
        if not kept:
            break
        # The template's {text} is the text without blanks at its end (layout.ts).
        fitting.append(Related(file.path, "".join(kept).rstrip(BLANKS)))
        if len(kept) < len(pieces):
            break
    return fitting


def _look_start(before: str, budget: int) -> int:
    wanted = max(LOOK_STEP, budget * UNITS_PER_TOKEN)
    start = (len(before) - wanted) // LOOK_STEP * LOOK_STEP
    if start <= 0:
        return 0
    next_line = before.find("\n", start) + 1
    return next_line if start < next_line < len(before) - wanted / 2 else start
