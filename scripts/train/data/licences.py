"""Says which licence a package or a file is under, and whether text under it may be trained on."""

import json
import re
from email.parser import Parser

# Licences that ask for no more than a notice. Everything else (copyleft, weak copyleft, non-commercial, custom) is left out.
ALLOWED = frozenset(
    """
    0BSD Apache-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 curl HPND ISC libpng-2.0 MIT MIT-0 MIT-CMU
    NCSA PSF-2.0 Python-2.0 TCL Unicode-3.0 Unicode-DFS-2016 Unlicense UPL-1.0 X11 Zlib zlib-acknowledgement
    """.split()
)

# What registries and people write, in lower case, and the SPDX id that is meant.
SPELLINGS = {
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache software license - version 2.0": "Apache-2.0",
    "the apache license, version 2.0": "Apache-2.0",
    "the apache software license, version 2.0": "Apache-2.0",
    "boost": "BSL-1.0",
    "boost-1.0": "BSL-1.0",
    "bsl": "BSL-1.0",
    "bsl-1": "BSL-1.0",
    "boost software license 1.0 (bsl-1.0)": "BSL-1.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd-3": "BSD-3-Clause",
    "3-clause bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "the new bsd license": "BSD-3-Clause",
    "modified bsd license": "BSD-3-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd-2": "BSD-2-Clause",
    "expat": "MIT",
    "mit/x": "MIT",
    "mit/x11": "MIT",
    "mit-x11": "MIT",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "the mit license": "MIT",
    "mit license (mit)": "MIT",
    "the mit license (mit)": "MIT",
    "mit-license": "MIT",
    "psf": "PSF-2.0",
    "psf license": "PSF-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "public domain (cc0)": "CC0-1.0",
    "the unlicense": "Unlicense",
    "the unlicense (unlicense)": "Unlicense",
    "zlib/libpng license": "Zlib",
}

# Sentences that only one licence has. A text may hold several (a dual licence, notices of bundled parts).
FINGERPRINTS = (
    ("GPL", r"gnu (?:lesser |library |affero )?general public license.{0,80}(?:version \d|preamble|as published)|gnu affero"),
    ("MPL-2.0", r"mozilla public license(?:,? version|,? v\.?)? ?2"),
    ("EPL-2.0", r"eclipse public license"),
    ("CDDL-1.0", r"common development and distribution license"),
    ("BUSL-1.1", r"business source license"),
    ("SSPL-1.0", r"server side public license"),
    ("CC-BY-NC", r"attribution-?noncommercial"),
    ("Apache-2.0", r"apache license,? (?:version|v) ?2|www\.apache\.org/licenses/license-2\.0"),
    ("BSL-1.0", r"boost software license"),
    ("Unlicense", r"this is free and unencumbered software released into the public domain"),
    ("CC0-1.0", r"cc0 1\.0 universal"),
    ("PSF-2.0", r"python software foundation license version 2"),
    ("Zlib", r"altered source versions must be plainly marked as such"),
    ("ISC", r"permission to use, copy, modify,? and/?(?:or)? distribute this software for any purpose with or without fee is hereby granted, provided"),
    ("0BSD", r"for any purpose with or without fee is hereby granted\. ?the software"),
    ("BSD-3-Clause", r"redistribution and use in source and binary forms.*?(?:neither the names? of|may not be used to endorse|names? of .{0,120}?may be used to endorse)"),
    ("BSD-2-Clause", r"redistribution and use in source and binary forms"),
    ("MIT", r"permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("BlueOak-1.0.0", r"blue oak model license"),
    ("UPL-1.0", r"universal permissive license"),
)
_COMPILED = tuple((spdx, re.compile(pattern, re.DOTALL)) for spdx, pattern in FINGERPRINTS)

_HEADER_FORBIDDEN = re.compile(
    r"gnu (?:lesser |library |affero )?general public|\b[al]?gpl(?:v| v|-)?[23]|\blgpl|mozilla public license|\bmpl[- ]?[12]\.|eclipse public license"
    r"|common development and distribution|business source license|server side public|creative commons|\bcc[- ]by|microsoft reference source"
    r"|strictly confidential|proprietary and confidential"
)
# One of these stands in each of the above: looking for them first is many times faster.
_HEADER_HINTS = ("gpl", "general public", "mpl", "mozilla", "eclipse", "distribution license", "source", "server side", "commons", "cc-by", "cc by", "confidential")
_SPDX_LINE = re.compile(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+\-() ]+)")


_CANONICAL = {name.lower(): name for name in ALLOWED}


def normalise(written: str) -> str | None:
    """The SPDX expression that `written` means, or nothing when that is not sure."""
    text = " ".join(written.strip().split())
    known = SPELLINGS.get(text.lower())
    if known is not None:
        return known
    canonical = _CANONICAL.get(text.lower())
    if canonical is not None:
        return canonical
    if re.fullmatch(r"[A-Za-z0-9.+\-]+/[A-Za-z0-9.+\-]+(?:/[A-Za-z0-9.+\-]+)?", text):
        # Old crates write `MIT/Apache-2.0` for a choice.
        text = text.replace("/", " OR ")
    if re.fullmatch(r"[A-Za-z0-9.+\-() ]+", text) and parse(text) is not None:
        return text
    return None


def parse(expression: str) -> list[list[str]] | None:
    """An SPDX expression as a choice (OR) of lists of ids that hold together (AND); nothing when it does not parse."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression)
    position = 0

    def choice() -> list[list[str]] | None:
        nonlocal position
        left = both()
        while left is not None and position < len(tokens) and tokens[position].upper() == "OR":
            position += 1
            right = both()
            left = None if right is None else left + right
        return left

    def both() -> list[list[str]] | None:
        nonlocal position
        left = one()
        while left is not None and position < len(tokens) and tokens[position].upper() == "AND":
            position += 1
            right = one()
            left = None if right is None else [a + b for a in left for b in right]
        return left

    def one() -> list[list[str]] | None:
        nonlocal position
        if position >= len(tokens):
            return None
        token = tokens[position]
        position += 1
        if token == "(":
            inner = choice()
            if position >= len(tokens) or tokens[position] != ")":
                return None
            position += 1
            return inner
        if token == ")" or token.upper() in ("OR", "AND", "WITH"):
            return None
        if position < len(tokens) and tokens[position].upper() == "WITH":
            position += 2
        return [[token]]

    result = choice()
    return result if position == len(tokens) else None


def is_allowed(expression: str) -> bool:
    """One of the choices holds only licences of the list."""
    choices = parse(expression)
    return choices is not None and any(all(name in ALLOWED for name in together) for together in choices)


def ids(expression: str) -> frozenset[str]:
    """All ids that an expression names."""
    return frozenset(name for together in parse(expression) or [] for name in together)


def classify(text: str) -> frozenset[str]:
    """The licences whose own sentences stand in a licence file."""
    flat = re.sub(r"[\s*#/;]+", " ", text.lower())[:60_000]
    found = {spdx for spdx, pattern in _COMPILED if pattern.search(flat)}
    if "BSD-3-Clause" in found:
        found.discard("BSD-2-Clause")
    return frozenset(found)


def forbidden_header(head: str) -> bool:
    """The head of a source file names a licence that may not be trained on, whatever the package says."""
    for expression in _SPDX_LINE.findall(head) if "SPDX" in head else ():
        spdx = normalise(expression.strip(" */-"))
        if spdx is not None and not is_allowed(spdx):
            return True
        if spdx is not None:
            return False
    lowered = head.lower()
    return any(hint in lowered for hint in _HEADER_HINTS) and _HEADER_FORBIDDEN.search(lowered) is not None


def from_npm(package_json: bytes) -> str | None:
    manifest = json.loads(package_json)
    written = manifest.get("license") or manifest.get("licenses")
    if isinstance(written, list):
        names = [entry.get("type", "") if isinstance(entry, dict) else str(entry) for entry in written]
        written = " OR ".join(names)
    if isinstance(written, dict):
        written = written.get("type")
    return normalise(written) if isinstance(written, str) else None


def from_python(metadata: bytes) -> str | None:
    message = Parser().parsestr(metadata.decode("utf-8", "replace"), headersonly=True)
    written = message.get("License-Expression") or ""
    if not written:
        written = message.get("License") or ""
    spdx = normalise(written) if 0 < len(written) < 100 else None
    if spdx is not None and parse(spdx) is not None and ids(spdx) & _KNOWN:
        return spdx
    classified = [
        normalise(value.split("::")[-1].strip())
        for value in message.get_all("Classifier") or []
        if value.startswith("License ::") and value.split("::")[-1].strip() not in ("OSI Approved",)
    ]
    if not classified or None in classified:
        return None
    return " OR ".join(dict.fromkeys(name for name in classified if name is not None))


def from_cargo(manifest: bytes) -> str | None:
    found = re.search(r'^license\s*=\s*"([^"]+)"', manifest.decode("utf-8", "replace"), re.MULTILINE)
    return normalise(found.group(1)) if found else None


def from_pom(pom: bytes) -> str | None:
    names = re.findall(r"<license>.*?<name>\s*([^<]+?)\s*</name>", pom.decode("utf-8", "replace"), re.DOTALL)
    known = [normalise(name) for name in names]
    return " OR ".join(name for name in known if name) if known and None not in known else None


def from_debian(copyright_file: bytes) -> tuple[str | None, list[str]]:
    """From a machine-readable `debian/copyright`: the licence of `Files: *`, and the patterns of files that are under one not allowed."""
    declared: str | None = None
    refused: list[str] = []
    for stanza in re.split(r"\n\s*\n", copyright_file.decode("utf-8", "replace")):
        files = re.search(r"^Files:((?:.*\n?)(?:[ \t].*\n?)*)", stanza, re.MULTILINE)
        licence = re.search(r"^License:[ \t]*(.+)", stanza, re.MULTILINE)
        if not files or not licence:
            continue
        words = [_CANONICAL.get(word.lower(), SPELLINGS.get(word.lower(), word)) for word in licence.group(1).replace(",", " ").split()]
        spdx = " ".join(word.upper() if word.lower() in ("or", "and", "with") else word for word in words)
        patterns = files.group(1).split()
        if "*" in patterns:
            declared = spdx if parse(spdx) is not None else None
        elif not is_allowed(spdx) and not patterns[0].startswith("debian/"):
            refused.extend(patterns)
    return declared, refused


class Verdict:
    """What is established about a package's licence; `spdx` is missing when it may not be used, `reason` then says why."""

    def __init__(self, spdx: str | None, reason: str = "", evidence: str = "") -> None:
        self.spdx = spdx
        self.reason = reason
        self.evidence = evidence


def judge_heads(expected: str, heads: list[str]) -> Verdict | None:
    """For packages that declare nothing: two thirds of their files say at their head that they are under the expected licence."""
    wanted = ids(expected)
    agreeing = sum(bool(classify(head) & wanted) for head in heads)
    return Verdict(expected, evidence="heads of the files") if heads and is_allowed(expected) and 3 * agreeing >= 2 * len(heads) else None


_KNOWN = ALLOWED | {"GPL-2.0", "GPL-3.0", "LGPL-2.1", "LGPL-3.0", "MPL-2.0"}


def judge(expected: str, declared: str | None, texts: list[str]) -> Verdict:
    """
    Holds the reviewed licence against what the package declares and what its licence files say.

    Both must agree where both are there, and at least one must be there: the list alone is no evidence.
    """
    if not is_allowed(expected):
        return Verdict(None, f"the list names {expected}, which is not allowed")
    wanted = ids(expected)
    if declared is not None and not is_allowed(declared):
        return Verdict(None, f"the package declares {declared}, which is not allowed")
    if declared is not None and not (ids(declared) & wanted):
        return Verdict(None, f"the package declares {declared}, the list expects {expected}")
    told = frozenset().union(*(classify(text) for text in texts)) if texts else frozenset()
    if told and not (told & wanted) and not (declared is not None and told <= ALLOWED):
        return Verdict(None, f"the licence file reads as {', '.join(sorted(told))}, the list expects {expected}")
    if declared is None and not (told & wanted):
        return Verdict(None, "no licence could be established: nothing declared, and no licence file that is known")
    evidence = "declared and licence file" if declared and told & wanted else "declared" if declared else "licence file"
    return Verdict(expected, evidence=evidence)
