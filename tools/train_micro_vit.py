#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the small vision transformer that comes with Fovea, on Fashion-MNIST.

On Debian 12:

    apt install python3-torch python3-h5py dataset-fashion-mnist
    nice -n 10 tools/train_micro_vit.py --work /tmp/micro_vit

One thread, bfloat16 matrix products, float32 weights. A checkpoint is written to the work folder after each epoch, and
the same command goes on from there with the same random numbers. On a processor without AVX512-BF16 use
`--precision f32`; Debian's plain BLAS is slow then, and libopenblas0-serial several times faster. On other processors
or libraries rounding differs, and the accuracy a little.
"""
import argparse
import json
import math
import time
from dataclasses import asdict
from pathlib import Path

import h5py
import numpy as np
import torch

from micro_vit import FASHION_LABELS, Config, VisionTransformer, fashion_mnist, pad, prepare

CONFIG = Config(image_size=32, patch_size=4, in_chans=3, dim=96, depth=6, heads=3, mlp_ratio=2.0, classes=10)
PREPROCESS = {"size": 32, "crop": 32, "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bilinear"}
OUTPUT = Path(__file__).resolve().parent.parent / "resources/models/vit_micro_fashion.h5"
REFERENCE_SIGNALS = ["blocks.0.attn.pattern", "blocks.5.out"]


def main() -> None:
    options = parse_options()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    test_pictures, test_labels = fashion_mnist("t10k")
    test = prepare(pad(test_pictures)), test_labels
    model = train(options, test)
    model = rounded_to_half(model)
    correct = (predict(model, test[0]) == test[1]).sum().item()
    low, high = wilson_interval(correct, len(test_labels))
    log(options, f"float16 weights: {correct} of {len(test_labels)} right, 95 % interval {low:.2%} to {high:.2%}")
    write_weights(model, test[0][:1], options.output)
    log(options, f"wrote {options.output}, {options.output.stat().st_size} bytes")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoint and log")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--warmup", type=int, default=1, help="epochs of rising learning rate")
    parser.add_argument("--decay", type=float, default=0.05, help="weight decay of matrices")
    parser.add_argument("--precision", choices=["bf16", "f32"], default="bf16")
    return parser.parse_args()


def log(options, line: str) -> None:
    print(line, flush=True)
    with open(options.work / "log.txt", "a") as file:
        file.write(line + "\n")


def train(options, test) -> VisionTransformer:
    """Runs the epochs that the checkpoint does not have yet."""
    torch.manual_seed(options.seed)
    model = VisionTransformer(CONFIG)
    optimiser = make_optimiser(model, options.decay)
    first, seconds = resume(options, model, optimiser)
    pictures, labels = fashion_mnist("train")
    for epoch in range(first, options.epochs):
        start = time.monotonic()
        loss = run_epoch(options, model, optimiser, pictures, labels, epoch)
        seconds += time.monotonic() - start
        accuracy = (predict(model, test[0], options.precision) == test[1]).float().mean().item()
        log(options, f"epoch {epoch + 1}/{options.epochs} loss {loss:.4f} test {accuracy:.2%} trained {seconds:.0f} s")
        save(options, model, optimiser, epoch + 1, seconds)
    return model


def make_optimiser(model, decay: float) -> torch.optim.Optimizer:
    """AdamW; biases, norms, tokens and positions do not decay."""
    matrices = [p for name, p in model.named_parameters() if name.endswith("weight") and p.ndim > 1]
    others = [p for name, p in model.named_parameters() if not (name.endswith("weight") and p.ndim > 1)]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}])


def resume(options, model, optimiser) -> tuple[int, float]:
    """Restores the checkpoint, if there is one: epochs done and seconds spent."""
    path = options.work / "checkpoint.pt"
    if not path.exists():
        return 0, 0.0
    checkpoint = torch.load(path)
    model.load_state_dict(checkpoint["model"])
    optimiser.load_state_dict(checkpoint["optimiser"])
    return checkpoint["epochs"], checkpoint["seconds"]


def save(options, model, optimiser, epochs: int, seconds: float) -> None:
    partial = options.work / "checkpoint.partial"
    torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(),
                "epochs": epochs, "seconds": seconds}, partial)
    partial.replace(options.work / "checkpoint.pt")


def run_epoch(options, model, optimiser, pictures, labels, epoch: int) -> float:
    """One pass in random order; returns the mean loss."""
    model.train()
    random = torch.Generator().manual_seed(1_000_003 * options.seed + epoch)
    batches = torch.randperm(len(pictures), generator=random).split(options.batch)
    total = 0.0
    for step, chosen in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = options.rate * rate_factor(epoch + step / len(batches), options)
        batch = prepare(augment(pictures[chosen], random))
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
            logits = model(batch)
        loss = torch.nn.functional.cross_entropy(logits.float(), labels[chosen], label_smoothing=0.1)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        total += loss.item() * len(chosen)
    return total / len(pictures)


def rate_factor(epoch: float, options) -> float:
    """Linear warm-up, then half a cosine down to zero."""
    if epoch < options.warmup:
        return (epoch + 0.01) / (options.warmup + 0.01)
    return 0.5 * (1 + math.cos(math.pi * (epoch - options.warmup) / (options.epochs - options.warmup)))


def augment(pictures: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Puts each 28 x 28 picture into 32 x 32, off the middle by up to one pixel, and mirrors half of them."""
    count = len(pictures)
    padded = torch.nn.functional.pad(pictures, (3, 3, 3, 3))
    rows, columns = (torch.randint(0, 3, (count, 1), generator=random) + torch.arange(32) for _ in range(2))
    placed = padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    mirrored = torch.rand(count, generator=random) < 0.5
    return torch.where(mirrored[:, None, None], placed.flip(2), placed)


@torch.no_grad()
def predict(model, pictures: torch.Tensor, precision: str = "f32") -> torch.Tensor:
    """Classes of the pictures."""
    model.eval()
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        return torch.cat([model(batch).argmax(1) for batch in pictures.split(250)])


def rounded_to_half(model) -> VisionTransformer:
    """The same model with the weights that float16 can hold."""
    model.load_state_dict({name: value.half().float() for name, value in model.state_dict().items()})
    return model


def wilson_interval(correct: int, count: int, z: float = 1.96) -> tuple[float, float]:
    share = correct / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return centre - half, centre + half


def write_weights(model, picture: torch.Tensor, path: Path) -> None:
    """Fovea's weights file, with a reference computed in float64 from the rounded weights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        write_text_attribute(file, "fovea_format", "weights")
        file.attrs["version"] = 1
        write_text_attribute(file, "architecture", "vit")
        write_text_attribute(file, "config", json.dumps(asdict(CONFIG)))
        write_text_attribute(file, "preprocess", json.dumps(PREPROCESS))
        for name, value in model.state_dict().items():
            file[f"parameters/{name}"] = value.half().numpy()
        width = max(len(label.encode()) for label in FASHION_LABELS)
        file.create_dataset("labels", data=FASHION_LABELS, dtype=h5py.string_dtype("utf-8", width))
        write_reference(model, picture, file.create_group("reference"))


def write_text_attribute(file, name: str, text: str) -> None:
    file.attrs.create(name, text, dtype=h5py.string_dtype("utf-8", len(text.encode())))


@torch.no_grad()
def write_reference(model, picture: torch.Tensor, group) -> None:
    logits = model.double().eval()(picture.double(), record=True)
    group["input"] = picture.numpy().astype(np.float32)
    group["logits"] = logits.numpy().astype(np.float32)
    for name in REFERENCE_SIGNALS:
        group[name] = model.signals[name][0].numpy().astype(np.float32)


if __name__ == "__main__":
    main()
