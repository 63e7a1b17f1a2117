"""Quantisation as llama.cpp's, packing without mixing documents, a training that learns and goes on, and parts that are checked."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy
import torch

from .fixtures import FOLDER, small_model, small_vocabulary, texts

import vocabulary as vocabularies
from export import join, split
from model import attend
from packing import IGNORED, Tokens, batches, block_mask, dense_mask, pack
from progress import Progress
from quantise import fake_q4_0, q4_0, q8_0


class Quantisation(unittest.TestCase):
    def test_is_that_of_the_file_format(self) -> None:
        from gguf import GGMLQuantizationType
        from gguf.quants import dequantize, quantize

        weights = numpy.random.default_rng(1).normal(0, 0.03, (64, 256)).astype(numpy.float32)
        weights[3] = 0
        for kind, ours in ((GGMLQuantizationType.Q4_0, q4_0), (GGMLQuantizationType.Q8_0, q8_0)):
            theirs = dequantize(quantize(weights, kind), kind)
            self.assertEqual(float(numpy.abs(theirs - ours(torch.from_numpy(weights)).numpy()).max()), 0.0, kind)

    def test_gradients_pass_straight_through(self) -> None:
        weight = torch.randn(4, 64, requires_grad=True)
        (fake_q4_0(weight) * 3).sum().backward()
        self.assertTrue(torch.equal(weight.grad, torch.full_like(weight, 3)))


def write_tokens(folder: str, lengths: list[int], answer: int = 0) -> Tokens:
    table = numpy.array([(length, answer, 0 if answer == 0 else 1, length) for length in lengths], dtype=numpy.int32)
    path = Path(folder) / "tokens"
    numpy.save(path.with_suffix(".npy"), table)
    numpy.arange(sum(lengths), dtype=numpy.uint16).tofile(path.with_suffix(".bin"))
    return Tokens.open(path)


class Packing(unittest.TestCase):
    def test_every_example_once_and_no_row_too_long(self) -> None:
        lengths = numpy.random.default_rng(3).integers(1, 500, 700)
        rows = pack(lengths, numpy.arange(700), 512)
        self.assertEqual(sorted(index for row in rows for index in row), list(range(700)))
        self.assertTrue(all(lengths[row].sum() <= 512 for row in rows))
        self.assertGreater(lengths.sum() / (512 * len(rows)), 0.97)

    def test_targets_stay_inside_of_their_document(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            tokens = write_tokens(folder, [5, 9, 3, 8, 7], answer=2)
            (batch,) = batches(tokens, 16, 2, 60_000, seed=1)
            for row in range(2):
                for place in range(16):
                    target = int(batch.targets[row, place])
                    if target == IGNORED:
                        continue
                    self.assertEqual(target, int(batch.ids[row, place + 1]))
                    self.assertEqual(batch.documents[row, place], batch.documents[row, place + 1])

    def test_documents_do_not_see_each_other(self) -> None:
        model = small_model()
        ids = torch.randint(7, 2000, (1, 24))
        documents = torch.tensor([[0] * 10 + [1] * 9 + [-1] * 5])
        with torch.no_grad():
            packed = model.logits(ids, dense_mask(documents))
            alone = model.logits(ids[:, 10:19])
        self.assertTrue(torch.allclose(packed[:, 10:19], alone, atol=2e-4))

    def test_flex_attention_sees_the_same(self) -> None:
        documents = torch.tensor([[0] * 50 + [1] * 70 + [-1] * 8])
        q, k, v = (torch.randn(1, heads, 128, 16) for heads in (6, 2, 2))
        with torch.no_grad():
            dense = attend(q, k, v, dense_mask(documents))
            flexible = attend(q, k, v, block_mask(documents))
        self.assertTrue(torch.allclose(dense, flexible, atol=1e-5))


class Training(unittest.TestCase):
    def test_learns_and_goes_on_where_it_was_cut_off(self) -> None:
        import lzma

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            vocabularies.save(small_vocabulary(), folder / "v.json")
            for part, chosen in (("train", list(texts().items())[4:]), ("validation", list(texts().items())[:4])):
                with lzma.open(folder / f"{part}.jsonl.xz", "wt", encoding="utf8") as file:
                    for path, text in chosen:
                        record = {"ecosystem": "npm", "package": part, "path": path, "language": "x", "text": text}
                        file.write(f"{json.dumps(record)}\n")
                command = [sys.executable, "prepare.py", "tokens", "--corpus", folder / f"{part}.jsonl.xz"]
                command += ["--vocabulary", folder / "v.json", "--out", folder / part, "--workers", "1", "--longest", "256"]
                run([*command, *(["--holes"] if part == "validation" else [])])
            command = [sys.executable, "train.py", "--tokens", folder / "train", "--validation", folder / "validation"]
            command += ["--vocabulary", folder / "v.json", "--out", folder / "run", "--from", "toy", "--steps", "24"]
            command += ["--row", "256", "--micro-batch", "2", "--batch", "4", "--lr", "3e-3", "--validation-rows", "8"]
            command += ["--threads", "1", "--cpu", "--validate-every", "2", "--quantise-from", "0.9"]
            run([*command, "--call-minutes", "0.02"])
            first = read_log(folder)
            self.assertTrue(0 < first[-1]["step"] < 24, first[-1])
            run(command)
            log = read_log(folder)
            self.assertEqual(log[-1]["step"], 24)
            self.assertEqual([row["step"] for row in log if "loss" in row], list(range(1, 25)))
            self.assertTrue(log[-2].get("quantised"))
            begin, end = log[0]["validation"], log[-1]["validation"]
            self.assertLess(end["plain"]["bitsPerCharacter"], 0.9 * begin["plain"]["bitsPerCharacter"])
            self.assertLess(end["line"]["natsPerToken"], begin["line"]["natsPerToken"])


def run(command: list) -> None:
    done = subprocess.run([str(one) for one in command], cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)


def read_log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "run" / "log.jsonl").read_text().splitlines()]


class Parts(unittest.TestCase):
    def test_join_to_the_same_file_or_say_which_is_wrong(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            whole = folder / "m.gguf"
            whole.write_bytes(numpy.random.default_rng(1).bytes(100_000))
            listing = split(whole, folder / "parts", 30_000)
            out = folder / "again.gguf"
            join(listing, out)
            self.assertEqual(out.read_bytes(), whole.read_bytes())
            out.unlink()
            part = folder / "parts" / "m.gguf.part02"
            part.write_bytes(b"x" + part.read_bytes()[1:])
            with self.assertRaisesRegex(ValueError, "part02"):
                join(listing, out)
            self.assertEqual([path.name for path in folder.iterdir() if "again" in path.name], [])
            part.unlink()
            with self.assertRaises(FileNotFoundError):
                join(listing, out)


class Shown(unittest.TestCase):
    def test_progress_is_a_plain_line_without_a_terminal(self) -> None:
        out = io.StringIO()
        progress = Progress(out)
        progress.show(0.25, "loss 2.0")
        progress.say("done")
        self.assertIn("25% loss 2.0", out.getvalue())
        self.assertNotIn("\x1b", out.getvalue())


if __name__ == "__main__":
    unittest.main()
