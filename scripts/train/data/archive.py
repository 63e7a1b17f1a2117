"""Reads archives member by member in memory: nothing is written to disk, so no path and no link in an archive can do harm."""

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

MEMBER_LIMIT = 200_000
FILE_LIMIT_BYTES = 1_000_000
TOTAL_LIMIT_BYTES = 1_500_000_000


class UnsafeArchive(Exception):
    """The archive breaks a limit; the package is left out."""


def is_safe_path(path: str) -> bool:
    """A relative path that stays below where it starts and holds no control characters."""
    if path == "" or path.startswith(("/", "\\")) or "\\" in path or any(ord(character) < 32 for character in path):
        return False
    parts = PurePosixPath(path).parts
    return ".." not in parts and not (len(path) > 1 and path[1] == ":")


def members(archive: Path, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[tuple[str, bytes]]:
    """Path and content of each wanted regular file of at most a megabyte. Links, devices and unsafe paths are passed over."""
    if archive.suffix in (".whl", ".jar", ".zip"):
        yield from _zip_members(archive, wanted)
    else:
        yield from _tar_members(archive, wanted)


class _Limits:
    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._members = 0
        self._bytes = 0

    def member(self) -> None:
        self._members += 1
        if self._members > MEMBER_LIMIT:
            raise UnsafeArchive(f"{self._archive.name} holds more than {MEMBER_LIMIT} members")

    def read(self, size: int) -> None:
        self._bytes += size
        if self._bytes > TOTAL_LIMIT_BYTES:
            raise UnsafeArchive(f"{self._archive.name} unpacks to more than {TOTAL_LIMIT_BYTES} bytes")


def _zip_members(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    limits = _Limits(archive)
    with zipfile.ZipFile(archive) as unpacked:
        for entry in sorted(unpacked.infolist(), key=lambda entry: entry.filename):
            limits.member()
            kind = (entry.external_attr >> 16) & 0o170000
            if entry.is_dir() or kind not in (0, 0o100000) or not is_safe_path(entry.filename) or not wanted(entry.filename):
                continue
            if entry.file_size > FILE_LIMIT_BYTES:
                continue
            with unpacked.open(entry) as stream:
                # The declared size is the archive's claim: one more byte than allowed shows a lie.
                content = stream.read(FILE_LIMIT_BYTES + 1)
            limits.read(len(content))
            if len(content) <= FILE_LIMIT_BYTES:
                yield entry.filename, content


def _tar_members(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    limits = _Limits(archive)
    with tarfile.open(archive, "r:*") as unpacked:
        for entry in unpacked:
            limits.member()
            limits.read(entry.size if entry.isreg() else 0)
            if not entry.isreg() or entry.issparse() or not is_safe_path(entry.name) or not wanted(entry.name):
                continue
            if entry.size > FILE_LIMIT_BYTES:
                continue
            stream = unpacked.extractfile(entry)
            if stream is None:
                continue
            with stream:
                yield entry.name, stream.read(FILE_LIMIT_BYTES)


