#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/scan_snap/: what the official simulator of Scan and Snap computes on the CPU in float32.

    apt install python3-torch
    git clone https://github.com/facebookresearch/luckmatters
    tools/make_scan_snap_goldens.py luckmatters

official.json: losses before each update, c_n before chosen updates, and what the figures read of the end, for settings
that shared/reference/data/scan_snap_reference.json leaves out: other panels, rates, optimisers, layouts and switches.
streams.json: what Python's and PyTorch's generators give. figure6.json: the published table, read out of the pickle.
The official code is run, not changed; common_utils and hydra, of which it needs nothing here, are stood in for.
"""
import json
import pickletools
import random
import re
import subprocess
import sys
import types
from pathlib import Path

import torch

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/scan_snap"
COMMIT = "625b5f7de69dc321f24376f5c6fe3446af3a364b"
PLACE = "ssl/real-dataset"

SMALL = dict(num_last=2, num_next_per_last=1, eta_y=1, eta_z=1, init="zero", seed=2)
MEDIUM = dict(num_last=1, num_next_per_last=2, eta_y=1, eta_z=1, init="random", seed=1)
RUNS = {
    "fig4 right": SMALL | dict(eta_y=10),
    "fig4, eta_y 80": SMALL | dict(eta_y=80),
    "fig5, adam .1": SMALL | dict(eta_y=.1, eta_z=.1, optimizer="adam"),
    "fig5, adam .5": SMALL | dict(eta_y=.5, eta_z=.5, optimizer="adam"),
    "fig5, adam 1": SMALL | dict(optimizer="adam"),
    "fig6, 1/2, eta_z .5, ratio 1": MEDIUM | dict(eta_z=.5, eta_y=.5),
    "fig6, 1/2, eta_z 3, ratio 10": MEDIUM | dict(eta_z=3, eta_y=30, seed=7),
    "fig6, 3/6, eta_z 2, ratio 2": MEDIUM | dict(num_last=3, eta_z=2, eta_y=4, seed=5),
    "fig6, 5/10, eta_z 1, ratio 5": MEDIUM | dict(num_last=5, eta_y=5, seed=10),
    "fig6, 10/20, eta_z 2, ratio 10": MEDIUM | dict(num_last=10, eta_z=2, eta_y=20, seed=3),
    "other seed": SMALL | dict(seed=11),
    "no momentum": SMALL | dict(momentum=0),
    "three next tokens, adam, random": dict(num_last=2, num_next_per_last=3, eta_y=.3, eta_z=.2, init="random", seed=4,
                                            optimizer="adam"),
    "local common tokens": MEDIUM | dict(num_last=2, num_common_per_last=5, seed=9),
    "residual": SMALL | dict(residual=True),
    "residual, not normalised": SMALL | dict(residual=True, normalize=False, eta_y=.2, eta_z=.2),
    "base token": SMALL | dict(include_base_token=True),
    "base token, residual, adam": SMALL | dict(include_base_token=True, residual=True, optimizer="adam", eta_y=.1, eta_z=.1),
    "not normalised": SMALL | dict(normalize=False),
    "short and few": SMALL | dict(length=5, batch=7, num_common=3, num_unique_per_next=4, seed=6),
    "steep": SMALL | dict(unique_min=.5, unique_max=3, common_weight=2, num_unique_per_next=7, seed=8),
}


def official(repository: str) -> dict:
    """What the official file defines."""
    sys.modules["common_utils"] = types.ModuleType("common_utils")
    sys.modules["hydra"] = types.ModuleType("hydra")
    sys.modules["hydra"].main = lambda **_: lambda function: function
    text = subprocess.run(["git", "-C", repository, "show", f"{COMMIT}:{PLACE}/decoder_only.py"], check=True,
                          capture_output=True, text=True).stdout
    defined = {"__name__": "decoder_only", "__file__": "decoder_only.py"}
    exec(compile(text, "decoder_only.py", "exec"), defined)
    return defined


def with_seed(seed: int) -> None:
    """As ssl/common_utils/helper.py seeds both generators that the CPU run draws from."""
    random.seed(seed)
    torch.manual_seed(seed + 2)


def optimiser(run: dict, weight, rate: float):
    if run.get("optimizer") == "adam":
        return torch.optim.Adam([weight], lr=rate, weight_decay=0)
    return torch.optim.SGD([weight], lr=rate, momentum=run.get("momentum", .9), weight_decay=0)


def attention(k2, fact) -> torch.Tensor:
    """c_n of the figures: exp(z) P(l|n) on the class's tokens, normalised; in their order."""
    c = k2[fact["last_token"]].exp()[fact["tokens"]] * fact["probs"]
    return c / c.sum()


def run_of(code: dict, run: dict, steps: int = 100) -> dict:
    with_seed(run["seed"])
    space = types.SimpleNamespace
    data = code["Dataset2"](run.get("length", 128), space(
        num_last=run["num_last"], num_next_per_last=run["num_next_per_last"], num_common=run.get("num_common", 10),
        num_common_per_last=run.get("num_common_per_last", 0), num_unique_per_next=run.get("num_unique_per_next", 10),
        common_unnormalized_prob=run.get("common_weight", 1), unique_unnormalized_min=run.get("unique_min", .1),
        unique_unnormalized_max=run.get("unique_max", 1)))
    model = code["Model2"](data.M, data.L, space(
        attn_include_base_token=run.get("include_base_token", False), zero_init=run["init"] == "zero",
        normalize=run.get("normalize", True), residual=run.get("residual", False)))
    optimisers = [optimiser(run, model.K1.weight, run["eta_y"]), optimiser(run, model.K2.weight, run["eta_z"])]
    losses, courses = [], {}
    for step in range(steps):
        if step in (10, 48):
            courses[str(step)] = [attention(model.K2.weight.detach(), fact).tolist() for fact in data.facts[:2]]
        for one in optimisers:
            one.zero_grad()
        loss = model(*data.generate(run.get("batch", 128)))
        loss.backward()
        for one in optimisers:
            one.step()
        losses.append(loss.item())
    return {"run": run, "M": data.M, "loss": losses, "c": courses, **end_of(model.K2.weight.detach(), data)}


def end_of(k2, data) -> dict:
    """After the last update: c of the first class, entropies of all on their distinct tokens, recall at 1/M."""
    entropies, found = [], []
    for fact in data.facts:
        begin, end = fact["unique_range"]
        part = attention(k2, fact)[-(end - begin):]
        part = part / part.sum()
        entropies.append(-(part * part.log()).sum().item())
        row = k2[fact["last_token"]].softmax(0)[begin:end]
        found.append((row > 1 / data.M).float().mean().item())
    return {"entropies": entropies, "recall": sum(found) / len(found), "z": k2[data.facts[0]["last_token"]].tolist()}


def streams_of() -> dict:
    chosen = {}
    for seed in (0, 1, 2, 12345, 2**33 + 5):
        chosen[str(seed)] = {}
        for n in (1, 2, 3, 4, 20, 100):
            random.seed(seed)
            chosen[str(seed)][str(n)] = [random.choice(range(n)) for _ in range(40)]
    draws = {}
    for seed in (2, 3, 99):
        torch.manual_seed(seed)
        linear = torch.nn.Linear(33, 33, bias=False)
        weights = torch.linspace(.1, 1, 13)
        drawn = torch.multinomial(weights / weights.sum(), 700, replacement=True)
        draws[str(seed)] = {"first": linear.weight.flatten()[:20].tolist(), "drawn": drawn.tolist()}
    return {"choice": chosen, "torch": draws}


def published(repository: str) -> list:
    """[num_last, eta_z, ratio, mean, deviation] of each cell. The table's rows are sorted as texts."""
    bytes_ = subprocess.run(["git", "-C", repository, "show", f"{COMMIT}:{PLACE}/scan_snap/figure_6_data.pkl"], check=True,
                            capture_output=True).stdout
    cells = [re.fullmatch(r"([\d.]+) ± ([\d.]+) \[10\]", str(value)) for _, value, _ in pickletools.genops(bytes_)]
    cells = [match for match in cells if match][:64]
    keys = [(last, rate, ratio) for last in ("1", "10", "3", "5") for rate in ("0.5", "1", "2", "3")
            for ratio in ("1", "10", "2", "5")]
    return sorted([int(a), float(b), int(c), float(m[1]), float(m[2])] for (a, b, c), m in zip(keys, cells))


def main() -> None:
    torch.set_num_threads(1)
    repository = sys.argv[1]
    code = official(repository)
    code["log"].disabled = True
    FOLDER.mkdir(parents=True, exist_ok=True)
    write("streams", streams_of(), digits=9)
    write("figure6", published(repository))
    write("official", {name: run_of(code, run) for name, run in RUNS.items()})


def write(name: str, value, digits: int = 7) -> None:
    def rounded(x):
        if isinstance(x, float):
            return float(f"{x:.{digits}g}")
        if isinstance(x, dict):
            return {key: rounded(part) for key, part in x.items()}
        return [rounded(part) for part in x] if isinstance(x, list) else x
    (FOLDER / f"{name}.json").write_text(json.dumps(rounded(value), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
