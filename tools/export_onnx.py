#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a DeiT as ONNX with every attention map an output: what the benchmark's peer runs.

    apt install python3-torch
    tools/export_onnx.py deit_tiny OUT.onnx

Weights and the input of the comparison follow the rule of shared/golden/README.md, so both sides compute the same.
"""
import sys

import torch
from torch import nn

from make_vit_goldens import parameter, rule

SIZES = dict(deit_tiny=(192, 3), deit_small=(384, 6), deit_base=(768, 12))
OPSET = 17  # the newest that PyTorch 1.13 writes


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

    def forward(self, x):
        batch, tokens, dim = x.shape
        width = dim // self.heads
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, self.heads, width).permute(2, 0, 3, 1, 4).unbind(0)
        pattern = (q @ k.transpose(-2, -1) * width**-0.5).softmax(-1)
        return self.proj((pattern @ v).transpose(1, 2).reshape(batch, tokens, dim)), pattern


class Mlp(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.attn, self.mlp = Attention(dim, heads), Mlp(dim)

    def forward(self, x):
        out, pattern = self.attn(self.norm1(x))
        x = x + out
        return x + self.mlp(self.norm2(x)), pattern


class Deit(nn.Module):
    def __init__(self, dim: int, heads: int, depth: int = 12):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 197, dim))
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, dim, 16, stride=16)
        self.blocks = nn.ModuleList(Block(dim, heads) for _ in range(depth))
        self.norm, self.head = nn.LayerNorm(dim, eps=1e-6), nn.Linear(dim, 1000)

    def forward(self, image):
        x = self.patch_embed.proj(image).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        patterns = []
        for block in self.blocks:
            x, pattern = block(x)
            patterns.append(pattern)
        return (self.head(self.norm(x)[:, 0]), *patterns)


def main() -> None:
    name, out = sys.argv[1:]
    model = Deit(*SIZES[name]).eval()
    with torch.no_grad():
        for parameter_name, tensor in model.named_parameters():
            tensor.copy_(parameter(parameter_name, *tensor.shape))
    image = rule("input", (1, 3, 224, 224)).float()
    names = ["logits"] + [f"blocks.{i}.attn.pattern" for i in range(len(model.blocks))]
    torch.onnx.export(model, image, out, opset_version=OPSET, input_names=["image"], output_names=names)


if __name__ == "__main__":
    main()
