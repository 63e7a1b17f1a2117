"""Reads the archives of one package: its licence, and the source files that pass the filters."""

import fnmatch
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import licences
from archive import members
from fetch import Package
from filters import LARGEST_BYTES, built_copies, decode, head_reason, path_reason, text_reason
from headers import strip_licence_header
from languages import Languages, settle
from sampling import File

_LICENCE_FILE = re.compile(r"(?i)^(?:un)?licen[cs]e|^copying|^copyright$")
_MANIFESTS = frozenset(("package.json", "METADATA", "Cargo.toml", "copyright"))
# What carries licence comments; configuration and markup seldom do.
_CODE = frozenset(("java", "kotlin", "go", "rust", "python", "c", "cpp", "typescript", "javascript"))
# One file in so many keeps its licence comment, so that such comments are no surprise.
_KEEP_HEADER_OF = 12


@dataclass
class Reading:
    """What came out of one package. `everything` has also what the filters drop: held-out packages are compared with all of it."""

    package: Package
    verdict: licences.Verdict
    files: list[File] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    everything: list[str] = field(default_factory=list)


def read_package(package: Package, archives: list[Path], languages: Languages, keep_everything: bool) -> Reading:
    def wanted(path: str) -> bool:
        name = PurePosixPath(path).name
        return languages.of_path(path) is not None or "." not in name or name in _MANIFESTS or _LICENCE_FILE.search(name) is not None

    contents = dict(_contents(package, archives, wanted))
    declared, refused = _declared(package, contents, archives)
    texts = [content.decode("utf-8", "replace") for path, content in contents.items() if _is_licence_file(path)]
    reading = Reading(package, licences.judge(package.spdx, declared, texts))
    candidates = _candidates(contents, languages)
    if declared is None and not any(map(licences.classify, texts)):
        heads = [contents[path][:1_500].decode("utf-8", "replace") for path in candidates if candidates[path] in _CODE]
        reading.verdict = licences.judge_heads(package.spdx, heads) or reading.verdict
    if reading.verdict.spdx is None:
        return reading
    built = built_copies(list(candidates)) if package.ecosystem == "npm" else frozenset()
    kinds = set(candidates.values()) | ({"c-source"} if any(path.endswith(".c") for path in candidates) else set())
    for path in sorted(candidates):
        reason = "built from other files" if path in built else path_reason(path)
        if reason is None and any(fnmatch.fnmatchcase(path, pattern) for pattern in refused):
            reason = "another licence than the package's"
        if reason is not None:
            reading.dropped[reason] += 1
            continue
        content = contents[path]
        text = decode(content)
        if text is None:
            reading.dropped["not UTF-8 text"] += 1
            continue
        if keep_everything:
            reading.everything.append(text)
        language = settle(candidates[path], kinds)
        digest = hashlib.sha256(content).hexdigest()
        reason = "too large" if len(content) > LARGEST_BYTES else head_reason(text, language)
        if reason is None:
            if int(digest[:8], 16) % _KEEP_HEADER_OF != 0:
                text = strip_licence_header(text)
            reason = text_reason(text, language)
        if reason is not None:
            reading.dropped[reason] += 1
            continue
        file = File(package.ecosystem, package.name, package.version, package.spdx, path, language, digest, text, package.split)
        reading.files.append(file)
    return reading


def _contents(package: Package, archives: list[Path], wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Code, manifests and licence files with paths relative to the package's root."""
    for archive in archives:
        if archive.suffix in (".dsc", ".asc", ".pom", ".sig"):
            continue
        is_packaging = re.search(r"\.debian\.tar\.", archive.name) is not None
        for path, content in members(archive, wanted):
            if package.ecosystem == "go":
                path = path.removeprefix(f"{package.name}@{package.version}/")
            elif package.ecosystem in ("npm", "cargo") or (package.ecosystem == "debian" and not is_packaging):
                path = "/".join(PurePosixPath(path).parts[1:])
            if path != "" and not (is_packaging and path != "debian/copyright"):
                yield path, content


def _candidates(contents: dict[str, bytes], languages: Languages) -> dict[str, str]:
    """Path to language, of what is code."""
    found: dict[str, str] = {}
    for path, content in contents.items():
        if ".dist-info/" in path or path.startswith("debian/"):
            continue
        language = languages.of_path(path)
        if language is None and "." not in PurePosixPath(path).name and content.startswith(b"#!"):
            language = languages.of_first_line(content[:120].decode("utf-8", "replace").split("\n")[0])
        if language is not None:
            found[path] = language
    return found


def _is_licence_file(path: str) -> bool:
    parts = PurePosixPath(path).parts
    at_root = len(parts) == 1 or parts[0].endswith(".dist-info") or parts[:-1] in (("META-INF",), ("LICENSES",), ("LICENSE",))
    return at_root and _LICENCE_FILE.search(parts[-1]) is not None or path == "debian/copyright"


def _declared(package: Package, contents: dict[str, bytes], archives: list[Path]) -> tuple[str | None, list[str]]:
    def named(pattern: str) -> bytes | None:
        return next((content for path, content in contents.items() if fnmatch.fnmatchcase(path, pattern)), None)

    if package.ecosystem == "npm" and (manifest := named("package.json")):
        return licences.from_npm(manifest), []
    if package.ecosystem == "pypi" and (metadata := named("*.dist-info/METADATA")):
        return licences.from_python(metadata), []
    if package.ecosystem == "cargo" and (manifest := named("Cargo.toml")):
        return licences.from_cargo(manifest), []
    if package.ecosystem == "maven":
        pom = next((archive for archive in archives if archive.suffix == ".pom"), None)
        return (licences.from_pom(pom.read_bytes()) if pom else None), []
    if package.ecosystem == "debian" and (notice := contents.get("debian/copyright")):
        return licences.from_debian(notice)
    return None, []
