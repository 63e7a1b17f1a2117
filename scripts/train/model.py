"""The Llama architecture in plain torch, as llama.cpp's `llama` runs it: interleaved RoPE, GQA, SwiGLU, RMSNorm, tied embeddings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention.flex_attention import flex_attention

from quantise import fake_q4_0, fake_q8_0


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    hidden: int
    rope_base: float = 100_000.0
    epsilon: float = 1e-5
    context: int = 2048

    @property
    def head_width(self) -> int:
        return self.width // self.heads


# Route B: 67M parameters, the shape that local-models §5.3 recommends for this budget.
SHAPE_B = Shape(vocabulary=16_384, width=640, layers=12, heads=10, kv_heads=5, hidden=1792, rope_base=10_000.0)
# For tests and trials on a processor.
SHAPE_TOY = Shape(vocabulary=4096, width=128, layers=3, heads=4, kv_heads=2, hidden=352, rope_base=10_000.0)


class Linear(nn.Module):
    """Without bias; in quantisation-aware steps it multiplies by what llama.cpp's Q4_0 would keep of its weight."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs))
        self.quantised = False

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, fake_q4_0(self.weight) if self.quantised else self.weight)


class Attention(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.q = Linear(shape.width, shape.width)
        self.k = Linear(shape.width, shape.kv_heads * shape.head_width)
        self.v = Linear(shape.width, shape.kv_heads * shape.head_width)
        self.o = Linear(shape.width, shape.width)

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], mask) -> Tensor:
        batch, length, _ = x.shape
        shape = self.shape
        q = rotate(self.q(x).view(batch, length, shape.heads, shape.head_width), rope).transpose(1, 2)
        k = rotate(self.k(x).view(batch, length, shape.kv_heads, shape.head_width), rope).transpose(1, 2)
        v = self.v(x).view(batch, length, shape.kv_heads, shape.head_width).transpose(1, 2)
        mixed = attend(q, k, v, mask)
        return self.o(mixed.transpose(1, 2).reshape(batch, length, shape.width))


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.attention = Attention(shape)
        self.mlp_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.gate = Linear(shape.width, shape.hidden)
        self.up = Linear(shape.width, shape.hidden)
        self.down = Linear(shape.hidden, shape.width)

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], mask) -> Tensor:
        x = x + self.attention(self.attention_norm(x), rope, mask)
        y = self.mlp_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Llama(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.empty(shape.vocabulary, shape.width))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.quantised = False
        cos, sin = rope_tables(shape, shape.context)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def initialise(self, seed: int) -> None:
        """Route B. What writes into the residual stream starts small: 0.02 / sqrt(2 · layers), as in GPT-2."""
        generator = torch.Generator().manual_seed(seed)
        small = 0.02 / (2 * self.shape.layers) ** 0.5
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if parameter.dim() == 1:
                    parameter.fill_(1.0)
                else:
                    deviation = small if name.endswith(("o.weight", "down.weight")) else 0.02
                    parameter.normal_(0.0, deviation, generator=generator)

    def quantise(self, on: bool) -> None:
        """Quantisation-aware: matrices as Q4_0, the embeddings (also as output) as Q8_0."""
        self.quantised = on
        for module in self.modules():
            if isinstance(module, Linear):
                module.quantised = on

    def hidden(self, ids: Tensor, table: Tensor, mask=None) -> Tensor:
        x = F.embedding(ids, table)
        rope = (self.cos[: ids.shape[1]], self.sin[: ids.shape[1]])
        for block in self.blocks:
            x = block(x, rope, mask)
        return self.norm(x)

    def table(self) -> Tensor:
        return fake_q8_0(self.embedding) if self.quantised else self.embedding

    def logits(self, ids: Tensor, mask=None) -> Tensor:
        table = self.table()
        return F.linear(self.hidden(ids, table, mask), table)


def attend(q: Tensor, k: Tensor, v: Tensor, mask) -> Tensor:
    """`mask` None: one text a row. A tensor: what may look at what. Else a block mask of flex attention."""
    if mask is None:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    if isinstance(mask, Tensor):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    return flex_attention(q, k, v, block_mask=mask, enable_gqa=True)


def rope_tables(shape: Shape, length: int) -> tuple[Tensor, Tensor]:
    width = shape.head_width
    frequencies = shape.rope_base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), frequencies)
    return angles.cos().float(), angles.sin().float()


def rotate(x: Tensor, rope: tuple[Tensor, Tensor]) -> Tensor:
    """Neighbouring pairs (0, 1), (2, 3), … turn together: llama.cpp's "normal" RoPE. In 32 bits, as there."""
    cos, sin = (table[None, :, None, :] for table in rope)
    even, odd = x[..., 0::2].float(), x[..., 1::2].float()
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2).to(x.dtype)


# The names in a GGUF file, by ours.
def gguf_names(layers: int) -> dict[str, str]:
    names = {"embedding": "token_embd.weight", "norm.weight": "output_norm.weight"}
    inner = {
        "attention_norm.weight": "attn_norm.weight",
        "attention.q.weight": "attn_q.weight",
        "attention.k.weight": "attn_k.weight",
        "attention.v.weight": "attn_v.weight",
        "attention.o.weight": "attn_output.weight",
        "mlp_norm.weight": "ffn_norm.weight",
        "gate.weight": "ffn_gate.weight",
        "up.weight": "ffn_up.weight",
        "down.weight": "ffn_down.weight",
    }
    for layer in range(layers):
        for ours, theirs in inner.items():
            names[f"blocks.{layer}.{ours}"] = f"blk.{layer}.{theirs}"
    return names


def from_gguf(path: Path, context: int = 2048) -> Llama:
    """A `llama` file with its quantised weights made float32. The rows of q and k are in llama.cpp's order already."""
    import numpy
    from gguf import GGUFReader
    from gguf.quants import dequantize

    reader = GGUFReader(str(path))

    def value(key: str):
        return reader.fields[key].contents()

    if value("general.architecture") != "llama":
        raise ValueError(f"{path} is no llama file")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    if "output.weight" in tensors:
        raise ValueError(f"{path} has an output matrix of its own: only tied embeddings are known here")
    shape = Shape(
        vocabulary=int(tensors["token_embd.weight"].shape[1]),
        width=value("llama.embedding_length"),
        layers=value("llama.block_count"),
        heads=value("llama.attention.head_count"),
        kv_heads=value("llama.attention.head_count_kv"),
        hidden=value("llama.feed_forward_length"),
        rope_base=value("llama.rope.freq_base"),
        epsilon=round(value("llama.attention.layer_norm_rms_epsilon"), 9),
        context=context,
    )
    model = Llama(shape)
    names = gguf_names(shape.layers)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            tensor = tensors[names[name]]
            weights = dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
            parameter.copy_(torch.from_numpy(weights.reshape(parameter.shape)))
    return model


def initialise_special(model: Llama, special: dict[str, int], names: tuple[str, ...], seed: int) -> None:
    """
    Reserved rows of the embedding that the first training hardly touched: the mean of all rows with a little noise of
    their own length, so that they start as "some token" and differ from each other.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        table = model.embedding
        mean, deviation = table.mean(0), table.std(0)
        for name in names:
            noise = torch.randn(table.shape[1], generator=generator)
            table[special[name]] = mean + 0.3 * deviation * noise


def shape_to_json(shape: Shape) -> dict:
    return asdict(shape)
