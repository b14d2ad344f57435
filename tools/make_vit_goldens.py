#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/vit/: what small vision transformers compute, in PyTorch and float64.

    apt install python3-torch
    tools/make_vit_goldens.py

They cover what the official golden file does not: a distillation token, registers, mean pooling, norms after the sums,
heads of another width, the largest preset. Weights and inputs follow the rule of shared/golden/README.md; captures have
its format, and the elements of largest magnitude besides: there rounding shows first.
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/vit"
PLAIN = dict(image_size=20, patch_size=5, in_chans=3, dim=24, depth=2, heads=3, head_dim=0, mlp_hidden=40, classes=11,
             activation="gelu", norm_eps=1e-6, pre_norm=True, class_token=True, distilled=False, registers=0, pool="cls",
             qkv_bias=True, proj=True)
CASES = {
    "distilled": dict(distilled=True, registers=2),
    "mean_pool": dict(class_token=False, pool="mean", activation="gelu_tanh", qkv_bias=False),
    "mean_pool_with_class_token": dict(pool="mean", activation="quick_gelu", registers=1),
    "post_norm": dict(pre_norm=False, activation="relu", norm_eps=1e-5),
    "wide_heads": dict(heads=2, head_dim=19, qkv_bias=False),
    "without_projection": dict(heads=1, proj=False),
    "deit_base_patch16_384": dict(image_size=384, patch_size=16, dim=768, depth=12, heads=12, mlp_hidden=3072, classes=1000),
}


def rule(name: str, shape: tuple) -> torch.Tensor:
    """The numbers r in [-1, 1) of a name."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    x = (np.arange(math.prod(shape), dtype=np.uint64) * 0x9E3779B9 + seed) % 2**32
    x ^= x >> np.uint64(16)
    x = x * 0x85EBCA6B % 2**32
    x ^= x >> np.uint64(13)
    x = x * 0xC2B2AE35 % 2**32
    x ^= x >> np.uint64(16)
    return torch.from_numpy(2 * (x / 2**32) - 1).reshape(shape)


def parameter(name: str, *shape: int) -> torch.Tensor:
    r = rule(name, shape)
    if len(shape) == 1:
        return 1 + 0.2 * r if name.endswith("weight") else 0.2 * r
    return r * math.sqrt(3 * shape[0] / math.prod(shape)) if name.endswith("weight") else 0.5 * r


class Vit:
    """The forward pass, written from the papers. Calls show(path, value) for every signal, by Fovea's path."""

    def __init__(self, config: dict, show):
        self.c = config
        self.show = show

    def keep(self, path: str, x: torch.Tensor) -> torch.Tensor:
        self.show(path, x)
        return x

    def linear(self, name: str, x: torch.Tensor, out: int, bias: bool = True) -> torch.Tensor:
        return F.linear(x, parameter(f"{name}.weight", out, x.shape[-1]), parameter(f"{name}.bias", out) if bias else None)

    def norm(self, name: str, x: torch.Tensor) -> torch.Tensor:
        dim = x.shape[-1:]
        w, b = parameter(f"{name}.weight", *dim), parameter(f"{name}.bias", *dim)
        return self.keep(f"{name}.out", F.layer_norm(x, dim, w, b, self.c["norm_eps"]))

    def embed(self, image: torch.Tensor) -> torch.Tensor:
        c, p = self.c, self.c["patch_size"]
        weight = parameter("patch_embed.proj.weight", c["dim"], c["in_chans"], p, p)
        x = F.conv2d(image, weight, parameter("patch_embed.proj.bias", c["dim"]), stride=p).flatten(2).transpose(1, 2)
        self.keep("patch_embed.out", x)
        parts = [parameter(name, 1, count, c["dim"]) for name, count in (
            ("cls_token", int(c["class_token"])), ("dist_token", int(c["distilled"])), ("reg_token", c["registers"])) if count]
        x = torch.cat([part.expand(len(x), -1, -1) for part in parts] + [x], 1)
        return self.keep("embed.out", x + parameter("pos_embed", 1, *x.shape[1:]))

    def attention(self, name: str, x: torch.Tensor) -> torch.Tensor:
        c = self.c
        width = c["head_dim"] or c["dim"] // c["heads"]
        qkv = self.linear(f"{name}.qkv", x, 3 * c["heads"] * width, c["qkv_bias"])
        q, k, v = qkv.view(*x.shape[:2], 3, c["heads"], width).permute(2, 0, 3, 1, 4)
        q, k, v = (self.keep(f"{name}.{signal}", value) for signal, value in zip("qkv", (q, k, v)))
        scores = self.keep(f"{name}.scores", q @ k.transpose(-2, -1) * width**-0.5)
        pattern = self.keep(f"{name}.pattern", scores.softmax(-1))
        z = self.keep(f"{name}.head", pattern @ v).transpose(1, 2).flatten(2)
        return self.keep(f"{name}.out", self.linear(f"{name}.proj", z, c["dim"]) if c["proj"] else z)

    def mlp(self, name: str, x: torch.Tensor) -> torch.Tensor:
        activation = dict(gelu=F.gelu, relu=F.relu, quick_gelu=lambda y: y * torch.sigmoid(1.702 * y), gelu_tanh=lambda y: (
            0.5 * y * (1 + torch.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y**3)))))[self.c["activation"]]
        width = self.c["mlp_hidden"] or round(self.c["mlp_ratio"] * self.c["dim"])
        hidden = self.keep(f"{name}.hidden", activation(self.linear(f"{name}.fc1", x, width)))
        return self.keep(f"{name}.out", self.linear(f"{name}.fc2", hidden, self.c["dim"]))

    def block(self, name: str, x: torch.Tensor) -> torch.Tensor:
        if self.c["pre_norm"]:
            x = x + self.attention(f"{name}.attn", self.norm(f"{name}.norm1", x))
            x = x + self.mlp(f"{name}.mlp", self.norm(f"{name}.norm2", x))
        else:
            x = self.norm(f"{name}.norm1", x + self.attention(f"{name}.attn", x))
            x = self.norm(f"{name}.norm2", x + self.mlp(f"{name}.mlp", x))
        return self.keep(f"{name}.out", x)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        c = self.c
        x = self.embed(image)
        for i in range(c["depth"]):
            x = self.block(f"blocks.{i}", x)
        if c["pool"] == "mean":
            specials = int(c["class_token"]) + c["registers"]
            x = self.norm("fc_norm", x[:, specials:].mean(1))[:, None]
        else:
            x = self.norm("norm", x)
        if not c["distilled"]:
            return self.keep("logits", self.linear("head", x[:, 0], c["classes"]))
        heads = [self.keep(f"{name}.out", self.linear(name, x[:, i], c["classes"]))
                 for i, name in enumerate(("head", "head_dist"))]
        return self.keep("logits", (heads[0] + heads[1]) / 2)


def capture(x: torch.Tensor) -> dict:
    flat = x.flatten()
    largest = flat.abs().topk(3).indices.tolist()
    return dict(shape=list(x.shape), mean=flat.mean().item(), l2=flat.norm().item(), first=flat[:6].tolist(),
                last=flat[-2:].tolist(), largest={i: flat[i].item() for i in largest})


def golden(name: str, config: dict) -> dict:
    """The golden file of a case: the outputs of modules, by their official names."""
    captures = {}

    def show(path: str, x: torch.Tensor) -> None:
        module, _, signal = path.rpartition(".")
        if path == "logits":
            captures["output"] = capture(x)
        elif signal == "pattern":
            captures[f"{module}.attn_drop"] = capture(x)
        elif signal == "out" and module != "embed":
            captures[module] = capture(x)

    shape = (1, config["in_chans"], config["image_size"], config["image_size"])
    Vit(config, show).forward(rule("input", shape))
    output = captures.pop("output")
    return dict(model=f"tools/make_vit_goldens.py {name}", config=config, input_shape=shape, captures=captures,
                output=output)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, changes in CASES.items():
        text = json.dumps(golden(name, {**PLAIN, **changes}), indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
