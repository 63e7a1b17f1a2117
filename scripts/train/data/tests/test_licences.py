"""A package is used only when a permissive licence is established."""

import unittest

import licences

MIT_TEXT = "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software"
GPL_TEXT = "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007"
BSD3_TEXT = "Redistribution and use in source and binary forms, with or without\nmodification ... Neither the name of the holder nor"


class Expressions(unittest.TestCase):
    def test_one_allowed_choice_is_enough(self) -> None:
        self.assertTrue(licences.is_allowed("MIT OR GPL-3.0"))
        self.assertTrue(licences.is_allowed("(MIT OR GPL-3.0) AND Zlib"))

    def test_licences_that_hold_together_must_all_be_allowed(self) -> None:
        self.assertFalse(licences.is_allowed("MIT AND GPL-3.0"))
        self.assertFalse(licences.is_allowed("LGPL-2.1"))
        self.assertFalse(licences.is_allowed("MIT AND (GPL-2.0 OR MPL-2.0)"))

    def test_nonsense_is_no_licence(self) -> None:
        for text in ("", "MIT OR", "(MIT", "SEE LICENSE IN x", "UNLICENSED"):
            self.assertFalse(licences.is_allowed(text), text)

    def test_spellings_are_understood(self) -> None:
        self.assertEqual(licences.normalise("Apache License, Version 2.0"), "Apache-2.0")
        self.assertEqual(licences.normalise("MIT/Apache-2.0"), "MIT OR Apache-2.0")
        self.assertEqual(licences.normalise("bsd-3-clause"), "BSD-3-Clause")


class Reading(unittest.TestCase):
    def test_metadata_of_each_ecosystem(self) -> None:
        self.assertEqual(licences.from_npm(b'{"license": {"type": "MIT"}}'), "MIT")
        self.assertEqual(licences.from_npm(b'{"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}'), "MIT OR GPL-2.0")
        self.assertIsNone(licences.from_npm(b'{"name": "x"}'))
        self.assertEqual(licences.from_python(b"Name: x\nLicense-Expression: BSD-3-Clause\n\nMIT"), "BSD-3-Clause")
        self.assertEqual(licences.from_python(b"Name: x\nClassifier: License :: OSI Approved :: MIT License\n"), "MIT")
        self.assertIsNone(licences.from_python(b"Name: x\nClassifier: License :: OSI Approved :: Some New Licence\n"))
        self.assertEqual(licences.from_cargo(b'[package]\nname = "x"\nlicense = "MIT/Apache-2.0"\n'), "MIT OR Apache-2.0")
        pom = b"<project><licenses><license><name>Apache License 2.0</name></license></licenses></project>"
        self.assertEqual(licences.from_pom(pom), "Apache-2.0")

    def test_debian_names_files_under_other_licences(self) -> None:
        notice = b"Format: x\n\nFiles: *\nCopyright: a\nLicense: Expat\n\nFiles: tools/*\n lib/x.c\nCopyright: b\nLicense: GPL-2+\n text\n"
        self.assertEqual(licences.from_debian(notice), ("MIT", ["tools/*", "lib/x.c"]))

    def test_licence_texts(self) -> None:
        self.assertEqual(licences.classify(MIT_TEXT), {"MIT"})
        self.assertEqual(licences.classify(BSD3_TEXT), {"BSD-3-Clause"})
        self.assertEqual(licences.classify(GPL_TEXT), {"GPL"})

    def test_heads_of_files(self) -> None:
        self.assertTrue(licences.forbidden_header("// SPDX-License-Identifier: GPL-2.0-only\n"))
        self.assertTrue(licences.forbidden_header("# under the terms of the GNU Lesser General Public License\n"))
        self.assertTrue(licences.forbidden_header("/* This Source Code Form is subject to the Mozilla Public License, v. 2.0 */"))
        self.assertFalse(licences.forbidden_header("// SPDX-License-Identifier: MIT\n"))
        self.assertFalse(licences.forbidden_header("// Licensed under the Apache License, Version 2.0\n"))


class Judging(unittest.TestCase):
    def test_declaration_and_text_agree(self) -> None:
        self.assertEqual(licences.judge("MIT", "MIT", [MIT_TEXT]).spdx, "MIT")

    def test_the_list_alone_is_no_evidence(self) -> None:
        self.assertIsNone(licences.judge("MIT", None, []).spdx)
        self.assertIsNone(licences.judge("MIT", None, ["All rights reserved."]).spdx)

    def test_a_declaration_that_is_not_allowed_wins_over_the_list(self) -> None:
        self.assertIsNone(licences.judge("MIT", "GPL-3.0", [MIT_TEXT]).spdx)

    def test_a_text_that_contradicts_wins_over_the_declaration(self) -> None:
        self.assertIsNone(licences.judge("MIT", "MIT", [GPL_TEXT]).spdx)

    def test_a_change_of_licence_is_noticed(self) -> None:
        self.assertIsNone(licences.judge("MIT", "BUSL-1.1", []).spdx)
        self.assertIsNone(licences.judge("MIT", "Apache-2.0", []).spdx)

    def test_heads_of_most_files_are_evidence(self) -> None:
        apache = "// Licensed under the Apache License, Version 2.0 (the License)"
        self.assertEqual(licences.judge_heads("Apache-2.0", [apache] * 3 + ["package a;"]).spdx, "Apache-2.0")
        self.assertIsNone(licences.judge_heads("Apache-2.0", [apache, "package a;", "package b;"]))
        self.assertIsNone(licences.judge_heads("MIT", [apache]))
        self.assertIsNone(licences.judge_heads("MIT", []))

    def test_the_list_may_not_name_a_copyleft_licence(self) -> None:
        self.assertIsNone(licences.judge("GPL-3.0", "GPL-3.0", [GPL_TEXT]).spdx)


if __name__ == "__main__":
    unittest.main()
