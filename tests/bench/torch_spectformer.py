#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer of bench_spectformer: a forward pass of SpectFormer-XS in PyTorch, when asked.

    torch_spectformer.py THREADS

Says `ready`, then, for each line read, does what it says: `about` tells version, BLAS and threads; `logits` tells them;
`run` makes a pass and tells its milliseconds. Weights and picture follow the rule of shared/golden/README.md.
"""
import os
import sys
import time
from pathlib import Path

# OpenBLAS has threads of its own, which torch.set_num_threads does not bound: said before it is loaded.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[1]

import torch  # noqa: E402
from torch import nn  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from make_vit_goldens import parameter, rule  # noqa: E402

DIM, DEPTH, ALPHA, HEADS, PATCH, SIDE, CLASSES = 384, 12, 4, 6, 16, 14, 1000


class Mlp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(DIM, 4 * DIM), nn.Linear(4 * DIM, DIM)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Filter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.complex_weight = nn.Parameter(torch.empty(SIDE, SIDE // 2 + 1, DIM, 2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        spectrum = torch.fft.rfft2(x.view(len(x), SIDE, SIDE, DIM), dim=(1, 2), norm="ortho")
        spectrum = spectrum * torch.view_as_complex(self.complex_weight)
        return torch.fft.irfft2(spectrum, s=(SIDE, SIDE), dim=(1, 2), norm="ortho").reshape(x.shape)


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.proj = nn.Linear(DIM, 3 * DIM), nn.Linear(DIM, DIM)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.qkv(x).view(len(x), -1, 3, HEADS, DIM // HEADS).permute(2, 0, 3, 1, 4)
        pattern = (q @ k.transpose(-2, -1) * (DIM // HEADS) ** -0.5).softmax(-1)
        return self.proj((pattern @ v).transpose(1, 2).reshape(x.shape))


class Block(nn.Module):
    def __init__(self, is_spectral: bool) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(DIM, 1e-6), nn.LayerNorm(DIM, 1e-6)
        if is_spectral:
            self.filter = Filter()
        else:
            self.attn = Attention()
        self.mlp = Mlp()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if hasattr(self, "filter"):
            return x + self.mlp(self.norm2(self.filter(self.norm1(x))))
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class SpectFormer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, DIM, PATCH, PATCH)})
        self.pos_embed = nn.Parameter(torch.empty(1, SIDE * SIDE, DIM))
        self.blocks = nn.Sequential(*(Block(i < ALPHA) for i in range(DEPTH)))
        self.norm, self.head = nn.LayerNorm(DIM, 1e-6), nn.Linear(DIM, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2) + self.pos_embed
        return self.head(self.norm(self.blocks(x)).mean(1))


def value_of(name: str, shape: tuple) -> torch.Tensor:
    return (0.5 * rule(name, shape) if name.endswith("complex_weight") else parameter(name, *shape)).float()


def main() -> None:
    torch.set_num_threads(int(sys.argv[1]))
    model = SpectFormer().eval()
    model.load_state_dict({name: value_of(name, tuple(value.shape)) for name, value in model.state_dict().items()})
    picture = rule("input", (1, 3, SIDE * PATCH, SIDE * PATCH)).float()
    print("ready", flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            if line.strip() == "about":
                blas = os.path.realpath("/usr/lib/x86_64-linux-gnu/libblas.so.3")
                print(f"PyTorch {torch.__version__}, MKL-DNN {torch.backends.mkldnn.is_available()}, BLAS {blas}, threads "
                      f"{torch.get_num_threads()}", flush=True)
                continue
            begin = time.perf_counter()
            logits = model(picture)
            milliseconds = 1000 * (time.perf_counter() - begin)
            print(*logits.flatten().tolist() if line.strip() == "logits" else [milliseconds], flush=True)


if __name__ == "__main__":
    main()
