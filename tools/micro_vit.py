# SPDX-License-Identifier: GPL-3.0-or-later
"""A vision transformer in PyTorch with the parameter names of timm and DeiT.

Shared by make_checkpoint_fixtures.py and the peer of tests/bench/bench_train.
"""
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Config:
    """The config of the plugin `vit`, key by key."""
    image_size: int
    patch_size: int
    in_chans: int
    dim: int
    depth: int
    heads: int
    mlp_ratio: float
    classes: int
    activation: str = "gelu"
    norm_eps: float = 1e-6
    pre_norm: bool = True
    class_token: bool = True
    distilled: bool = False
    registers: int = 0
    pool: str = "cls"
    qkv_bias: bool = True
    patch_norm: bool = False  # not built here: make_checkpoint_fixtures.py has the module

    @property
    def tokens(self) -> int:
        """Patches, class token and distillation token together."""
        return (self.image_size // self.patch_size) ** 2 + 1 + int(self.distilled)


class PatchEmbed(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.proj = nn.Conv2d(config.in_chans, config.dim, config.patch_size, config.patch_size)

    def forward(self, pictures):
        return self.proj(pictures).flatten(2).transpose(1, 2)  # [B, patches, C]


class Attention(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.dim, 3 * config.dim, bias=config.qkv_bias)
        self.proj = nn.Linear(config.dim, config.dim)

    def forward(self, x, show):
        b, tokens, dim = x.shape
        head_dim = dim // self.heads
        q, k, v = self.qkv(x).view(b, tokens, 3, self.heads, head_dim).permute(2, 0, 3, 1, 4)
        pattern = (q * head_dim ** -0.5 @ k.transpose(-1, -2)).softmax(-1)  # [B, heads, tokens, tokens]
        show("attn.pattern", pattern)
        return self.proj((pattern @ v).transpose(1, 2).reshape(b, tokens, dim))


class Mlp(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        hidden = int(config.dim * config.mlp_ratio)
        self.fc1 = nn.Linear(config.dim, hidden)
        self.fc2 = nn.Linear(hidden, config.dim)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.norm1 = nn.LayerNorm(config.dim, config.norm_eps)
        self.attn = Attention(config)
        self.norm2 = nn.LayerNorm(config.dim, config.norm_eps)
        self.mlp = Mlp(config)

    def forward(self, x, show):
        x = x + self.attn(self.norm1(x), show)
        x = x + self.mlp(self.norm2(x))
        show("out", x)
        return x


class VisionTransformer(nn.Module):
    """Pre-norm ViT; with `distilled` a DeiT, whose two heads are averaged.

    After a forward with `record=True`, `signals` holds what the blocks showed, by path.
    """

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.signals: dict[str, torch.Tensor] = {}
        self.cls_token = nn.Parameter(torch.zeros(1, 1, config.dim))
        if config.distilled:
            self.dist_token = nn.Parameter(torch.zeros(1, 1, config.dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, config.tokens, config.dim))
        self.patch_embed = PatchEmbed(config)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.depth))
        self.norm = nn.LayerNorm(config.dim, config.norm_eps)
        self.head = nn.Linear(config.dim, config.classes)
        if config.distilled:
            self.head_dist = nn.Linear(config.dim, config.classes)
        self.apply(initialise)
        nn.init.trunc_normal_(self.cls_token, std=0.02)
        nn.init.trunc_normal_(self.pos_embed, std=0.5)  # as large as a patch's embedding: learns sooner than 0.02

    def forward(self, pictures, record=False):
        prefix = [self.cls_token] + ([self.dist_token] if self.config.distilled else [])
        prefix = [token.expand(len(pictures), -1, -1) for token in prefix]
        x = torch.cat(prefix + [self.patch_embed(pictures)], dim=1) + self.pos_embed
        self.signals = {}
        for i, block in enumerate(self.blocks):
            def show(name, value, i=i):
                if record:
                    self.signals[f"blocks.{i}.{name}"] = value.detach()
            x = block(x, show)
        x = self.norm(x)
        logits = self.head(x[:, 0])
        return (logits + self.head_dist(x[:, 1])) / 2 if self.config.distilled else logits


def initialise(module):
    """Glorot's uniform values for linear layers and zero for their biases."""
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
