#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/train/: losses, optimisers and a tiny training run, in PyTorch and float64.

    apt install python3-torch
    tools/make_train_goldens.py

Numbers that go in follow the rule of shared/golden/README.md, by name: `logits`, `target`, a parameter's own name, and
`gradient.<step>.<name>` for the gradients that the optimisers are given. `losses.json` has value and gradient of each
loss; `optimisers.json` the parameters after five steps; `steps.json` the losses of five AdamW steps of a small ViT, and
some of its parameters after them.
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

import make_vit_goldens
from make_vit_goldens import rule

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/train"
ROWS, CLASSES = 5, 7
LABELS = [3, 0, 6, 3, 1]
STEPS = 5
SHAPES = {"blocks.0.mlp.fc1.weight": (6, 5), "blocks.0.mlp.fc1.bias": (6,), "cls_token": (1, 1, 5)}
OPTIMISERS = {
    "sgd": (torch.optim.SGD, dict(lr=0.1)),
    "sgd_momentum": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, weight_decay=0.01)),
    "sgd_nesterov": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)),
    "adam": (torch.optim.Adam, dict(lr=0.01, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.02)),
    "adamw": (torch.optim.AdamW, dict(lr=0.01, betas=(0.8, 0.999), eps=1e-6, weight_decay=0.1)),
}
VIT = make_vit_goldens.PLAIN | dict(classes=CLASSES, final_norm="auto", patch_norm=False, mlp_ratio=4.0)
BATCH, RATE, DECAY, CLIP, SMOOTHING = 3, 1e-3, 0.05, 1.0, 0.1


def losses() -> dict:
    logits = 3 * rule("logits", (ROWS, CLASSES))
    labels = torch.tensor(LABELS)
    target = (2 * rule("target", (ROWS, CLASSES))).softmax(-1)
    cases = {
        "cross_entropy": lambda z: F.cross_entropy(z, labels),
        "cross_entropy_smooth": lambda z: F.cross_entropy(z, labels, label_smoothing=0.1),
        "kl": lambda z: F.kl_div(z.log_softmax(-1), target, reduction="batchmean"),
        "mse": lambda z: F.mse_loss(z, target),
    }
    results = {}
    for name, loss in cases.items():
        z = logits.clone().requires_grad_()
        value = loss(z)
        value.backward()
        results[name] = {"value": value.item(), "gradient": z.grad.flatten().tolist()}
    return {"labels": LABELS, "target": target.flatten().tolist(), "cases": results}


def optimised(make, options: dict, clip: float = 0) -> dict:
    parameters = {name: rule(name, shape).clone().requires_grad_() for name, shape in SHAPES.items()}
    optimiser = make(parameters.values(), **options)
    norms = []
    for step in range(STEPS):
        for name, value in parameters.items():
            value.grad = rule(f"gradient.{step}.{name}", SHAPES[name])
        if clip:
            norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), clip).item())
        optimiser.step()
    result = {name: value.detach().flatten().tolist() for name, value in parameters.items()}
    return {"parameters": result} | ({"norms": norms} if clip else {})


def training_run() -> dict:
    """Five steps of AdamW on three pictures, another three each time; no decay of vectors, token and positions."""
    parameters: dict[str, torch.Tensor] = {}

    def learned(name: str, *shape: int) -> torch.Tensor:
        if name not in parameters:
            parameters[name] = fresh(name, *shape).clone().requires_grad_()
        return parameters[name]

    fresh, make_vit_goldens.parameter = make_vit_goldens.parameter, learned
    model = make_vit_goldens.Vit(VIT, lambda path, value: None)
    side, channels = VIT["image_size"], VIT["in_chans"]
    optimiser, values, norms = None, [], []
    for step in range(STEPS):
        picture = rule(f"picture.{step}", (BATCH, channels, side, side))
        labels = torch.tensor([(2 * step + i) % CLASSES for i in range(BATCH)])
        loss = F.cross_entropy(model.forward(picture), labels, label_smoothing=SMOOTHING)
        if optimiser is None:
            isDecayed = lambda p: p.ndim >= 2 and not (p.ndim == 3 and p.shape[0] == 1)
            optimiser = torch.optim.AdamW([
                {"params": [p for p in parameters.values() if isDecayed(p)], "weight_decay": DECAY},
                {"params": [p for p in parameters.values() if not isDecayed(p)], "weight_decay": 0}], lr=RATE)
        optimiser.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP).item())
        optimiser.step()
        values.append(loss.item())
    ends = {name: value.detach().flatten()[:6].tolist() for name, value in parameters.items()}
    return {"config": VIT, "batch": BATCH, "rate": RATE, "weight_decay": DECAY, "clip": CLIP, "smoothing": SMOOTHING,
            "losses": values, "norms": norms, "parameters": ends}


def write(name: str, content: dict) -> None:
    (FOLDER / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    write("losses", losses())
    cases = {name: optimised(make, options) for name, (make, options) in OPTIMISERS.items()}
    cases["sgd_clipped"] = optimised(torch.optim.SGD, dict(lr=0.1), clip=1.5)
    write("optimisers", cases)
    write("steps", training_run())


if __name__ == "__main__":
    main()
