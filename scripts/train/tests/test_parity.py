"""The trainer against hearth's engine: the same prompt tokens, the same probabilities. Needs `npm run build` and node."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path
from random import Random

from .fixtures import ask_engine, small_model, small_vocabulary, smollm2, texts

import vocabulary as vocabularies
from checkpoint import load_model
from engine_prompt import Related, build_prompt
from export import write_gguf

ODD = [
    ("odd.py", "a = 'x<|fim_prefix|>y<|endoftext|>'\n\n\ndef f(a):\n\treturn  a", "\n\n# größe 😀\n"),
    ("", "", ""),
    ("empty.ts", "", "\nlet a = 1;\n"),
    ("blank.go", "\n\n   ", "   \n\n"),
    ("crlf.c", "int a;\r\nint b;\r\n  retu", "rn;\r\n"),
    ("long.js", f"const a = [{'1, ' * 300}", "];\n"),
    ("nbsp.rs", "let\u00a0a = 1;\n\u2003let b", " = 2;\n"),
]


def questions(seed: int, count: int) -> list[dict]:
    chance = Random(seed)
    files = list(texts().items())
    made = [
        {"path": path or "x", "before": before, "after": after, "budget": 256, "related": []}
        for path, before, after in ODD
    ]
    for _ in range(count):
        path, text = chance.choice(files)
        start = chance.randrange(len(text))
        other_path, other = chance.choice(files)
        made.append(
            {
                "path": path,
                "before": text[:start],
                "after": text[start + chance.randrange(80) :],
                "budget": chance.choice([256, 384, 512, 768, 1024]),
                "related": [{"path": other_path, "text": other}] if chance.random() < 0.4 else [],
                **({"repository": "hearth"} if chance.random() < 0.3 else {}),
            }
        )
    return made


def probe(vocabulary, before: str) -> list[int]:
    prompt = build_prompt(vocabulary, "a.py", before, "\n\nprint(x)\n", 256)
    assert prompt is not None
    return prompt.tokens


def write_model(folder: str, kind: str):
    vocabulary = small_vocabulary()
    path = Path(folder) / f"{kind}.gguf"
    write_gguf(small_model(), vocabulary, path, kind, {"name": "test"})
    return vocabulary, path


def write_smollm2(folder: str, kind: str):
    source = smollm2()
    assert source is not None
    vocabulary = vocabularies.load(source)
    model, facts = load_model(source, vocabulary, seed=1)
    path = Path(folder) / f"smollm2-{kind}.gguf"
    write_gguf(model, vocabulary, path, kind, facts)
    return vocabulary, path


class Parity(unittest.TestCase):
    def check_prompts(self, vocabulary, path: Path) -> None:
        asked = questions(seed=5, count=120)
        for question, answer in zip(asked, ask_engine("prompts", path, asked), strict=True):
            related = tuple(Related(**one) for one in question["related"])
            prompt = build_prompt(
                vocabulary,
                question["path"],
                question["before"],
                question["after"],
                question["budget"],
                related=related,
                repository=question.get("repository"),
            )
            if prompt is None:
                continue
            place = f"{question['path']} at {len(question['before'])}"
            self.assertEqual(prompt.typed, answer["typed"], place)
            self.assertEqual(
                [vocabulary.tokens[token] for token in prompt.tokens],
                [vocabulary.tokens[token] for token in answer["tokens"]],
                place,
            )

    def check_probabilities(self, vocabulary, path: Path, tolerance: float) -> None:
        """The exported file is read back, so that its rounding is in both.

        Over SmolLM2's 30 layers a file in F16 differs by up to 0.003 in a probability, in Q8_0 and Q4_0 by up to 0.05 (measured): llama.cpp
        also rounds what quantised matrices are multiplied with to eight bits. That alone moves the trainer's own probabilities by
        0.01 to 0.10 on these prompts; done here as well it brings the two no closer, since errors of 0.001 round to other steps.
        """
        import torch

        model, _ = load_model(path, vocabulary, seed=1)
        prompts = [
            probe(vocabulary, before)
            for before in ("def mean(values):\n    return ", "import json\n\nwith open(path) as f:\n    x = json.", "x = 1\n")
        ]
        answers = ask_engine("next", path, [{"tokens": tokens} for tokens in prompts])
        for tokens, answer in zip(prompts, answers, strict=True):
            with torch.no_grad():
                logits = model.logits(torch.tensor([tokens]))[0, -1]
            chosen = torch.tensor([token for token, _ in answer["candidates"]])
            ours = logits[chosen].softmax(0)
            theirs = torch.tensor([probability for _, probability in answer["candidates"]])
            worst = float((ours - theirs).abs().max())
            self.assertLess(worst, tolerance)
            top, second = theirs[0], theirs[1]
            if top - second > 2 * tolerance:
                self.assertEqual(int(logits.argmax()), int(chosen[0]))
            print(f"{path.name}: {len(tokens)} tokens, largest difference of a probability {worst:.5f}, best {top:.3f}")

    def test_prompts_of_our_vocabulary_are_the_engines(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.check_prompts(*write_model(folder, "Q8_0"))

    def test_probabilities_of_a_small_model_are_the_engines(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for kind, tolerance in (("F16", 0.005), ("Q8_0", 0.02), ("Q4_0", 0.02)):
                self.check_probabilities(*write_model(folder, kind), tolerance)

    @unittest.skipUnless(os.environ.get("HEARTH_PARITY_MODEL"), "HEARTH_PARITY_MODEL names no file")
    def test_a_given_file_answers_as_in_the_engine(self) -> None:
        path = Path(os.environ["HEARTH_PARITY_MODEL"])
        vocabulary = vocabularies.load(path)
        self.check_prompts(vocabulary, path)
        self.check_probabilities(vocabulary, path, 0.1)

    def test_infill_is_supported(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            vocabulary, path = write_model(folder, "Q4_0")
            (found,) = ask_engine("infill", path, [])
            self.assertTrue(found["infillSupported"])
            self.assertEqual(found["prefix"], vocabulary.special[vocabularies.PREFIX])
            self.assertEqual(found["middle"], vocabulary.special[vocabularies.MIDDLE])
            self.assertEqual(found["end"], vocabulary.special[vocabularies.END])

    @unittest.skipUnless(smollm2(), "HEARTH_TEST_MODEL names no SmolLM2 file")
    def test_smollm2_answers_as_in_the_engine(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            made = write_smollm2(folder, "F16")
            self.check_prompts(*made)
            self.check_probabilities(*made, 0.01)


if __name__ == "__main__":
    unittest.main()
