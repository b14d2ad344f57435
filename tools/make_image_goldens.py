#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/image/: small pictures and what Pillow and torchvision's rules make of them.

    apt install python3-pil python3-numpy
    tools/make_image_goldens.py

`index.json` lists three kinds of cases. Sizes are [width, height]; arrays are stored row by row.

  resize      input picture -> uint8 [H, W, 3] of exactly the given size
  prepare     input picture -> uint8 [crop, crop, 3]: shorter side to `size`, then the central square
  normalise   the same, then float32 [3, crop, crop]: divided by 255, minus mean, divided by deviation

The rules are those of torchvision on Pillow images: the longer side is cut to a whole number; the crop's offset is
rounded half to even; a picture of the wanted size is not resampled.
"""
import json
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/image"
FILTERS = {"bicubic": Image.BICUBIC, "bilinear": Image.BILINEAR}
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # ImageNet

INPUTS = [(61, 47), (200, 37), (37, 53), (5, 5), (32, 32)]
RESIZE = {
    (61, 47): [(32, 32), (17, 13), (97, 71), (61, 20), (30, 47)],
    (200, 37): [(64, 64), (33, 19), (211, 41)],
    (37, 53): [(19, 27), (36, 54)],
    (5, 5): [(1, 1), (7, 3), (16, 16)],
    (32, 32): [(32, 32), (24, 24), (31, 33), (8, 8)],
}
PREPARE = {  # (size, crop); differences of 1, 3 and 5 try the rounding of the offset
    (61, 47): [(36, 32), (32, 32), (47, 44), (64, 56)],
    (200, 37): [(28, 24), (37, 32)],
    (37, 53): [(33, 32), (35, 32), (37, 32)],
    (5, 5): [(20, 16), (8, 7)],
    (32, 32): [(32, 32), (37, 32)],
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    index = {"mean": MEAN, "std": STD, "resize": [], "prepare": [], "normalise": []}
    for number, size in enumerate(INPUTS):
        picture = make_picture(*size, seed=number)
        np.save(FOLDER / picture_name(size), np.asarray(picture))
        for name, resample in FILTERS.items():
            index["resize"] += [golden_resize(picture, target, name, resample) for target in RESIZE[size]]
            index["prepare"] += [golden_prepare(picture, *sizes, name, resample) for sizes in PREPARE[size]]
        index["normalise"] += [golden_normalise(picture, *sizes) for sizes in PREPARE[size]]
    (FOLDER / "index.json").write_text(json.dumps(index, indent=1) + "\n")


def make_picture(width: int, height: int, seed: int) -> Image.Image:
    """A gradient with noise on it, and in the corner a hard edge from 0 to 255 where filters overshoot."""
    x = np.linspace(0, 1, width)[None, :, None]
    y = np.linspace(0, 1, height)[:, None, None]
    channels = np.array([1.0, 0.6, -0.4])
    noise = np.random.default_rng(seed).uniform(-50, 50, (height, width, 3))
    values = np.clip(127 + 100 * (x - 0.5) * channels + 100 * (y - 0.5) * channels[::-1] + noise, 0, 255)
    values[: height // 3, : width // 3] = 255
    values[: height // 3, width // 3 : width // 2] = 0
    return Image.fromarray(values.round().astype(np.uint8))


def picture_name(size: tuple[int, int]) -> str:
    return f"input_{size[0]}x{size[1]}.npy"


def golden_resize(picture, target: tuple[int, int], name: str, resample) -> dict:
    output = f"resize_{picture.width}x{picture.height}_to_{target[0]}x{target[1]}_{name}.npy"
    np.save(FOLDER / output, np.asarray(picture.resize(target, resample)))
    return {"input": picture_name(picture.size), "filter": name, "size": list(target), "output": output}


def golden_prepare(picture, size: int, crop: int, name: str, resample) -> dict:
    output = f"prepare_{picture.width}x{picture.height}_{size}_{crop}_{name}.npy"
    np.save(FOLDER / output, prepare(picture, size, crop, resample))
    return {"input": picture_name(picture.size), "filter": name, "size": size, "crop": crop, "output": output}


def golden_normalise(picture, size: int, crop: int) -> dict:
    output = f"normalise_{picture.width}x{picture.height}_{size}_{crop}.npy"
    values = prepare(picture, size, crop, Image.BICUBIC).astype(np.float32) / np.float32(255)
    values = (values - np.float32(MEAN)) / np.float32(STD)
    np.save(FOLDER / output, np.ascontiguousarray(values.transpose(2, 0, 1)))
    return {"input": picture_name(picture.size), "filter": "bicubic", "size": size, "crop": crop, "output": output}


def prepare(picture, size: int, crop: int, resample) -> np.ndarray:
    """Shorter side to `size`, then the central square of `crop`."""
    width, height = picture.size
    short, long = min(width, height), max(width, height)
    if short != size:
        other = int(size * long / short)
        picture = picture.resize((size, other) if width <= height else (other, size), resample)
    left, top = (int(round((side - crop) / 2.0)) for side in picture.size)
    return np.asarray(picture.crop((left, top, left + crop, top + crop)))


if __name__ == "__main__":
    main()
