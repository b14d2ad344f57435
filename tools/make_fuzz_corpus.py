#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus/: small real files of each kind, from which the fuzzing of the readers begins.

    tools/make_fuzz_corpus.py build/dev/bin        # the programs fovea and fovea-h5-reader

Files that are there already stay: what once broke a reader is kept beside the seeds.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests/fuzz/corpus"
SIGNATURE = 8  # bytes; `forged` puts it before its input
SMALL = {"image_size": 4, "patch_size": 2, "in_chans": 1, "dim": 2, "depth": 1, "heads": 1, "mlp_hidden": 2, "classes": 2}


def main() -> None:
    programs = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        files = real_files(programs, Path(folder))
        for file in files:
            seed("anyFile", file.name, file.read_bytes())
            seed("forged", file.stem, forged(programs, file))
        seed("forged", "ragged", ragged())
        attributes = outline_of(programs, files[0])["objects"][0]["attributes"]
        for name in ["config", "preprocess"]:
            seed("texts", name + ".json", attributes[name].encode())
    for edit in ["blocks.3.attn.head.1=off", "blocks.0.attn.pattern.1.cls.*=cut:renorm", "a.b=set:-1e-3", "x=patch:B",
                 "blocks.*.out=scale:0.5"]:
        seed("texts", "edit-" + edit.split("=")[1].split(":")[0], edit.encode())
    for map_file in (ROOT / "plugins/vit/name_maps").glob("*.json"):
        seed("nameMap", map_file.name, map_file.read_bytes())
    for name, rule in RULES.items():
        seed("nameMap", name, json.dumps({"name": name, "architecture": "vit", "rules": rule}).encode())
    seed("recipe", "head-grid.json", json.dumps(RECIPE).encode())
    seed("session", "session.fovea", json.dumps(SESSION).encode())


RULES = {
    "joined.json": [{"to": "a", "from": ["blocks.0.norm1.weight", "blocks.0.norm1.bias"]}],
    "shaped.json": [{"to": "b", "from": "head.weight", "reshape": ["$0", 2, 12], "permute": [2, 0, 1]}],
    "constant.json": [{"to": "c.{i}", "like": "blocks.{i}.norm1.weight", "constant": 0.5}],
    "patches.json": [{"to": "d", "from": "blocks.0.mlp.fc1.weight", "patches": "yxc"}],
}
RECIPE = {"fovea_recipe": 1, "view": "head-grid", "model": {"path": "w.h5", "sha256": "00"},
          "input": {"path": "x.png", "sha256": "00"}, "edits": ["blocks.0=off"],
          "selection": {"slot": "A", "record": "blocks.0.attn.pattern"}, "settings": {"scale": "this layer"},
          "measured": {}, "width_pt": 234, "height_pt": 180.5, "dpi": 300}
SESSION = {"fovea_format": "session", "version": 1, "model": {"path": "w.h5", "absolute": "/w.h5", "sha256": "00"},
           "input": {"path": "x.png", "absolute": "/x.png", "sha256": "00"}, "edits": ["blocks.0.attn.head.1=off"],
           "selection": {}, "display": {}, "layout": "AAAA"}


def seed(target: str, name: str, data: bytes) -> None:
    (CORPUS / target).mkdir(parents=True, exist_ok=True)
    (CORPUS / target / name).write_bytes(data)


def real_files(programs: Path, folder: Path) -> list[Path]:
    """Weights and a trace of the smallest ViT, the same weights as a checkpoint of nested groups, an input."""
    weights, trace, nested, tensor = (folder / name for name in ["weights.h5", "trace.h5", "nested.h5", "input.h5"])
    fields = [text for field, value in SMALL.items() for text in ["--set", f"{field}={value}"]]
    subprocess.run([programs / "fovea", "init", "vit", *fields, "--seed", "1", "-o", weights], check=True)
    np.save(folder / "input.npy", np.linspace(0, 1, 16, dtype="f4").reshape(1, 4, 4))
    subprocess.run([programs / "fovea", "run", weights, folder / "input.npy", "--edit", "blocks.0.attn.head.0=scale:0.5",
                    "-o", trace], check=True)
    with h5py.File(weights) as source, h5py.File(nested, "w") as out:
        for name, values in source["parameters"].items():
            packed = {"chunks": True, "compression": "gzip"} if name == "head.weight" else {}
            out.create_dataset("state_dict/" + name.replace(".", "/"), data=values[()], **packed)
    with h5py.File(tensor, "w") as out:
        out["input"] = np.zeros((1, 4, 4), "f2")
    return [weights, trace, nested, tensor]


def outline_of(programs: Path, file: Path) -> dict:
    with file.open("rb") as stdin:
        return json.loads(subprocess.run([programs / "fovea-h5-reader"], stdin=stdin, check=True, capture_output=True).stdout)


def forged(programs: Path, file: Path) -> bytes:
    """A real file: its outline, and the values that lie in it."""
    outline, data = outline_of(programs, file)["objects"], file.read_bytes()
    sizes = {"f16": 2, "f32": 4, "i32": 4, "i64": 8, "f64": 8}
    values = {}
    for entry in outline:
        if "offset" in entry:
            count = int(np.prod(entry["shape"], dtype=int)) * sizes[entry["type"]]
            values[entry["path"]] = data[entry["offset"]:entry["offset"] + count]
    return packed(outline, values)


def ragged() -> bytes:
    """A trace whose one record has another shape in each step, on a layout and with axes of its own."""
    arrays = {
        "block_seconds": np.zeros(1), "steps": np.array([0, 10]), "records/a": np.arange(5, dtype="f4"),
        "details/a/value.offsets": np.array([0, 2, 5]),
        "details/a/value.shapes": np.array([[2, 2, 1, 0, 0, 0, 0], [2, 3, 1, 0, 0, 0, 0]]),
        "details/a/marks": np.array([[0, 0, 0, -1, 0, 1, 0], [1, 0, 0, -1, 0, 1, 0]]),
        "layouts/0/special": np.array([0, -1, -1], "i4"), "layouts/0/offsets": np.array([0, 0, 1, 2], "i4"),
        "layouts/0/cells": np.array([0, 1], "i4"), "axes/0/values.1": np.array([0.5])}
    attributes = {
        "": {"fovea_format": "trace", "version": 1, "source": "x", "config": "{}", "weights_sha256": "", "seed": 0,
             "edits": [], "sample": 0, "blocks": ["embed"]},
        "records/a": {"kind": "tokens", "role": "", "depth": 0, "block": "", "help": "", "unit": "", "fields": [],
                      "domain": ""},
        "layouts/0": {"domain": "image", "rows": 1, "cols": 2, "extent": [0.0, 0.0, 2.0, 1.0], "special_names": ["cls"]},
        "axes/0": {"names": ["token", "channel"], "units": ["", "ms"]}}
    types = {"float64": "f64", "int64": "i64", "float32": "f32", "int32": "i32"}
    outline = [{"path": path, "attributes": attributes.get(path, {})} for path in ["", "layouts/0", "axes/0"]]
    outline += [{"path": path, "attributes": attributes.get(path, {}), "shape": list(array.shape),
                 "type": types[array.dtype.name]} for path, array in arrays.items()]
    return packed(outline, {path: array.tobytes() for path, array in arrays.items()})


def packed(outline: list[dict], values: dict[str, bytes]) -> bytes:
    """What the target `forged` reads: an outline, a zero, the values at the offsets that the outline says."""
    room = len(json.dumps({"objects": outline})) + 24 * len(values)
    data = b""
    for entry in outline:
        if entry["path"] in values:
            entry["offset"] = SIGNATURE + room + 1 + len(data)
            data += values[entry["path"]]
    return json.dumps({"objects": outline}).ljust(room).encode() + b"\0" + data


if __name__ == "__main__":
    main()
