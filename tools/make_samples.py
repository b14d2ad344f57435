#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the pictures of resources/samples/.

    apt install python3-torch python3-h5py python3-pil dataset-fashion-mnist
    apt-get download python3-skimage && dpkg -x python3-skimage_*.deb /tmp/skimage
    tools/make_samples.py --photos /tmp/skimage/usr/lib/python3/dist-packages/skimage/data

Fashion-MNIST: of each class the first test picture that the shipped model classifies right, and the first of all that
it gets wrong. The number in a file's name is the picture's place in the test set. Prints what the model says of each.
"""
import argparse
from pathlib import Path

import torch
from PIL import Image

from micro_vit import FASHION_LABELS, fashion_mnist, pad, prepare, read_weights

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SAMPLES = RESOURCES / "samples"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="folder with scikit-image's data")
    options = parser.parse_args()
    torch.set_num_threads(1)
    SAMPLES.mkdir(parents=True, exist_ok=True)
    write_fashion()
    write_photos(options.photos)


def write_fashion() -> None:
    pictures, labels = fashion_mnist("t10k")
    pictures, labels = pad(pictures[:1000]), labels[:1000]
    with torch.no_grad():
        shares = read_weights(RESOURCES / "models/vit_micro_fashion.h5")(prepare(pictures)).softmax(1)
    right = shares.argmax(1) == labels
    chosen = [first(right & (labels == label)) for label in range(10)] + [first(~right)]
    for i in chosen:
        label = FASHION_LABELS[labels[i]]
        file = f"fashion_{label.lower().replace('/', '_').replace(' ', '_').replace('-', '_')}_{i}.png"
        Image.fromarray(pictures[i].numpy()).save(SAMPLES / file, optimize=True)
        share, answer = shares[i].max(0)
        print(f"{file} | {label} | {FASHION_LABELS[answer]} ({share:.1%})")


def first(condition: torch.Tensor) -> int:
    return condition.nonzero()[0].item()


def write_photos(folder: Path) -> None:
    """Without the embedded colour profiles, which are all sRGB or none."""
    astronaut = Image.open(folder / "astronaut.png").resize((448, 448), Image.BICUBIC)
    save_photo(astronaut, "astronaut.jpg", quality=92)
    save_photo(Image.open(folder / "chelsea.png"), "chelsea.png", optimize=True)
    coffee = Image.open(folder / "coffee.png")
    save_photo(coffee, "coffee.jpg", quality=92)


def save_photo(picture: Image.Image, file: str, **options) -> None:
    plain = Image.frombytes("RGB", picture.size, picture.convert("RGB").tobytes())
    plain.save(SAMPLES / file, **options)
    print(f"{file}: {picture.width} x {picture.height}, {(SAMPLES / file).stat().st_size} bytes")


if __name__ == "__main__":
    main()
