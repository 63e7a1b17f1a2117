"""Examples: put together again they are the file, they look as the engine asks, and the same seed gives the same ones."""

from __future__ import annotations

import unittest
from random import Random

from .fixtures import ROOT, small_vocabulary, texts

from engine_prompt import find_typed, split_segments
from golden import golden
from holes import KINDS as HOLE_KINDS
from holes import LONGEST_HOLE, MOST_BLOCK_LINES, choose_hole
from objective import LONGEST, SourceFile, cut_at, cut_example, examples_of
from vocabulary import END, FILE, MIDDLE, PREFIX, SUFFIX


def files() -> list[SourceFile]:
    return [SourceFile("hearth", path, "x", text) for path, text in texts().items()]


class Holes(unittest.TestCase):
    def test_are_cut_where_their_kind_says(self) -> None:
        chance = Random(1)
        found = dict.fromkeys(HOLE_KINDS, 0)
        for file in files():
            for kind in HOLE_KINDS:
                hole = choose_hole(file.text, chance, kind)
                if hole is None:
                    continue
                found[kind] += 1
                text = file.text[hole.start : hole.end]
                self.assertTrue(text.strip())
                self.assertLessEqual(len(text), LONGEST_HOLE)
                if kind in ("rest", "line"):
                    self.assertNotIn("\n", text)
                    self.assertIn(file.text[hole.end : hole.end + 1].strip(), "")
                if kind == "block":
                    self.assertLessEqual(text.strip("\n").count("\n") + 1, 4 * MOST_BLOCK_LINES)
                if kind == "bracket":
                    self.assertEqual("([{".index(file.text[hole.start - 1]), ")]}".index(file.text[hole.end]))
        for kind, count in found.items():
            self.assertGreater(count, 5, kind)

    def test_a_block_is_the_body_of_the_line_above(self) -> None:
        text = "def f(a):\n    if a:\n        b = 1\n        c = 2\n    return a\n\n\nx = 1\n"
        bodies = {choose_hole(text, Random(seed), "block") for seed in range(60)}
        cut = {text[hole.start : hole.end].strip() for hole in bodies if hole is not None}
        self.assertIn("b = 1\n        c = 2", cut)
        self.assertIn("if a:\n        b = 1\n        c = 2\n    return a", cut)


class Boundary(unittest.TestCase):
    def test_takes_back_the_half_word_and_the_blanks_before_it(self) -> None:
        self.assertEqual(find_typed("def f(a):\n    ret", "leading"), "\n    ret")
        self.assertEqual(find_typed("def f(a):\n    ret", "trailing"), "    ret")
        self.assertEqual(find_typed("x = foo(", "leading"), "")
        self.assertEqual(find_typed("x = foo(a, bär", "leading"), " bär")

    def test_segments_joined_are_the_text(self) -> None:
        for text in [*texts().values(), "", "\n\n a \n\n", "x" * 2000, "a\r\n\r\n\tb  ", "\u2003a\u00a0\n"]:
            for joint in ("leading", "trailing"):
                self.assertEqual("".join(split_segments(text, joint)), text)


class Examples(unittest.TestCase):
    def test_the_same_seed_gives_the_same_examples(self) -> None:
        file, *others = files()
        runs = [
            [example.tokens for example in examples_of(file, others, small_vocabulary(), Random(9))] for _ in range(2)
        ]
        self.assertEqual(runs[0], runs[1])
        self.assertGreater(len(runs[0]), 1)

    def test_a_cut_put_together_again_is_the_file(self) -> None:
        vocabulary, chance = small_vocabulary(), Random(4)
        special = vocabulary.special
        checked = 0
        for file in files():
            hole = choose_hole(file.text, chance)
            if hole is None:
                continue
            before, middle, after = file.text[: hole.start], file.text[hole.start : hole.end], file.text[hole.end :]
            example = cut_at(vocabulary, file, before, middle, after, kind=hole.kind, budget=512)
            if example is None:
                continue
            checked += 1
            tokens = example.tokens
            self.assertEqual(tokens[0], special[FILE])
            self.assertEqual(tokens[-1], special[END])
            prefix = tokens[tokens.index(special[PREFIX]) + 1 : tokens.index(special[SUFFIX])]
            suffix = tokens[tokens.index(special[SUFFIX]) + 1 : tokens.index(special[MIDDLE])]
            rest = tokens[tokens.index(special[MIDDLE]) + 1 : -1]
            # The line left of the cursor follows the middle token: it belongs to the text before the cursor.
            written = vocabulary.decode(prefix) + vocabulary.decode(rest)
            self.assertTrue((before + middle).endswith(written), file.path)
            self.assertTrue(after.startswith(vocabulary.decode(suffix)), file.path)
            answer = vocabulary.decode(tokens[example.answer : -1])
            self.assertEqual(answer, find_typed(before, vocabulary.joint) + middle)
            self.assertEqual(example.characters, len(answer))
        self.assertGreater(checked, 20)

    def test_text_that_looks_special_stays_text(self) -> None:
        vocabulary = small_vocabulary()
        text = f"a = '{END}{MIDDLE}'\n" * 20
        file = SourceFile("p", "a.py", "python", text)
        for example in examples_of(file, (), vocabulary, Random(2)):
            special = [token for token in example.tokens if vocabulary.types[token] != 1]
            # Those that we put there: file, prefix, suffix, middle, end at most once each.
            self.assertEqual(len(special), len(set(special)))

    def test_shares_are_as_wanted(self) -> None:
        vocabulary, chance = small_vocabulary(), Random(8)
        made = [cut_example(file, files(), vocabulary, chance) for file in files() for _ in range(12)]
        kept = [example for example in made if example is not None]
        self.assertGreater(len(kept), 0.9 * len(made))
        special = vocabulary.special
        with_path = sum(special[FILE] in example.tokens for example in kept) / len(kept)
        self.assertTrue(0.6 < with_path < 0.85, with_path)
        empty = sum(example.tokens.index(special[MIDDLE]) == example.tokens.index(special[SUFFIX]) + 1 for example in kept)
        self.assertTrue(0.02 < empty / len(kept) < 0.15, empty)
        self.assertTrue(all(len(example.tokens) <= LONGEST for example in kept))


class Golden(unittest.TestCase):
    def test_the_prompts_that_the_engines_test_reads_are_todays(self) -> None:
        kept = (ROOT / "test" / "fixtures" / "trained-prompts.jsonl").read_text("utf8")
        self.assertEqual(kept, golden(), "run golden.py, then test/inference/trained-prompts.test.ts")


if __name__ == "__main__":
    unittest.main()
