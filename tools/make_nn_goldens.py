#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/nn/: how PyTorch resizes tables of positions and filters.

    apt install python3-torch python3-numpy
    tools/make_nn_goldens.py

`pos_resize_input.npy` is [1, 4, 7, 7]. For each target size, `pos_resize_<H>x<W>.npy` is what
`torch.nn.functional.interpolate(..., size=(H, W), mode="bicubic", align_corners=False)` gives without antialiasing,
and `filter_resize_<H>x<W>.npy` what it gives with align_corners=True. Computed in float64, stored in float32.
"""
from pathlib import Path

import numpy as np
import torch

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/nn"
TARGETS = [(10, 10), (5, 9), (14, 14)]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    random = torch.Generator().manual_seed(7)
    table = torch.randn(1, 4, 7, 7, generator=random).double()  # drawn in float32, so that storing loses nothing
    store("pos_resize_input", table)
    for target in TARGETS:
        for kind, corners in (("pos", False), ("filter", True)):
            output = torch.nn.functional.interpolate(table, size=target, mode="bicubic", align_corners=corners)
            store(f"{kind}_resize_{target[0]}x{target[1]}", output)


def store(name: str, values: torch.Tensor) -> None:
    np.save(FOLDER / f"{name}.npy", values.numpy().astype(np.float32))


if __name__ == "__main__":
    main()
