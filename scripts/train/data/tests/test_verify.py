"""The check must fail for each way in which held-out code can get into training."""

import json
import unittest

from fetch import Package
from gather import FIELDS, HERE, ROOT
from verify import copy_problems, entry_problems, hash_problems, list_problems, name_of

TEXT = "".join(f"def rule_{number}(value):\n    return value.apply_{number * 7}({number})\n" for number in range(40))
OTHER = "".join(f"class Shape{number}:\n    edges = {number}\n    name = 'shape {number}'\n" for number in range(40))


def entry(text: str, package: str = "a", sha256: str = "1", spdx: str = "MIT") -> dict[str, str]:
    values = ("npm", package, "1", spdx, "a.py", "python", sha256, text)
    return dict(zip(FIELDS, values))


PACKAGES = [Package("npm", "a", "1", "MIT", "train"), Package("npm", "h", "1", "MIT", "heldout")]


class Verify(unittest.TestCase):
    def test_a_clean_corpus_has_no_problems(self) -> None:
        train, heldout = [entry(TEXT)], [entry(OTHER, "h", "2")]
        self.assertEqual(list(entry_problems(PACKAGES, {"train": train, "heldout": heldout})), [])
        self.assertEqual(list(hash_problems(train, [], heldout, set())), [])
        self.assertEqual(list(copy_problems(train, heldout)), [])

    def test_a_file_of_a_held_out_package(self) -> None:
        self.assertEqual(len(list(entry_problems(PACKAGES, {"train": [entry(TEXT, "h")]}))), 1)

    def test_a_package_that_is_not_on_the_list(self) -> None:
        self.assertEqual(len(list(entry_problems(PACKAGES, {"train": [entry(TEXT, "x")]}))), 1)

    def test_a_licence_and_a_special_token(self) -> None:
        self.assertEqual(len(list(entry_problems(PACKAGES, {"train": [entry(TEXT, spdx="GPL-3.0")]}))), 1)
        self.assertEqual(len(list(entry_problems(PACKAGES, {"train": [entry(TEXT + "<|fim_middle|>")]}))), 1)

    def test_the_same_bytes(self) -> None:
        self.assertEqual(len(list(hash_problems([entry(TEXT)], [], [entry(TEXT, "h")], set()))), 1)
        self.assertEqual(len(list(hash_problems([entry(TEXT)], [entry(TEXT, "v")], [], set()))), 1)
        self.assertEqual(len(list(hash_problems([entry(TEXT)], [], [], {"1"}))), 1)

    def test_copies_with_other_bytes(self) -> None:
        self.assertEqual(len(list(copy_problems([entry(TEXT.replace("    ", "\t"))], [entry(TEXT, "h")]))), 1)
        self.assertEqual(len(list(copy_problems([entry(OTHER + TEXT)], [entry(TEXT, "h")]))), 1)

    def test_what_is_evaluated_must_be_held_out(self) -> None:
        self.assertEqual(len(list(list_problems(PACKAGES, ["npm:a@9.9.9"]))), 1)
        self.assertEqual(list(list_problems(PACKAGES, ["npm:h@2", "npm:unlisted@1"])), [])

    def test_names_of_packages(self) -> None:
        self.assertEqual(name_of("npm:@scope/a@1.0.0"), ("npm", "@scope/a"))
        self.assertEqual(name_of("pypi:Flask==3"), ("pypi", "flask"))
        self.assertEqual(name_of("crate:bytes@1"), ("cargo", "bytes"))
        self.assertEqual(name_of("maven:g:a:1"), ("maven", "g:a"))

    def test_the_committed_list_holds_out_what_is_evaluated(self) -> None:
        packages = [Package(**line) for line in json.loads((HERE / "packages.json").read_text("utf-8"))["packages"]]
        uris = {line["package"] for line in json.loads((ROOT / "scripts/evaluate/corpus.json").read_text("utf-8"))["files"]}
        self.assertEqual(list(list_problems(packages, sorted(uris))), [])
        listed = {(package.ecosystem, package.name.lower()) for package in packages if package.split == "heldout"}
        self.assertEqual({uri for uri in uris if name_of(uri) not in listed}, set())


if __name__ == "__main__":
    unittest.main()
