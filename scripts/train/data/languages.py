"""Reads from the grammars' manifests which language a file is in, so that the corpus and the server agree on names."""

import json
from pathlib import Path, PurePosixPath

GRAMMARS = Path(__file__).resolve().parents[3] / "grammars"

# The mix: parts of the whole text, and which languages share one part (`*`: all that are not named elsewhere).
GROUPS: dict[str, tuple[float, tuple[str, ...]]] = {
    "typescript+javascript": (0.40, ("typescript", "tsx", "javascript")),
    "python": (0.25, ("python",)),
    "go": (0.10, ("go",)),
    "rust": (0.10, ("rust",)),
    "java": (0.05, ("java",)),
    "c+cpp": (0.05, ("c", "cpp")),
    "shell and others": (0.05, ("*",)),
}


class Languages:
    """Answers with a language id of the grammars folder."""

    def __init__(self, folder: Path = GRAMMARS) -> None:
        self._by_extension: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._by_interpreter: dict[str, str] = {}
        for manifest in sorted(folder.glob("*/manifest.json")):
            language = json.loads(manifest.read_text("utf-8"))
            for extension in language.get("extensions", []):
                self._by_extension.setdefault(extension.lower(), language["id"])
            for name in language.get("filenames", []):
                self._by_name.setdefault(name, language["id"])
            for interpreter in language.get("interpreters", []):
                self._by_interpreter.setdefault(interpreter, language["id"])
        if not self._by_extension:
            raise SystemExit(f"No grammar manifests were found in {folder}: run this inside the repository.")
        self.ids = frozenset(self._by_extension.values()) | frozenset(self._by_name.values())

    def of_path(self, path: str) -> str | None:
        name = PurePosixPath(path).name
        by_name = self._by_name.get(name)
        if by_name is not None:
            return by_name
        return self._by_extension.get(PurePosixPath(name).suffix.lower())

    def of_first_line(self, line: str) -> str | None:
        """For scripts without an extension: the language of the interpreter that the first line names."""
        if not line.startswith("#!"):
            return None
        words = line[2:].replace("/", " ").split()
        for word in reversed(words):
            language = self._by_interpreter.get(word) or self._by_interpreter.get(word.rstrip("0123456789."))
            if language is not None:
                return language
        return None


def settle(language: str, names: set[str]) -> str:
    """A `.h` file belongs to C++ where the package has C++ sources and no C ones."""
    return "cpp" if language == "c" and "cpp" in names and "c-source" not in names else language


def group_of(language: str) -> str:
    for name, (_, languages) in GROUPS.items():
        if language in languages:
            return name
    return "shell and others"
