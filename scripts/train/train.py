"""Training, resumable in calls of a few minutes: bf16 on CUDA, float32 on a processor. README.md has the commands.

    python train.py --tokens tokens/train --validation tokens/validation --vocabulary vocabulary.json --from smollm2.gguf --out run
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

import vocabulary as vocabularies
from checkpoint import load_model, save
from model import SHAPE_B, SHAPE_TOY, Llama
from objective import KINDS
from packing import IGNORED, Batch, Tokens, batches, block_mask, dense_mask, validation_batches
from progress import Progress
from vocabulary import PAD

DECAY_SHARE = 0.2
WARM_UP_SHARE = 0.02


def main() -> None:
    options = read_options()
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() and not options.cpu else "cpu")
    if device.type == "cpu":
        torch.set_num_threads(options.threads)
    else:
        torch.set_float32_matmul_precision("high")
        # Each size of batch is compiled for itself: there are few, and shapes left open run slower.
        torch._dynamo.config.automatic_dynamic_shapes = False
    vocabulary = vocabularies.load(options.vocabulary)
    trainer = Trainer(options, vocabulary, device)
    if options.probe:
        probe(trainer)
    elif options.validate_only:
        print(json.dumps(trainer.validate()))
    else:
        trainer.run()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=Path, nargs="+", required=True, help="of prepare.py; one for each epoch, in turn")
    parser.add_argument("--validation", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; a checkpoint there is gone on with")
    parser.add_argument("--from", dest="source", default="b", help="a GGUF file or checkpoint (route A), or b or toy: a new model")
    parser.add_argument("--minutes", type=float, help="training time in all calls together; the schedule follows it")
    parser.add_argument("--steps", type=int, help="steps in all calls together; the schedule follows them")
    parser.add_argument("--call-minutes", type=float, default=1e9, help="this call saves a checkpoint and ends after this time")
    parser.add_argument("--row", type=int, default=2048, help="tokens of a packed row")
    parser.add_argument("--micro-batch", type=int, default=0, help="rows at a time; 0 takes what --probe found, else 1")
    parser.add_argument("--batch", type=int, default=64, help="rows of one step")
    parser.add_argument("--attention", choices=("auto", "flex", "mask", "causal"), default="auto")
    parser.add_argument("--optimizer", choices=("adamw", "muon"), default="adamw")
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--answer-weight", type=float, default=1.0, help="of a token behind a cut, in the loss")
    parser.add_argument("--quantise-from", type=float, default=0.85, help="share of the training after which weights are seen as Q4_0; 1 never")
    parser.add_argument("--validate-every", type=float, default=0.1, help="share of the training")
    parser.add_argument("--validation-rows", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--bf16", action="store_true", help="also on a processor; for those that multiply bf16 fast")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--probe", action="store_true", help="find the fastest attention and micro batch, about two minutes")
    parser.add_argument("--validate-only", action="store_true")
    options = parser.parse_args()
    if options.minutes is None and options.steps is None and not (options.probe or options.validate_only):
        parser.error("say how long: --minutes or --steps")
    return options


class Trainer:
    def __init__(self, options: argparse.Namespace, vocabulary: vocabularies.Vocabulary, device: torch.device) -> None:
        self.options, self.vocabulary, self.device = options, vocabulary, device
        options.out.mkdir(parents=True, exist_ok=True)
        found = options.out / "probe.json"
        known = json.loads(found.read_text()) if found.exists() else {}
        self.micro = options.micro_batch or known.get("microBatch", 1)
        fallback = "causal" if device.type == "cuda" else "mask"
        self.attention = options.attention if options.attention != "auto" else known.get("attention", fallback)
        self.pad = vocabulary.special[PAD]
        self.last = options.out / "last.pt"
        self.step, self.seen, self.seconds = 0, 0, 0.0
        self.epoch, self.batch_in_epoch = 0, 0
        state = torch.load(self.last, map_location="cpu", weights_only=True) if self.last.exists() else None
        self.model = self._make_model(state).to(device)
        self.head = judge
        if not options.no_compile and device.type == "cuda":
            # The blocks are alike: one of them is compiled, for all.
            for block in self.model.blocks:
                block.compile()
            self.head = torch.compile(judge)
        self.optimizers = make_optimizers(self.model, options)
        if state is not None:
            for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(kept)
            for name, value in state["place"].items():
                setattr(self, name, value)
        self.train_tokens = [Tokens.open(path) for path in options.tokens]
        self.validation = Tokens.open(options.validation)

    def _make_model(self, state: dict | None) -> Llama:
        source = self.options.source
        if state is not None:
            return load_model(self.last, self.vocabulary, self.options.seed)[0]
        if source in ("b", "toy"):
            shape = replace(SHAPE_B if source == "b" else SHAPE_TOY, vocabulary=len(self.vocabulary), context=2048)
            model = Llama(shape)
            model.initialise(self.options.seed)
            return model
        return load_model(Path(source), self.vocabulary, self.options.seed)[0]

    # -- one step ---------------------------------------------------------------------------------------------------

    def mask_of(self, documents: Tensor):
        if self.attention == "causal":
            return None
        return block_mask(documents) if self.attention == "flex" else dense_mask(documents)

    def losses(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """The loss of each place that has a target, whether it is an answer's, and whether the best token is the right one."""
        documents = batch.documents.to(self.device, non_blocking=True)
        ids = batch.ids.to(self.device, non_blocking=True)
        targets = batch.targets.to(self.device, non_blocking=True).flatten()
        kind = self.device.type
        bf16 = torch.autocast(kind, torch.bfloat16) if kind == "cuda" or self.options.bf16 else nullcontext()
        with bf16:
            table = self.model.table()
            hidden = self.model.hidden(ids, table, self.mask_of(documents)).flatten(0, 1)
            losses, right = self.head(hidden, table, targets, not torch.is_grad_enabled())
        return losses, targets != IGNORED, right

    def train_step(self, micro_batches: list[Batch], lr_share: float) -> float:
        options = self.options
        weight = options.answer_weight
        total = sum(
            float((batch.targets != IGNORED).sum() + (weight - 1) * batch.is_answer.sum()) for batch in micro_batches
        )
        reported = torch.zeros((), device=self.device)
        for batch in micro_batches:
            losses, _, _ = self.losses(batch)
            if weight != 1:
                is_answer = batch.is_answer.to(self.device).flatten()
                losses = losses * torch.where(is_answer, weight, 1.0)
            loss = losses.sum() / total
            loss.backward()
            reported += loss.detach()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = options.lr * group["share"] * lr_share
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return reported.item()

    # -- the schedule -----------------------------------------------------------------------------------------------

    def progress(self) -> float:
        """0 at the start of the whole training, 1 at its end."""
        if self.options.steps is not None:
            return self.step / self.options.steps
        return self.seconds / (self.options.minutes * 60)

    def run(self) -> None:
        options = self.options
        log = (options.out / "log.jsonl").open("a", encoding="utf8")

        def write(row: dict) -> None:
            log.write(f"{json.dumps(row)}\n")
            log.flush()

        shown = Progress(sys.stderr)
        started = time.monotonic()
        if self.step == 0:
            write({"step": 0, "tokens": 0, "seconds": 0, "validation": self.validate()})
        next_validation = (math.floor(self.progress() / options.validate_every) + 1) * options.validate_every
        micro = min(self.micro, options.batch)
        per_step = max(1, options.batch // micro)
        source = self.stream(micro, per_step)
        clock = time.monotonic()
        while (done := self.progress()) < 1 and time.monotonic() - started < options.call_minutes * 60:
            is_quantised = done >= options.quantise_from
            if is_quantised != self.model.quantised:
                self.model.quantise(is_quantised)
            # The first step compiles: its time is not the schedule's.
            micro_batches = [next(source) for _ in range(per_step)]
            loss = self.train_step(micro_batches, lr_share(done))
            tokens = sum(int((batch.documents >= 0).sum()) for batch in micro_batches)
            seconds = time.monotonic() - clock
            clock = time.monotonic()
            self.step += 1
            self.batch_in_epoch += per_step
            self.seen += tokens
            self.seconds += seconds
            row = {
                "step": self.step,
                "tokens": self.seen,
                "seconds": round(self.seconds, 2),
                "loss": round(loss, 4),
                "lr": options.lr * lr_share(done),
                "tokensPerSecond": round(tokens / seconds),
                **({"quantised": True} if is_quantised else {}),
            }
            write(row)
            shown.show(self.progress(), f"loss {loss:.3f}, {tokens / seconds:,.0f} tokens/s, {self.seen:,} tokens")
            if self.progress() >= next_validation and self.progress() < 1:
                next_validation += options.validate_every
                found = self.validate()
                write({**row, "validation": found})
                shown.say(f"step {self.step}: {describe(found)}")
                clock = time.monotonic()
        self.save()
        found = self.validate()
        write({"step": self.step, "tokens": self.seen, "seconds": round(self.seconds, 2), "validation": found})
        shown.say(f"step {self.step}: {describe(found)}")
        shown.say(f"saved {self.last} at step {self.step}, {self.progress():.0%} of the training")

    def stream(self, micro: int, per_step: int):
        """Batches of the epochs in turn, from where the training stood; the place is kept in batches of this size."""
        del per_step
        while True:
            tokens = self.train_tokens[self.epoch % len(self.train_tokens)]
            seed = self.options.seed * 1000 + self.epoch
            count = 0
            for batch in batches(tokens, self.options.row, micro, self.pad, seed, self.batch_in_epoch):
                count += 1
                yield batch
            if count == 0 and self.batch_in_epoch == 0:
                raise ValueError("there are fewer rows than one batch holds")
            self.epoch += 1
            self.batch_in_epoch = 0

    def save(self) -> None:
        options = self.options
        facts = {
            "from": str(options.source),
            "steps": self.step,
            "tokens": self.seen,
            "seconds": round(self.seconds),
            "seed": options.seed,
            "lr": options.lr,
            "batchRows": options.batch,
            "row": options.row,
            "optimizer": options.optimizer,
            "quantisedFrom": options.quantise_from,
            "torch": str(torch.__version__),
            "device": torch.cuda.get_device_name() if self.device.type == "cuda" else "cpu",
        }
        place = {name: getattr(self, name) for name in ("step", "seen", "seconds", "epoch", "batch_in_epoch")}
        save(
            self.last,
            self.model,
            facts,
            optimizers=[optimizer.state_dict() for optimizer in self.optimizers],
            place=place,
        )

    # -- validation -------------------------------------------------------------------------------------------------

    @torch.no_grad()
    def validate(self) -> dict:
        """On packages that are not trained on. `exact`: the best token is the right one all the way, the end apart."""
        sums: dict[str, list[float]] = {}
        table = self.validation.table
        options = self.options
        for batch in validation_batches(
            self.validation, options.row, self.micro, self.pad, options.validation_rows
        ):
            losses, wanted, right = (x.cpu() for x in self.losses(batch))
            documents = batch.documents.flatten()[wanted].numpy()
            kept, right = losses[wanted].numpy(), right[wanted].numpy()
            is_answer = batch.is_answer.flatten()[wanted].numpy()
            for example in set(documents.tolist()):
                here = documents == example
                kind = KINDS[table[example, 2]]
                part = here & is_answer if table[example, 1] > 0 else here
                found = sums.setdefault(kind, [0.0, 0, 0, 0, 0, 0])
                found[0] += float(kept[part].sum())
                found[1] += int(part.sum())
                found[2] += int(table[example, 3])
                if table[example, 1] > 0:
                    tokens = right[part]
                    found[3] += 1
                    found[4] += int(tokens[:-1].all())
                    found[5] += int(tokens[-1])
        report: dict = {}
        for kind, (loss, tokens, characters, places, exact, ends) in sums.items():
            if tokens == 0:
                continue
            report[kind] = {
                "natsPerToken": round(loss / tokens, 4),
                "bitsPerCharacter": round(loss / math.log(2) / max(1, characters), 4),
                "tokens": tokens,
                **(
                    {"places": places, "exact": round(exact / places, 4), "ends": round(ends / places, 4)}
                    if places
                    else {}
                ),
            }
        return report


def judge(hidden: Tensor, table: Tensor, targets: Tensor, is_asked: bool) -> tuple[Tensor, Tensor]:
    """The loss of each place, 0 for padding, and, if asked, whether the best token is the right one."""
    logits = F.linear(hidden, table)
    losses = F.cross_entropy(logits.float(), targets, ignore_index=IGNORED, reduction="none")
    return losses, logits.argmax(-1) == targets if is_asked else targets == IGNORED


def describe(found: dict) -> str:
    return "; ".join(
        f"{kind} {one['bitsPerCharacter']:.3f} bits/char, {one['natsPerToken']:.3f} nats/token"
        + (f", exact {one['exact']:.1%} of {one['places']}" if "exact" in one else "")
        for kind, one in found.items()
    )


def lr_share(done: float) -> float:
    """Warm-up, constant, then linearly to nothing in the last fifth: any checkpoint before can be ended on its own."""
    if done < WARM_UP_SHARE:
        return max(0.05, done / WARM_UP_SHARE)
    return max(0.0, min(1.0, (1 - done) / DECAY_SHARE))


def make_optimizers(model: Llama, options: argparse.Namespace) -> list[torch.optim.Optimizer]:
    """AdamW for all, or Muon for the matrices inside the blocks; embeddings and norms have no weight decay."""
    matrices = [parameter for name, parameter in model.named_parameters() if parameter.dim() == 2 and name != "embedding"]
    others = [parameter for name, parameter in model.named_parameters() if parameter.dim() != 2 or name == "embedding"]
    kind = dict(betas=(0.9, 0.95), eps=1e-8, fused=next(model.parameters()).is_cuda)
    plain = {"params": others, "weight_decay": 0.0, "share": 1.0}
    decayed = {"params": matrices, "weight_decay": options.weight_decay, "share": 1.0}
    if options.optimizer == "adamw":
        return [torch.optim.AdamW([decayed, plain], lr=options.lr, **kind)]
    muon = torch.optim.Muon(
        [{"params": matrices, "share": 1.0}],
        lr=options.lr,
        weight_decay=options.weight_decay,
        momentum=0.95,
        adjust_lr_fn="match_rms_adamw",
    )
    return [muon, torch.optim.AdamW([plain], lr=options.lr, **kind)]


def measure_rate(trainer: Trainer, micro: int) -> float:
    """Tokens per second of a few steps at learning rate 0, after some that compile."""
    is_gpu = trainer.device.type == "cuda"
    source = batches(trainer.train_tokens[0], trainer.options.row, micro, trainer.pad, 7)
    for _ in range(3 if is_gpu else 1):
        trainer.train_step([next(source)], 0.0)
    if is_gpu:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    start = time.monotonic()
    tokens = 0
    for _ in range(5 if is_gpu else 1):
        batch = next(source)
        tokens += int((batch.documents >= 0).sum())
        trainer.train_step([batch], 0.0)
    if is_gpu:
        torch.cuda.synchronize()
    return tokens / (time.monotonic() - start)


def probe(trainer: Trainer) -> None:
    """Tokens per second of each attention and micro batch; the fastest one is kept for the runs in the same folder."""
    best: dict = {}
    is_gpu = trainer.device.type == "cuda"
    start = time.monotonic()
    # The likeliest first: what is not tried within the time is not missed much.
    likely = [("flex", 16), ("causal", 16), ("flex", 32), ("flex", 8), ("causal", 32), ("mask", 8)]
    for attention, micro in likely if is_gpu else [("mask", 1), ("causal", 1), ("mask", 2)]:
        if time.monotonic() - start > 100:
            break
        trainer.attention = attention
        try:
            rate = measure_rate(trainer, micro)
        except Exception as error:  # noqa: BLE001 - an attention that does not run here is what the probe is to find out
            print(f"{attention}, {micro} rows: {type(error).__name__}: {str(error)[:200]}", flush=True)
            for optimizer in trainer.optimizers:
                optimizer.zero_grad(set_to_none=True)
            if is_gpu:
                torch.cuda.empty_cache()
            continue
        gib = torch.cuda.max_memory_allocated() / 2**30 if is_gpu else 0.0
        print(f"{attention}, {micro} rows: {rate:,.0f} tokens/s, {gib:.1f} GiB", flush=True)
        # Texts that see each other are a last resort: it must be worth an eighth.
        worth = rate * (0.88 if attention == "causal" else 1.0)
        if worth > best.get("worth", 0):
            best = {"attention": attention, "microBatch": micro, "tokensPerSecond": round(rate), "worth": worth}
    if not best:
        raise RuntimeError("no attention runs on this machine: the lines above say why")
    (trainer.options.out / "probe.json").write_text(json.dumps(best))
    print(json.dumps(best))


if __name__ == "__main__":
    main()
