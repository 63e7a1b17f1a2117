"""What llama.cpp's Q4_0 and Q8_0 keep of a weight, as a float tensor with a straight-through gradient."""

from __future__ import annotations

import torch
from torch import Tensor

# Weights share a scale in blocks of this many.
BLOCK = 32


def q4_0(weight: Tensor) -> Tensor:
    """quantize_row_q4_0_ref and back: the value furthest from 0 becomes -8, the scale is kept in 16 bits."""
    blocks = weight.float().reshape(-1, BLOCK)
    furthest = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
    scale = furthest / -8
    inverse = torch.where(scale == 0, torch.zeros_like(scale), 1 / scale)
    steps = torch.clamp((blocks * inverse + 8.5).trunc(), 0, 15) - 8
    return (steps * scale.half().float()).reshape(weight.shape)


def q8_0(weight: Tensor) -> Tensor:
    """quantize_row_q8_0_ref and back: halves are rounded away from 0."""
    blocks = weight.float().reshape(-1, BLOCK)
    scale = blocks.abs().amax(1, keepdim=True) / 127
    inverse = torch.where(scale == 0, torch.zeros_like(scale), 1 / scale)
    scaled = blocks * inverse
    steps = torch.sign(scaled) * (scaled.abs() + 0.5).floor()
    return (steps * scale.half().float()).reshape(weight.shape)


def fake_q4_0(weight: Tensor) -> Tensor:
    return weight + (q4_0(weight.detach()) - weight).detach()


def fake_q8_0(weight: Tensor) -> Tensor:
    return weight + (q8_0(weight.detach()) - weight).detach()
