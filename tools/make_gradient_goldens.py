#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/gradients/: gradients of small vision transformers, by PyTorch's autograd in float64.

    apt install python3-torch
    tools/make_gradient_goldens.py

The models are those of make_vit_goldens.py, weights and inputs follow the rule of shared/golden/README.md. What is
differentiated is the sum of logits times rule("cotangent"), over a batch of two. Captured are the gradients of all
parameters, of the input, and of all signals of the second sample; of an edited signal that of the value that
flowed on.
"""
import json
from pathlib import Path

import torch

import make_vit_goldens as models

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/gradients"
SMALL = {**models.PLAIN, "dim": 12, "mlp_hidden": 20, "classes": 7, "image_size": 15}
BATCH, SAMPLE = 2, 1


def cut_row(p: torch.Tensor) -> torch.Tensor:
    """Head 1 looks at the class token no more; its rows are scaled back to sum 1."""
    p = p.clone()
    p[:, 1, :, 0] = 0
    rows = p[:, 1]
    return torch.cat([p[:, :1], (rows / rows.sum(-1, keepdim=True))[:, None], p[:, 2:]], 1)


def changed(index: tuple, change):
    """x with change(x[index]) in that place."""
    def edit(x: torch.Tensor) -> torch.Tensor:
        y = x.clone()
        y[(slice(None), *index)] = change(x[(slice(None), *index)])
        return y
    return edit


ALL = slice(None)
EDITS = {
    "blocks.0.attn.pattern.1.*.cls=cut:renorm": ("blocks.0.attn.pattern", cut_row),
    "blocks.0.attn.v.2=mean": ("blocks.0.attn.v", changed((2,), lambda x: x.mean(1, keepdim=True).expand_as(x))),
    "blocks.0.mlp.hidden.*.3=scale:-0.5": ("blocks.0.mlp.hidden", changed((ALL, 3), lambda x: -0.5 * x)),
    "blocks.1.attn.scores.0.2.3=mask": ("blocks.1.attn.scores", changed((0, 2, 3), lambda x: x - float("inf"))),
    "blocks.1.attn.pattern.2.4=off": ("blocks.1.attn.pattern", changed((2, 4), torch.zeros_like)),
    "blocks.1.attn.head.0=set:0.25": ("blocks.1.attn.head", changed((0,), lambda x: torch.full_like(x, 0.25))),
    "blocks.1.norm2.out.2=off": ("blocks.1.norm2.out", changed((2,), torch.zeros_like)),
}
BLOCK_EDITS = {"blocks.1=scale:0.5": ("blocks.1", lambda x: 0.5 * x),
               "blocks.2=mean": ("blocks.2", lambda x: x.mean(1, keepdim=True).expand_as(x))}
CASES = {
    "plain": (dict(), []),
    "distilled": (dict(distilled=True, registers=2), []),
    "mean_pool": (dict(class_token=False, pool="mean", activation="gelu_tanh", qkv_bias=False), []),
    "mean_pool_with_class_token": (dict(pool="mean", activation="quick_gelu", registers=1), []),
    "post_norm": (dict(pre_norm=False, activation="relu", norm_eps=1e-5), []),
    "wide_heads": (dict(heads=2, head_dim=19, qkv_bias=False), []),
    "without_projection": (dict(heads=1, proj=False), []),
    "edited": (dict(depth=2), list(EDITS)),
    "edited_blocks": (dict(depth=3), list(BLOCK_EDITS)),
}


class Differentiable(models.Vit):
    """Keeps the gradient of every parameter and signal; edits signals and blocks."""

    def __init__(self, config: dict, edits: list):
        super().__init__(config, None)
        self.edits = [EDITS[text] for text in edits if text in EDITS]
        self.block_edits = [BLOCK_EDITS[text] for text in edits if text in BLOCK_EDITS]
        self.signals = {}

    def keep(self, path: str, x: torch.Tensor) -> torch.Tensor:
        for edited, edit in self.edits:
            x = edit(x) if edited == path else x
        x = x * 1  # a tensor of its own, although another signal may show the same
        x.retain_grad()
        self.signals[path] = x
        return x

    def block(self, name: str, x: torch.Tensor) -> torch.Tensor:
        y = super().block(name, x)
        for edited, edit in self.block_edits:
            y = x + edit(y - x) if edited == name else y
        return y


def gradients(config: dict, edits: list) -> dict:
    parameters = {}
    original = models.parameter

    def parameter(name: str, *shape: int) -> torch.Tensor:
        if name not in parameters:
            parameters[name] = original(name, *shape).requires_grad_()
        return parameters[name]

    models.parameter = parameter
    shape = (BATCH, config["in_chans"], config["image_size"], config["image_size"])
    image = models.rule("input", shape).requires_grad_()
    model = Differentiable(config, edits)
    logits = model.forward(image)
    (logits * models.rule("cotangent", tuple(logits.shape))).sum().backward()
    models.parameter = original
    flowed = {path: x.grad[SAMPLE] for path, x in model.signals.items() if x.grad is not None}
    return dict(model="tools/make_gradient_goldens.py", config=config, input_shape=shape, edits=edits, sample=SAMPLE,
                input=models.capture(image.grad),
                signals={path: models.capture(g) for path, g in flowed.items() if g.abs().max() > 0},
                parameters={name: models.capture(p.grad) for name, p in parameters.items() if p.grad.abs().max() > 0})


def one_line_each(value: dict) -> str:
    """JSON with one capture a line."""
    lines = []
    for key, entry in value.items():
        if key in ("signals", "parameters"):
            inner = ",\n".join(f"  {json.dumps(name)}: {json.dumps(capture)}" for name, capture in entry.items())
            lines.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(entry)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (changes, edits) in CASES.items():
        (FOLDER / f"{name}.json").write_text(one_line_each(gradients({**SMALL, **changes}, edits)))


if __name__ == "__main__":
    main()
