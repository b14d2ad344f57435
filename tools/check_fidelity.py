#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares every signal of a run with PyTorch in float64, for presets of the vit plugin: all elements, no checkpoint.

    apt install python3-torch python3-h5py
    tools/check_fidelity.py [--fovea build/release/bin/fovea] [--input input] [preset ...]

Weights and the input follow the rule of shared/golden/README.md. A difference is the largest of all elements over the
reference's root mean square. Exits with 1 when one is above 1e-4 or a signal is missing on either side.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np
import torch

from make_vit_goldens import Vit, parameter, rule

PRESETS = [f"{family}_{size}{kind}_patch16_224" for family, kind in (("deit", ""), ("deit", "_distilled"), ("vit", ""))
           for size in ("tiny", "small", "base")] + ["deit_base_patch16_384"]
TOLERANCE = 1e-4


def rule_weights(fovea: str, preset: str, file: Path) -> dict:
    """A weights file of a preset with the rule's numbers; returns its config."""
    subprocess.run([fovea, "init", f"vit:{preset}", "-o", file], check=True, stdout=subprocess.DEVNULL)
    with h5py.File(file, "r+") as weights:
        for name, tensor in weights["parameters"].items():
            tensor[...] = parameter(name, *tensor.shape).numpy()
        return json.loads(weights.attrs["config"])


def differences(fovea: str, preset: str, input_name: str, folder: Path) -> dict[str, float]:
    config = rule_weights(fovea, preset, folder / "w.h5")
    image = rule(input_name, (1, config["in_chans"], config["image_size"], config["image_size"]))
    np.save(folder / "input.npy", image.numpy().astype(np.float32))
    subprocess.run([fovea, "run", folder / "w.h5", folder / "input.npy", "--probe", "*", "-o", folder / "t.h5"],
                   check=True, stdout=subprocess.DEVNULL)
    found = {}
    with h5py.File(folder / "t.h5") as trace, torch.no_grad():
        records = trace["records"]

        def compare(path: str, expected: torch.Tensor) -> None:
            if path not in records:
                found[path] = np.inf
                return
            value = torch.from_numpy(records[path][()]).double().flatten()
            found[path] = ((value - expected.flatten()).abs().max() / expected.square().mean().sqrt()).item()

        Vit(config, compare).forward(image)
        return found | {path: np.inf for path in records if path not in found}


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares every signal of a run with PyTorch in float64.")
    parser.add_argument("presets", nargs="*", default=PRESETS)
    parser.add_argument("--fovea", default=str(Path(__file__).resolve().parent.parent / "build/release/bin/fovea"))
    parser.add_argument("--input", default="input", help="the rule's name for the input (default: %(default)s)")
    arguments = parser.parse_args()
    failed = False
    for preset in arguments.presets:
        with tempfile.TemporaryDirectory() as folder:
            found = differences(arguments.fovea, preset, arguments.input, Path(folder))
        worst = max(found, key=found.get)
        failed |= not found[worst] <= TOLERANCE
        print(f"{preset:34} {len(found)} signals, worst {worst} {found[worst]:.1e}, logits {found['logits']:.1e}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
