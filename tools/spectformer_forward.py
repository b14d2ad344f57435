# SPDX-License-Identifier: GPL-3.0-or-later
"""The vanilla SpectFormer in PyTorch, written from the equations (Patro et al., arXiv 2304.06446): for references."""
import torch
from torch.nn.functional import conv2d, gelu, layer_norm, linear


class SpectFormer:
    """`tensors` by their official names; `show(path, value)` receives what the forward pass computes on its way."""

    def __init__(self, config: dict, tensors: dict, show):
        self.config, self.tensors, self.show = config, tensors, show

    def affine(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return linear(x, self.tensors[f"{name}.weight"], self.tensors.get(f"{name}.bias"))

    def norm(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return layer_norm(x, x.shape[-1:], self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"], self.config["norm_eps"])

    def mlp(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return self.affine(f"{name}.fc2", gelu(self.affine(f"{name}.fc1", x)))

    def filtered(self, name: str, x: torch.Tensor) -> torch.Tensor:
        """y = irfft2(rfft2(x) K) of each channel; x is [B, H W, C]."""
        batch, tokens, channels = x.shape
        side = self.config["image_size"] // self.config["patch_size"]
        spectrum = torch.fft.rfft2(x.view(batch, side, side, channels), dim=(1, 2), norm="ortho")
        spectrum = spectrum * torch.view_as_complex(self.tensors[f"{name}.complex_weight"].contiguous())
        return torch.fft.irfft2(spectrum, s=(side, side), dim=(1, 2), norm="ortho").reshape(batch, tokens, channels)

    def attended(self, name: str, x: torch.Tensor) -> torch.Tensor:
        batch, tokens, channels = x.shape
        heads = self.config["heads"]
        q, k, v = self.affine(f"{name}.qkv", x).view(batch, tokens, 3, heads, channels // heads).permute(2, 0, 3, 1, 4)
        pattern = (q @ k.transpose(-1, -2) * (channels // heads) ** -0.5).softmax(-1)
        self.show(f"{name}.pattern", pattern)
        return self.affine(f"{name}.proj", (pattern @ v).transpose(1, 2).reshape(batch, tokens, channels))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Logits [B, classes] of [B, C, H, W]."""
        proj = [self.tensors[f"patch_embed.proj.{leaf}"] for leaf in ("weight", "bias")]
        x = conv2d(image, *proj, stride=self.config["patch_size"]).flatten(2).transpose(1, 2) + self.tensors["pos_embed"]
        for i in range(self.config["depth"]):
            name = f"blocks.{i}"
            if i < self.config["alpha"]:  # one residual around both
                y = self.filtered(f"{name}.filter", self.norm(f"{name}.norm1", x))
                self.show(f"{name}.filter.out", y)
                x = x + self.mlp(f"{name}.mlp", self.norm(f"{name}.norm2", y))
            else:
                x = x + self.attended(f"{name}.attn", self.norm(f"{name}.norm1", x))
                x = x + self.mlp(f"{name}.mlp", self.norm(f"{name}.norm2", x))
            self.show(f"{name}.out", x)
        logits = self.affine("head", self.norm("norm", x).mean(1))
        self.show("logits", logits)
        return logits
