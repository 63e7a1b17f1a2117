"""Takes the licence comment off the head of a file: the same thousand characters in each file teach a model nothing."""

import re

_LEGAL = re.compile(r"(?i)copyright|licen[sc]e|spdx|all rights reserved|permission is hereby|redistribution")
_BLOCK = re.compile(r"\s*/\*.*?\*/[ \t]*\n?", re.DOTALL)
_LINES = {
    "//": re.compile(r"\s*(?://[^\n]*\n)+"),
    "#": re.compile(r"\s*(?:#(?!!|include|define|if|pragma|\[)[^\n]*\n)+"),
    "--": re.compile(r"\s*(?:--[^\n]*\n)+"),
}
_SHEBANG = re.compile(r"#![^\n\[]*\n")


def strip_licence_header(text: str) -> str:
    """The text without its first comments, as long as they speak of licence or copyright; documentation stays."""
    shebang = _SHEBANG.match(text)
    start = shebang.end() if shebang else 0
    position = start
    while True:
        found = _BLOCK.match(text, position) or next((hit for rule in _LINES.values() if (hit := rule.match(text, position))), None)
        if found is None or not _LEGAL.search(found.group(0)):
            break
        position = found.end()
    if position == start:
        return text
    return text[:start] + text[position:].lstrip("\n")
