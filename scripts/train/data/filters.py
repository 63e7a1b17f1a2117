"""Decides which files are worth training on. Each rule has a name, which the data card counts."""

import re
import zlib
from pathlib import PurePosixPath

from credentials import holds_credential
from licences import forbidden_header

SMALLEST_BYTES = 200
LARGEST_BYTES = 100_000
LONGEST_LINE = 1_000
# Hand-written code averages 25 to 45 characters a line; minified code and tables have many more.
LONGEST_AVERAGE_LINE = 120
NON_ASCII_SHARE = 0.10
DIGIT_SHARE = 0.20
LETTER_SHARE = 0.25
# Text that shrinks more than this is a table or was written by a program.
REPETITION = 12

_VENDORED = frozenset(
    "vendor vendored _vendor _vendored _vendored_packages node_modules third_party third-party thirdparty 3rdparty 3rd-party external externals"
    " extern deps bower_components site-packages godeps _extern submodules subprojects bundled".split()
)
_TEST_DATA = frozenset(
    "testdata test-data test_data test_files testfiles fixtures fixture __fixtures__ __snapshots__ snapshots snapshot __mocks__ golden goldens cassettes"
    " corpus corpora baselines test-fixtures testresources test-resources".split()
)
_TESTS = frozenset("test tests __tests__ spec specs testing e2e unittests unit_tests __test__".split())
_GENERATED_FOLDERS = frozenset("generated __generated__ gen autogen _generated generated-sources zz_generated locale locales i18n l10n cldr".split())
_BUILT = frozenset("dist build out bundle bundles umd amd cjs esm es es6 es5 fesm2015 fesm2020 fesm2022 esm2015 esm2020 lib-esm prebuilt min mjs release".split())
# Transpiled output also lies here, but a package without sources elsewhere may have been written here.
_MAYBE_BUILT = frozenset("lib commonjs module js legacy".split())
_SOURCE = frozenset("src source sources".split())

_GENERATED_NAME = re.compile(
    r"(?i)(?:\.pb\.(?:go|cc|h|rs)|\.pb\.gw\.go|_pb2(?:_grpc)?\.pyi?|_pb\.(?:js|ts|d\.ts)|\.g\.\w+|\.gen\.\w+|[._-]generated\.\w+|zz_generated.*|bindata.*\.go"
    r"|\.designer\.cs|_string\.go|[._-]min\.\w+|[.-]bundle\.\w+|\.umd\.\w+|\.iife\.\w+|\.snap|\.lock|lock\.json|lock\.yaml|go\.sum|\.map|parser\.tab\..*|lex\.yy\.c"
    r"|.*_tables?\.(?:go|rs|c|h|py|js)|unicode.*data.*|.*-lock\..*|shrinkwrap.*)$"
)
_GENERATED_MARK = re.compile(
    r"@generated|code generated|do not edit|don't edit|auto-?generated|automatically[ -](?:generated|created)|generated (?:by|from|code|file|with|using)"
    r"|machine[- ]generated|this file (?:was|is) generated|compiled (?:by|from)"
)
_TRANSPILED_MARKS = (
    'Object.defineProperty(exports, "__esModule"',
    "Object.defineProperty(exports, '__esModule'",
    "exports.__esModule = true",
    "_interopRequire",
    "__webpack_require__",
    "__awaiter(",
    "__decorate([",
    "//# sourceMappingURL=",
    "_classCallCheck(",
    "__toESM(",
    "__publicField(",
    "_createClass(",
    "__commonJS(",
    "_defineProperty(",
    "__privateAdd(",
    "__privateGet(",
)
_FLOW_MARK = re.compile(r"@flow\b")
_DIGITS = b"0123456789"
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What the model's vocabularies use as marks (SmolLM2's, and the fill-in-the-middle ones that are added).
SPECIAL_TOKEN = re.compile(
    r"<\|[a-z0-9_]{2,30}\|>|<(?:repo_?name|file_sep|filename|gh_stars|issue_(?:start|comment|closed)|jupyter_(?:start|text|code|output|script)|empty_output"
    r"|fim_(?:prefix|suffix|middle|pad))>"
)


def path_reason(path: str) -> str | None:
    """Why a path is left out, or nothing. `path` is relative to the package's root."""
    parts = PurePosixPath(path.lower()).parts
    folders = frozenset(parts[:-1])
    if folders & _VENDORED:
        return "vendored"
    if folders & _TEST_DATA or ("test" in folders or "tests" in folders) and folders & {"data", "resources", "input", "inputs", "expected", "files", "cases"}:
        return "test data"
    if _GENERATED_NAME.search(parts[-1]) or folders & _GENERATED_FOLDERS:
        return "generated (name)"
    return None


def is_test(path: str) -> bool:
    parts = PurePosixPath(path.lower()).parts
    name = parts[-1]
    marked = re.search(r"(?:^test_|_test\.|\.test\.|\.spec\.|_spec\.|^conftest\.|tests?\.(?:java|kt|php|cs)$|-test\.|\.stories\.)", name)
    return bool(frozenset(parts[:-1]) & _TESTS) or marked is not None


def built_copies(paths: list[str]) -> frozenset[str]:
    """Of one npm package: the files that were built from others that are in it too, or that only tools write."""
    has_sources = any(_has_folder(path, _SOURCE) and re.search(r"\.[cm]?[jt]sx?$", path) and not path.endswith(".d.ts") for path in paths)
    sources = {path for path in paths if re.search(r"\.[cm]?tsx?$", path) and not re.search(r"\.d\.[cm]?ts$", path)}
    stems = {re.sub(r"\.[cm]?tsx?$", "", path) for path in sources}
    built = set()
    for path in paths:
        beside = re.sub(r"(?:\.d\.[cm]?ts|\.[cm]?jsx?)$", "", path)
        folders = _BUILT | _MAYBE_BUILT if has_sources and not _has_folder(path, _SOURCE) else _BUILT
        if (beside != path and beside in stems) or _has_folder(path, folders):
            built.add(path)
    return frozenset(built)


def _has_folder(path: str, names: frozenset[str]) -> bool:
    return not names.isdisjoint(PurePosixPath(path.lower()).parts[:-1])


def decode(content: bytes) -> str | None:
    """Text with line feeds only and without a byte order mark; nothing when it is not UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def head_reason(text: str, language: str) -> str | None:
    """Why a text is left out, or nothing, by what it says at its head; to be asked before the licence comment is taken off."""
    if _GENERATED_MARK.search(text[:2_000].lower()):
        return "generated (says so)"
    if language == "javascript" and _FLOW_MARK.search(text[:1_000]):
        return "Flow, not JavaScript"
    if forbidden_header(text[:4_000]):
        return "a licence in the file's head that is not allowed"
    return None


def text_reason(text: str, language: str) -> str | None:
    """Why a text is left out, or nothing, by its form and content."""
    size = len(text)
    if size < SMALLEST_BYTES:
        return "too small"
    if size > LARGEST_BYTES:
        return "too large"
    lines = text.split("\n")
    if max(map(len, lines)) > LONGEST_LINE:
        return "a line over 1,000 characters"
    if size / len(lines) > LONGEST_AVERAGE_LINE:
        return "minified"
    if language in ("javascript", "typescript", "tsx") and any(mark in text for mark in _TRANSPILED_MARKS):
        return "transpiled"
    if not text.isascii() and size - len(text.encode("ascii", "ignore")) > NON_ASCII_SHARE * size:
        return "too much outside ASCII"
    dense = text.encode("utf-8").translate(None, b" \n\t")
    if len(dense) - len(dense.translate(None, _DIGITS)) > DIGIT_SHARE * len(dense):
        return "too many digits"
    if len(dense) - len(dense.translate(None, _LETTERS)) < LETTER_SHARE * len(dense):
        return "too few letters"
    if SPECIAL_TOKEN.search(text):
        return "special tokens of the model"
    if holds_credential(text):
        return "looks like a credential"
    if size > 2_000 and size / len(zlib.compress(text.encode("utf-8"), 1)) > REPETITION:
        return "repetitive"
    return None
