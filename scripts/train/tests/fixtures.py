"""What several tests use: texts, a small vocabulary of our own, a small model with random weights, and hearth's engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(FOLDER))
ENGINE = ROOT / "dist" / "scripts" / "train" / "ask-engine.js"

import vocabulary as vocabularies  # noqa: E402


@lru_cache
def texts() -> dict[str, str]:
    """Files of this repository, by path: TypeScript and Python."""
    paths = [*sorted((ROOT / "server" / "inference").glob("*.ts")), *sorted(FOLDER.glob("*.py"))]
    return {str(path.relative_to(ROOT)): path.read_text("utf8") for path in paths}


@lru_cache
def small_vocabulary() -> vocabularies.Vocabulary:
    return vocabularies.train(texts().values(), 2048)


@lru_cache
def small_model():
    import torch

    from model import Llama, Shape

    torch.set_num_threads(1)
    model = Llama(Shape(vocabulary=2048, width=64, layers=2, heads=4, kv_heads=2, hidden=160, rope_base=10_000.0))
    model.initialise(seed=3)
    with torch.no_grad():
        # Weights as small as those at a start give nearly even probabilities, which prove little.
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.mul_(6)
    return model


def smollm2() -> Path | None:
    """The packaged SmolLM2, where HEARTH_TEST_MODEL names it."""
    named = os.environ.get("HEARTH_TEST_MODEL")
    return Path(named) if named else None


def ask_engine(command: str, model: Path, questions: list[dict]) -> list[dict]:
    if not ENGINE.exists():
        raise RuntimeError(f"{ENGINE} is missing: run `npm run build` first")
    done = subprocess.run(
        ["node", str(ENGINE), command, str(model)],
        input="".join(f"{json.dumps(question)}\n" for question in questions),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]
