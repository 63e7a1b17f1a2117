"""A model from where it comes: a checkpoint of train.py, or a GGUF file to begin with (route A)."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from model import Llama, Shape, from_gguf, initialise_special, shape_to_json
from vocabulary import FILE, MIDDLE, PAD, PREFIX, REPOSITORY, SUFFIX, Vocabulary


def load_model(path: Path, vocabulary: Vocabulary, seed: int) -> tuple[Llama, dict[str, str]]:
    """The model on the processor in float32, and what its metadata shall tell of the training."""
    if path.suffix == ".gguf":
        model = from_gguf(path)
        if vocabulary.pre == "smollm" and is_untouched(model, vocabulary):
            initialise_special(model, vocabulary.special, (PREFIX, SUFFIX, MIDDLE, PAD, REPOSITORY, FILE), seed)
        return model, {}
    kept = torch.load(path, map_location="cpu", weights_only=True)
    model = Llama(Shape(**kept["shape"]))
    model.load_state_dict(kept["model"])
    return model, {"training": json.dumps(kept["facts"])}


def is_untouched(model: Llama, vocabulary: Vocabulary) -> bool:
    """Reserved rows that no training told apart are alike."""
    table, special = model.embedding, vocabulary.special
    return bool((table[special[PREFIX]] - table[special[SUFFIX]]).abs().max() < 0.05)


def save(path: Path, model: Llama, facts: dict, **state) -> None:
    """Written beside and renamed: a call that is cut off leaves the checkpoint before."""
    unfinished = path.with_suffix(".unfinished")
    torch.save({"shape": shape_to_json(model.shape), "model": model.state_dict(), "facts": facts, **state}, unfinished)
    unfinished.rename(path)
