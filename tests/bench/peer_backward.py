#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's peer: a DeiT-T forward and backward in PyTorch. Each line on stdin is one; the answer is its milliseconds.

    peer_backward.py BATCH THREADS
"""
import sys
import time

import torch
import torch.nn.functional as F

BATCH, THREADS = int(sys.argv[1]), int(sys.argv[2])
DIM, DEPTH, HEADS, PATCH, CLASSES = 192, 12, 3, 16, 1000


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = torch.nn.LayerNorm(DIM, 1e-6), torch.nn.LayerNorm(DIM, 1e-6)
        self.qkv, self.proj = torch.nn.Linear(DIM, 3 * DIM), torch.nn.Linear(DIM, DIM)
        self.fc1, self.fc2 = torch.nn.Linear(DIM, 4 * DIM), torch.nn.Linear(4 * DIM, DIM)

    def attention(self, x):
        q, k, v = self.qkv(x).view(*x.shape[:2], 3, HEADS, DIM // HEADS).permute(2, 0, 3, 1, 4)
        pattern = (q @ k.transpose(-2, -1) * (DIM // HEADS) ** -0.5).softmax(-1)
        return self.proj((pattern @ v).transpose(1, 2).flatten(2))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Vit(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = torch.nn.Conv2d(3, DIM, PATCH, PATCH)
        self.cls = torch.nn.Parameter(torch.zeros(1, 1, DIM))
        self.positions = torch.nn.Parameter(torch.zeros(1, 197, DIM))
        self.blocks = torch.nn.Sequential(*(Block() for _ in range(DEPTH)))
        self.norm, self.head = torch.nn.LayerNorm(DIM, 1e-6), torch.nn.Linear(DIM, CLASSES)

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


def main() -> None:
    torch.set_num_threads(THREADS)
    model, images, cotangent = Vit(), torch.rand(BATCH, 3, 224, 224), torch.rand(BATCH, CLASSES)
    blas = next(line.strip() for line in torch.__config__.parallel_info().splitlines() if "get_num_threads" in line)
    print(f"torch {torch.__version__}, {blas}", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        model.zero_grad(set_to_none=True)
        model(images).backward(cotangent)
        print((time.perf_counter() - begin) * 1e3, flush=True)


if __name__ == "__main__":
    main()
