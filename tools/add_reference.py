#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds a reference to weights of the plugins vit, ia_red2 and spectformer (vanilla): what PyTorch computes in float64 from
them for a picture.

    apt install python3-torch python3-h5py python3-pil
    tools/add_reference.py resources/models/vit_micro_shapes.h5 resources/samples/shapes_triangle_0.png

Of a picture larger than the model's the middle is taken. Kept are the logits, the first block's attention pattern or filtered
map, a SpectFormer's first pattern, and the output of the last block, in which of an IA-RED2 the tokens are that it keeps: the
ground of `fovea check W.h5` and of the parity badge.
"""
import argparse
import json
from pathlib import Path

import h5py
import numpy as np
import torch
from PIL import Image

import make_vit_goldens
from ia_red2_forward import IaRed2
from spectformer_forward import SpectFormer


def network_input(picture: Path, channels: int, size: int, preprocess: dict) -> torch.Tensor:
    """[1, C, size, size] in float32, as Fovea prepares a picture that needs no resizing: the middle of a larger one."""
    image = Image.open(picture).convert("L" if channels == 1 else "RGB")
    left, top = ((extent - size) // 2 for extent in image.size)
    values = np.asarray(image.crop((left, top, left + size, top + size)), np.float32) / 255
    mean, std = (np.array(preprocess[key][:channels], np.float32) for key in ("mean", "std"))
    return torch.from_numpy(((values.reshape(*values.shape[:2], channels) - mean) / std).transpose(2, 0, 1)[None].copy())


def h5py_text(value) -> str:
    """Text of fixed length is bytes to h5py."""
    return value.decode() if isinstance(value, bytes) else value


def computed(architecture: str, config: dict, tensors: dict, image: torch.Tensor) -> tuple[dict, list[str]]:
    """All signals, and the paths of those to keep."""
    signals: dict = {}
    last = f"blocks.{config['depth'] - 1}.out"
    if architecture == "spectformer":
        SpectFormer(config, tensors, signals.__setitem__).forward(image)
        firsts = [f"blocks.{config['alpha']}.attn.pattern"] if config["alpha"] < config["depth"] else []
        return signals, [*(["blocks.0.filter.out"] if config["alpha"] else []), *firsts, last]
    make_vit_goldens.parameter = lambda name, *shape: tensors[name].reshape(shape)
    if architecture == "ia_red2":
        IaRed2(config, tensors, signals.__setitem__).forward(image)
    else:
        make_vit_goldens.Vit(config, signals.__setitem__).forward(image)
    return signals, ["blocks.0.attn.pattern", last]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    with h5py.File(options.weights, "r+") as file, torch.no_grad():
        config = json.loads(file.attrs["config"])
        tensors = {name: torch.from_numpy(data[()].astype(np.float64)) for name, data in file["parameters"].items()}
        image = network_input(options.picture, config["in_chans"], config["image_size"], json.loads(file.attrs["preprocess"]))
        signals, kept = computed(h5py_text(file.attrs["architecture"]), config, tensors, image.double())
        file.pop("reference", None)
        reference = file.create_group("reference")
        reference["input"] = image.numpy()
        reference["logits"] = signals["logits"].numpy().astype(np.float32)
        for name in kept:
            reference[f"signals/{name}"] = signals[name][0].numpy().astype(np.float32)


if __name__ == "__main__":
    main()
