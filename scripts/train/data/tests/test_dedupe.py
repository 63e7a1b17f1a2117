"""Copies are found when they are changed a little; texts that only share idioms are left alone."""

import random
import subprocess
import sys
import unittest
from pathlib import Path

from dedupe import HeldOut, NearDuplicates, Shingler, exact_key, signature, similarity

ROOM = Path(__file__).resolve().parents[1]


def program(seed: int, lines: int = 120) -> str:
    words = random.Random(seed)
    names = [f"name{words.randrange(400)}" for _ in range(60)]
    name = lambda: words.choice(names)
    return "".join(f"{name()} = {name()}.{name()}({name()}, {words.randrange(99)})\n" for _ in range(lines))


def changed(text: str, every: int) -> str:
    return "".join(f"other{number}()\n" if number % every == 0 else line for number, line in enumerate(text.splitlines(keepends=True)))


class Near(unittest.TestCase):
    def setUp(self) -> None:
        self.shingler = Shingler()

    def sketch(self, text: str) -> tuple[int, ...] | None:
        return signature(self.shingler.shingles(text))

    def test_exact_copies_differ_in_blanks_only(self) -> None:
        self.assertEqual(exact_key("a  =\n\tb"), exact_key("A = b\n"))
        self.assertNotEqual(exact_key("a = b"), exact_key("a = c"))

    def test_a_slightly_changed_copy_is_found(self) -> None:
        for seed in range(20):
            family = NearDuplicates()
            self.assertFalse(family.is_repeat(self.sketch(program(seed))))
            self.assertTrue(family.is_repeat(self.sketch(changed(program(seed), 30))), seed)

    def test_other_programs_are_kept(self) -> None:
        family = NearDuplicates()
        self.assertEqual([family.is_repeat(self.sketch(program(seed))) for seed in range(30)], [False] * 30)

    def test_the_estimate_is_near_the_truth(self) -> None:
        one, other = self.shingler.shingles(program(1, 400)), self.shingler.shingles(changed(program(1, 400), 5))
        truth = len(one & other) / len(one | other)
        self.assertAlmostEqual(similarity(signature(one), signature(other)), truth, delta=0.2)

    def test_shingles_do_not_depend_on_the_hash_seed(self) -> None:
        code = "from dedupe import Shingler; print(sorted(Shingler().shingles('a = b + c * (d - e) / f[g] if h else i ' * 3))[:3])"
        command = [sys.executable, "-c", code]
        told = [subprocess.run(command, cwd=ROOM, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout for seed in "12"]
        self.assertEqual(told[0], told[1])


class Against(unittest.TestCase):
    def setUp(self) -> None:
        self.shingler = Shingler()
        self.heldout = HeldOut()
        self.text = program(7)
        self.heldout.add(self.text, self.shingler.shingles(self.text))

    def repeats(self, text: str) -> str | None:
        return self.heldout.repeats(text, self.shingler.shingles(text))

    def test_exact_and_changed_copies(self) -> None:
        self.assertEqual(self.repeats(self.text), "exact")
        self.assertEqual(self.repeats(changed(self.text, 10)), "near")

    def test_a_held_out_file_inside_a_larger_one(self) -> None:
        self.assertEqual(self.repeats(program(8, 900) + self.text + program(9, 900)), "near")

    def test_a_part_of_a_held_out_file(self) -> None:
        self.assertEqual(self.repeats("".join(self.text.splitlines(keepends=True)[20:90])), "near")

    def test_other_code_passes(self) -> None:
        self.assertIsNone(self.repeats(program(10)))


if __name__ == "__main__":
    unittest.main()
