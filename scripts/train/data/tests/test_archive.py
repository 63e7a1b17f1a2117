"""Nothing that an archive says leads out of it."""

import io
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

import archive


class Members(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = Path(self._folder.name)

    def tar(self, entries: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
        path = self.folder / "a.tar.gz"
        with tarfile.open(path, "w:gz") as packed:
            for entry, content in entries:
                entry.size = len(content)
                packed.addfile(entry, io.BytesIO(content))
        return path

    def test_regular_files_are_read(self) -> None:
        path = self.tar([(tarfile.TarInfo("p/a.py"), b"one"), (tarfile.TarInfo("p/b.py"), b"two")])
        self.assertEqual(list(archive.members(path)), [("p/a.py", b"one"), ("p/b.py", b"two")])

    def test_paths_that_leave_are_passed_over(self) -> None:
        names = ("../out.py", "/etc/passwd", "p/../../out.py", "p\\..\\out.py", "c:/out.py", "p/\nx.py")
        self.assertEqual(list(archive.members(self.tar([(tarfile.TarInfo(name), b"x") for name in names]))), [])
        packed = self.folder / "a.zip"
        with zipfile.ZipFile(packed, "w") as stream:
            for name in names:
                stream.writestr(zipfile.ZipInfo(name), b"x")
            stream.writestr("p/a.py", b"one")
        self.assertEqual(list(archive.members(packed)), [("p/a.py", b"one")])

    def test_links_and_devices_are_passed_over(self) -> None:
        entries = []
        for name, kind in (("link.py", tarfile.SYMTYPE), ("hard.py", tarfile.LNKTYPE), ("device.py", tarfile.CHRTYPE), ("pipe.py", tarfile.FIFOTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            entries.append((entry, b""))
        self.assertEqual(list(archive.members(self.tar(entries))), [])
        packed = self.folder / "a.zip"
        with zipfile.ZipFile(packed, "w") as stream:
            entry = zipfile.ZipInfo("link.py")
            entry.external_attr = 0o120777 << 16
            stream.writestr(entry, "/etc/passwd")
        self.assertEqual(list(archive.members(packed)), [])

    def test_large_files_are_passed_over(self) -> None:
        path = self.tar([(tarfile.TarInfo("big.py"), b"x" * (archive.FILE_LIMIT_BYTES + 1)), (tarfile.TarInfo("a.py"), b"x")])
        self.assertEqual([name for name, _ in archive.members(path)], ["a.py"])

    def test_bombs_end_with_an_error(self) -> None:
        path = self.tar([(tarfile.TarInfo(f"{number}.py"), b"x" * 100) for number in range(20)])
        with mock.patch.object(archive, "MEMBER_LIMIT", 10), self.assertRaises(archive.UnsafeArchive):
            list(archive.members(path))
        with mock.patch.object(archive, "TOTAL_LIMIT_BYTES", 1_000), self.assertRaises(archive.UnsafeArchive):
            list(archive.members(path))


if __name__ == "__main__":
    unittest.main()
