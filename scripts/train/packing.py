"""Examples packed into rows of one length, and rows into batches with the documents kept apart."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy
import torch
from torch import Tensor

# Packed together: more examples leave less padding, fewer mix better.
CHUNK = 4096
IGNORED = -100


@dataclass
class Tokens:
    """What prepare.py wrote: all tokens, and a row for each example (length, place of the answer, kind, characters)."""

    ids: numpy.ndarray
    table: numpy.ndarray
    starts: numpy.ndarray

    @staticmethod
    def open(path: Path) -> "Tokens":
        table = numpy.load(path.with_suffix(".npy"))
        ids = numpy.memmap(path.with_suffix(".bin"), dtype=numpy.uint16, mode="r")
        starts = numpy.concatenate([[0], numpy.cumsum(table[:, 0], dtype=numpy.int64)])
        if starts[-1] != len(ids):
            raise ValueError(f"{path}: {len(ids)} tokens where the table says {starts[-1]}")
        return Tokens(ids, table, starts)


@dataclass
class Batch:
    ids: Tensor
    # The next token of the same document, or IGNORED.
    targets: Tensor
    # Number of the example in the table for each place; -1 is padding.
    documents: Tensor
    # Whether the target belongs to an answer behind a cut.
    is_answer: Tensor


def pack(lengths: numpy.ndarray, order: numpy.ndarray, row: int) -> list[list[int]]:
    """Rows of example numbers whose lengths sum to at most `row`: the fullest row that still has room, chunk by chunk."""
    rows: list[list[int]] = []
    for start in range(0, len(order), CHUNK):
        chunk = sorted(order[start : start + CHUNK].tolist(), key=lambda index: -lengths[index])
        room: list[tuple[int, int]] = []
        for index in chunk:
            length = int(lengths[index])
            if length > row:
                continue
            at = bisect_left(room, (length, 0))
            if at == len(room):
                rows.append([index])
                left, number = row - length, len(rows) - 1
            else:
                left, number = room.pop(at)
                rows[number].append(index)
                left -= length
            insort(room, (left, number))
    return rows


def batches(tokens: Tokens, row: int, size: int, pad: int, seed: int, skip: int = 0) -> Iterator[Batch]:
    """Once over all examples in an order of chance; `skip` leaves out the first batches (a training goes on)."""
    rows = shuffled_rows(tokens, numpy.arange(len(tokens.table)), row, seed)
    for start in range(skip * size, len(rows) - size + 1, size):
        yield make_batch(tokens, rows[start : start + size], row, pad)


def validation_batches(tokens: Tokens, row: int, size: int, pad: int, rows: int) -> Iterator[Batch]:
    """The same rows every time: half of them plain text, half holes."""
    for is_hole in (False, True):
        order = numpy.flatnonzero((tokens.table[:, 2] > 0) == is_hole)
        chosen = shuffled_rows(tokens, order, row, 12345)[: max(1, rows // 2)]
        # Batches of one size only: another one would be compiled anew.
        for start in range(0, max(1, len(chosen) - size + 1), size):
            yield make_batch(tokens, chosen[start : start + size], row, pad)


def shuffled_rows(tokens: Tokens, order: numpy.ndarray, row: int, seed: int) -> list[list[int]]:
    numpy.random.default_rng(seed).shuffle(order)
    rows = pack(tokens.table[:, 0], order, row)
    numpy.random.default_rng(seed + 1).shuffle(rows)
    return rows


def make_batch(tokens: Tokens, rows: list[list[int]], row: int, pad: int) -> Batch:
    shape = (len(rows), row)
    ids = numpy.full(shape, pad, dtype=numpy.int64)
    targets = numpy.full(shape, IGNORED, dtype=numpy.int64)
    documents = numpy.full(shape, -1, dtype=numpy.int32)
    is_answer = numpy.zeros(shape, dtype=bool)
    for number, examples in enumerate(rows):
        at = 0
        for example in examples:
            length, answer = int(tokens.table[example, 0]), int(tokens.table[example, 1])
            text = tokens.ids[tokens.starts[example] : tokens.starts[example] + length]
            ids[number, at : at + length] = text
            targets[number, at : at + length - 1] = text[1:]
            documents[number, at : at + length] = example
            if answer > 0:
                is_answer[number, at + answer - 1 : at + length - 1] = True
            at += length
    return Batch(*(torch.from_numpy(array) for array in (ids, targets, documents, is_answer)))


def dense_mask(documents: Tensor) -> Tensor:
    """[batch, 1, to, from]: earlier places of the same document."""
    length = documents.shape[1]
    same = documents[:, :, None] == documents[:, None, :]
    earlier = torch.ones(length, length, dtype=torch.bool, device=documents.device).tril()
    return (same & earlier)[:, None]


def block_mask(documents: Tensor):
    """The same for flex attention, which skips blocks that no place looks at."""
    from torch.nn.attention.flex_attention import create_block_mask

    def may_look(batch, head, to, source):
        return (to >= source) & (documents[batch, to] == documents[batch, source])

    size, length = documents.shape
    return create_block_mask(may_look, size, None, length, length, device=documents.device)
