"""Prompts for the test that holds hearth's engine to what the model was trained on: python golden.py > ../../test/fixtures/trained-prompts.jsonl

A token is a byte here, so that no vocabulary is needed; special tokens are the numbers above 255.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

from engine_prompt import Related, build_prompt
from vocabulary import FILE, MIDDLE, PREFIX, REPOSITORY, SUFFIX

SPECIAL = {PREFIX: 1001, SUFFIX: 1002, MIDDLE: 1003, FILE: 1004, REPOSITORY: 1005}

PROGRAM = "".join(f"def get_{n}(self, größe):\n\tif größe > {n}:\n\n        return self._v{n}\n\n" for n in range(12))
PLACES = [
    ("", ""),
    ("x", ""),
    ("def f(a):\n    ret", "\n\nprint(f(1))\n"),
    ("def f(a):\n    return ", "\n"),
    ("a = foo(", ")\nb = 2\n"),
    ("\n\n   ", "   \n\n"),
    ("int a;\r\nint b;\r\n  retu", "rn;\r\n"),
    (PROGRAM, ""),
    (PROGRAM[:150], PROGRAM[150:]),
    (PROGRAM[:333], PROGRAM[350:]),
    (f"{PROGRAM}    x = self._", f"\n{PROGRAM}"),
    ("q = [" + "1, " * 200, "];\n"),
]
RELATED = (Related("lib/other.py", PROGRAM[:180]), Related("lib/third.py", "z = 1\n\n"))


def byte_vocabulary(joint: str) -> SimpleNamespace:
    return SimpleNamespace(joint=joint, special=SPECIAL, encode=lambda text: tuple(text.encode("utf8")))


def cases() -> list[dict]:
    made = []
    for number, (before, after) in enumerate(PLACES):
        for joint in ("leading", "trailing"):
            budget = (160, 320, 640)[number % 3]
            related = RELATED[: number % 3]
            repository = "hearth" if number % 4 == 1 else None
            path = "src/deep/place/of/a/file.py"
            prompt = build_prompt(
                byte_vocabulary(joint), path, before, after, budget, related=related, repository=repository
            )
            if prompt is None:
                continue
            made.append(
                {
                    "joint": joint,
                    "path": path,
                    "before": before,
                    "after": after,
                    "budget": budget,
                    "related": [{"path": one.path, "text": one.text} for one in related],
                    **({} if repository is None else {"repository": repository}),
                    "typed": prompt.typed,
                    "tokens": prompt.tokens,
                }
            )
    return made


def golden() -> str:
    """One case a line: a change is read more easily."""
    return "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in cases())


if __name__ == "__main__":
    print(golden(), end="")
