"""The two vocabularies: SmolLM2's own (read from its GGUF) and a 16k one that is trained here, with the same special names.

Text never becomes a special token: the tokenizers know the special names as vocabulary entries only, no merge spells them.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

END = "<|endoftext|>"
PREFIX = "<|fim_prefix|>"
SUFFIX = "<|fim_suffix|>"
MIDDLE = "<|fim_middle|>"
PAD = "<|fim_pad|>"
REPOSITORY = "<|repo_name|>"
FILE = "<|file_sep|>"
# The names of the prompt format "qwen" in models/prompt-formats.json, which serves our models unchanged.
SPECIAL = (END, PREFIX, SUFFIX, MIDDLE, PAD, REPOSITORY, FILE)

# SmolLM2 reserves these ids for corpora it was (repo_name, file_sep) or was hardly (the rest) trained with; they get our names.
SMOLLM2_NAMES = {3: REPOSITORY, 5: FILE, 7: PREFIX, 8: SUFFIX, 9: MIDDLE, 10: PAD}

# llama.cpp's pre-type "qwen2": digits alone, a letter run with one mark in front, line breaks with the marks before them.
QWEN2_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass
class Vocabulary:
    tokenizer: Tokenizer
    tokens: list[str]
    merges: list[str]
    # 1 normal, 3 control: llama.cpp's numbers.
    types: list[int]
    special: dict[str, int]
    # "smollm" or "qwen2": llama.cpp's name of the pre-tokeniser.
    pre: str
    # Where a line break goes when the text is cut into pieces; see server/inference/prompt/segments.ts.
    joint: str
    _cache: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> tuple[int, ...]:
        known = self._cache.get(text)
        if known is None:
            known = tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)
            if len(self._cache) > 200_000:
                self._cache.clear()
            self._cache[text] = known
        return known

    def encode_many(self, texts: list[str]) -> list[tuple[int, ...]]:
        """Each text by itself, those that are not known in one batch."""
        unknown = list({text for text in texts if text not in self._cache})
        if len(self._cache) > 200_000:
            self._cache.clear()
            unknown = list(set(texts))
        for text, encoding in zip(unknown, self.tokenizer.encode_batch(unknown, add_special_tokens=False)):
            self._cache[text] = tuple(encoding.ids)
        return [self._cache[text] for text in texts]

    def decode(self, ids) -> str:
        return self.tokenizer.decode([i for i in ids if self.types[i] == 1], skip_special_tokens=False)


def from_gguf(path: Path) -> Vocabulary:
    """The vocabulary of a GGUF file: SmolLM2 as it is packaged, or a model that export.py wrote."""
    from gguf import GGUFReader

    fields = GGUFReader(str(path)).fields
    tokens = list(fields["tokenizer.ggml.tokens"].contents())
    merges = list(fields["tokenizer.ggml.merges"].contents())
    types = [int(kind) for kind in fields["tokenizer.ggml.token_type"].contents()]
    pre = fields["tokenizer.ggml.pre"].contents()
    if pre == "smollm" and PREFIX not in tokens:
        for index, name in SMOLLM2_NAMES.items():
            tokens[index] = name
    return build(tokens, merges, types, pre)


def load(path: Path) -> Vocabulary:
    """A GGUF file or the JSON that `save` wrote: the machine with the accelerator needs the latter only."""
    if path.suffix == ".gguf":
        return from_gguf(path)
    kept = json.loads(path.read_text("utf8"))
    return build(kept["tokens"], kept["merges"], kept["types"], kept["pre"])


def save(vocabulary: Vocabulary, path: Path) -> None:
    kept = {key: getattr(vocabulary, key) for key in ("pre", "tokens", "types", "merges")}
    path.write_text(json.dumps(kept, ensure_ascii=False), "utf8")


def build(tokens: list[str], merges: list[str], types: list[int], pre: str) -> Vocabulary:
    model = models.BPE(
        vocab={token: index for index, token in enumerate(tokens)},
        merges=[tuple(merge.split(" ")) for merge in merges],
    )
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizer(pre)
    tokenizer.decoder = decoders.ByteLevel()
    special = {name: tokens.index(name) for name in SPECIAL}
    return Vocabulary(
        tokenizer, tokens, merges, types, special, pre, joint="leading" if pre == "smollm" else "trailing"
    )


def pre_tokenizer(pre: str):
    if pre == "smollm":
        return pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    if pre == "qwen2":
        return pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(QWEN2_PATTERN), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    raise ValueError(f"there is no pre-tokeniser {pre}")


def train(texts, size: int) -> Vocabulary:
    """A vocabulary of `size` tokens from an iterator of texts, special names first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer("qwen2")
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    made = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(made["vocab"].items(), key=lambda item: item[1])]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in made["merges"]]
    types = [3 if token in SPECIAL else 1 for token in tokens]
    # Built anew, so that text with a special name in it stays text.
    return build(tokens, merges, types, "qwen2")


# What JavaScript's \s matches; Python's differs in a few characters.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


@lru_cache(maxsize=4096)
def is_word(character: str) -> bool:
    """[\\p{L}\\p{N}_$]"""
    return character in "_$" or unicodedata.category(character)[0] in "LN"
