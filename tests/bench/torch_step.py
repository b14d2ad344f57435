#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer of bench_train: a training step of a vision transformer in PyTorch, when asked.

    torch_step.py DIM HEADS BATCH THREADS

Says `ready`, then, for each line read, does what it says: `about` tells version, BLAS and threads; `step` makes a step
(forward, cross entropy, backward, clipping, AdamW) and tells its milliseconds and its loss. Weights and pictures follow
the rule of shared/golden/README.md; sample i has the class i.
"""
import os
import sys
import time
from pathlib import Path

# OpenBLAS has threads of its own, which torch.set_num_threads does not bound: said before it is loaded.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[4]

import torch  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from make_vit_goldens import parameter, rule  # noqa: E402
from micro_vit import Config, VisionTransformer  # noqa: E402

RATE, DECAY, CLIP = 1e-3, 0.05, 1.0


def make_model(dim: int, heads: int) -> VisionTransformer:
    model = VisionTransformer(Config(image_size=224, patch_size=16, in_chans=3, dim=dim, depth=12, heads=heads,
                                     mlp_ratio=4.0, classes=1000))
    model.load_state_dict({name: parameter(name, *value.shape).float() for name, value in model.state_dict().items()})
    return model.train()


def optimiser_of(model) -> torch.optim.Optimizer:
    decayed = [p for p in model.parameters() if p.ndim >= 2 and not (p.ndim == 3 and p.shape[0] == 1)]
    others = [p for p in model.parameters() if not any(p is q for q in decayed)]
    return torch.optim.AdamW([{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}], lr=RATE)


def main() -> None:
    dim, heads, batch, threads = (int(word) for word in sys.argv[1:5])
    torch.set_num_threads(threads)
    model = make_model(dim, heads)
    optimiser = optimiser_of(model)
    pictures, labels = rule("input", (batch, 3, 224, 224)).float(), torch.arange(batch)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "about":
            blas = os.path.realpath("/usr/lib/x86_64-linux-gnu/libblas.so.3")
            print(f"PyTorch {torch.__version__}, MKL-DNN {torch.backends.mkldnn.is_available()}, BLAS {blas}, threads "
                  f"{torch.get_num_threads()}", flush=True)
            continue
        begin = time.perf_counter()
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(pictures), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimiser.step()
        print(1000 * (time.perf_counter() - begin), loss.item(), flush=True)


if __name__ == "__main__":
    main()
