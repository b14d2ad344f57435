#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the pictures of resources/samples/, those of `shapes` with their masks.

    apt install dataset-fashion-mnist
    cmake --build --preset release --target fovea write_samples
    tools/make_samples.py [shapes] [fashion] [--photos FOLDER]

Of each class the first test picture that the bundled model classifies right, and the first of all that it gets wrong;
of those with two objects the first in which the model's two best answers are the two classes. The number in a file's
name is the picture's place in the test set. Prints what the model says of each. Photos, from scikit-image's data:

    apt-get download python3-skimage && dpkg -x python3-skimage_*.deb /tmp/skimage && apt install python3-pil
    tools/make_samples.py --photos /tmp/skimage/usr/lib/python3/dist-packages/skimage/data
"""
import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "resources/samples"
PROGRAMS = ROOT / "build/release/bin"
SEARCHED = 200  # test pictures, from the first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", choices=["shapes", "fashion", []], default=[])
    parser.add_argument("--photos", type=Path, help="folder with scikit-image's data")
    options = parser.parse_args()
    for name in options.sets:
        for old in SAMPLES.glob(f"{name}_*.png"):
            old.unlink()
    if "shapes" in options.sets:
        write_chosen("shapes", "shapes", "vit_micro_shapes.h5")
        write_two("shapes", "shapes:mode=two", "vit_micro_shapes.h5")
    if "fashion" in options.sets:
        write_chosen("fashion", "/usr/share/datasets/fashion-mnist", "vit_micro_fashion.h5")
    if options.photos:
        write_photos(options.photos)


def pictures(prefix: str, data: str, folder: Path) -> list[Path]:
    """The first test pictures, in their order; masks lie beside them."""
    command = [PROGRAMS / "write_samples", data, folder / prefix, *map(str, range(SEARCHED))]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    return [Path(path) for path in written if path and ".mask-" not in path]


def answers(model: str, picture: Path) -> list[tuple[str, float]]:
    """The best classes with their probabilities."""
    command = [PROGRAMS / "fovea", "run", ROOT / "resources/models" / model, picture, "--json"]
    top = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["top"]
    return [(one["label"], one["probability"]) for one in top]


def class_of(picture: Path, prefix: str) -> str:
    """The class as it stands in the file's name."""
    return picture.stem[len(prefix) + 1:].rpartition("_")[0]


def plain(label: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in label.lower()).split())


def keep(picture: Path, said: str) -> None:
    for file in [picture, *picture.parent.glob(f"{picture.stem}.mask-*")]:
        shutil.copy(file, SAMPLES)
    print(f"| `{picture.name}` | {said} |")


def write_chosen(prefix: str, data: str, model: str) -> None:
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        for picture in pictures(prefix, data, Path(folder)):
            label, (answer, share) = class_of(picture, prefix), answers(model, picture)[0]
            is_right = plain(answer) == label
            case = label if is_right else "wrong"
            if case not in found:
                found.add(case)
                keep(picture, f"{'' if is_right else '**wrong:** '}{answer} ({share:.1%})")


def write_two(prefix: str, data: str, model: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for picture in pictures(prefix, data, Path(folder)):
            best = answers(model, picture)[:2]
            if {plain(label) for label, _ in best} == set(class_of(picture, prefix).split("_and_")):
                keep(picture, " and ".join(f"{label} ({share:.1%})" for label, share in best))
                return


def write_photos(folder: Path) -> None:
    """Without the embedded colour profiles, which are all sRGB or none."""
    from PIL import Image  # wanted here alone

    def save(picture: Image.Image, file: str, **options) -> None:
        plain_picture = Image.frombytes("RGB", picture.size, picture.convert("RGB").tobytes())
        plain_picture.save(SAMPLES / file, **options)

    save(Image.open(folder / "astronaut.png").resize((448, 448), Image.BICUBIC), "astronaut.jpg", quality=92)
    save(Image.open(folder / "chelsea.png"), "chelsea.png", optimize=True)
    save(Image.open(folder / "coffee.png"), "coffee.jpg", quality=92)


if __name__ == "__main__":
    main()
