#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/relevance/official.json: relevance maps as their authors' code computes them.

    apt install python3-torch python3-networkx
    tools/make_relevance_goldens.py FOLDER

FOLDER holds checkouts of attention_flow (S. Abnar), Transformer-Explainability and Transformer-MM-Explainability
(H. Chefer) and vit-explain (J. Gildenblat), each in a folder of that name. Their code runs as it is, in float64, on
Chefer's own ViT with weights and input by the rule of shared/golden/README.md. What it imports and never calls
(TensorFlow, OpenCV, torchvision) is stood in for by empty modules, einops.rearrange by the two patterns that are used.
"""
import json
import sys
import types
from functools import partial
from pathlib import Path

import networkx as nx
import numpy as np
import torch

from make_vit_goldens import parameter, rule

FILE = Path(__file__).resolve().parent.parent / "tests/fixtures/relevance/official.json"
CONFIG = dict(image_size=32, patch_size=8, in_chans=3, dim=24, depth=3, heads=3, mlp_hidden=96, classes=11)
CLASSES = (3, 7)
DISCARDS = (0.0, 0.5)


def rearrange(x: torch.Tensor, pattern: str, **sizes: int) -> torch.Tensor:
    if pattern == "b n (qkv h d) -> qkv b h n d":
        return x.view(*x.shape[:2], sizes["qkv"], sizes["h"], -1).permute(2, 0, 3, 1, 4)
    assert pattern == "b h n d -> b n (h d)", pattern
    return x.transpose(1, 2).flatten(2)


def stand_in(name: str, **content) -> None:
    module = types.ModuleType(name)
    for key, value in content.items():
        setattr(module, key, value)
    sys.modules[name] = module


def official_vit(folder: Path) -> torch.nn.Module:
    sys.path.insert(0, str(folder / "Transformer-Explainability"))
    from baselines.ViT.ViT_new import VisionTransformer
    model = VisionTransformer(
        img_size=CONFIG["image_size"], patch_size=CONFIG["patch_size"], in_chans=3, num_classes=CONFIG["classes"],
        embed_dim=CONFIG["dim"], depth=CONFIG["depth"], num_heads=CONFIG["heads"], mlp_ratio=4, qkv_bias=True,
        norm_layer=partial(torch.nn.LayerNorm, eps=1e-6)).double().eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.copy_(parameter(name, *tensor.shape))
    return model


def chefer_code(folder: Path) -> dict:
    """The functions of the notebook's cell that defines them."""
    notebook = json.loads((folder / "Transformer-MM-Explainability/Transformer_MM_explainability_ViT.ipynb").read_text())
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    names = {"torch": torch, "np": np}
    exec(next(cell for cell in cells if "def generate_relevance" in cell), names)
    return names


def flows(folder: Path, mixed: np.ndarray) -> list:
    """Of every token of the last layer to every input token, as rows."""
    sys.path.insert(0, str(folder / "attention_flow"))
    import attention_graph_util as official
    length = mixed.shape[1]
    adjacency, labels = official.get_adjmat(mixed, [str(i) for i in range(length)])
    graph = nx.from_numpy_array(adjacency, create_using=nx.DiGraph)
    for i, j in zip(*np.nonzero(adjacency)):
        nx.set_edge_attributes(graph, {(i, j): adjacency[i, j]}, "capacity")
    inputs = [key for key in labels if labels[key] < length]
    top = len(mixed)
    answers = [f"L{top}_{token}" for token in range(2)]  # two suffice: each is 17 maximum flows
    table = official.compute_node_flow(graph, labels, inputs, answers, length)
    below = (top - 1) * length
    return [table[labels[answer], below:below + length].tolist() for answer in answers]


def abnar(folder: Path, attention: np.ndarray) -> dict:
    sys.path.insert(0, str(folder / "attention_flow"))
    import attention_graph_util as official
    fused = attention.mean(1)
    mixed = fused + np.eye(fused.shape[1])[None]
    mixed = mixed / mixed.sum(axis=-1)[..., None]
    return dict(rollout=official.compute_joint_attention(fused)[-1].tolist(), flow=flows(folder, mixed))


def gildenblat(folder: Path, model: torch.nn.Module, image: torch.Tensor, attention: list, gradients: dict) -> list:
    sys.path.insert(0, str(folder / "vit-explain"))
    import vit_grad_rollout
    import vit_rollout
    maps = []
    for discard in DISCARDS:
        for fusion in ("mean", "min", "max"):
            run = vit_rollout.VITAttentionRollout(model, "attn_drop", fusion, discard)
            maps.append(dict(method="rollout", fusion=fusion, discard=discard, map=run(image).flatten().tolist()))
        for index in CLASSES:
            copies = [a.clone() for a in attention]
            mask = vit_grad_rollout.grad_rollout(copies, gradients[index], discard)
            maps.append({"method": "grad-rollout", "class": index, "discard": discard, "map": mask.flatten().tolist()})
    return maps


def commit(folder: Path) -> str:
    return (folder / "COMMIT").read_text().strip()


def main() -> None:
    folder = Path(sys.argv[1])
    stand_in("einops", rearrange=rearrange)
    for name in ("cv2", "tensorflow", "matplotlib", "matplotlib.pyplot", "PIL"):
        stand_in(name, Image=None)
    stand_in("torchvision", transforms=None)
    for name in ("helpers", "weight_init", "layer_helpers"):  # of these only two functions are called
        stand_in(f"baselines.ViT.{name}", load_pretrained=None, to_2tuple=lambda x: (x, x),
                 trunc_normal_=lambda x, std: x)
    torch.set_default_dtype(torch.float64)
    torch.Tensor.cuda = lambda self: self

    model = official_vit(folder)
    image = rule("input", (1, 3, CONFIG["image_size"], CONFIG["image_size"]))
    chefer, gradients = chefer_code(folder), {}
    relevance = []
    for index in CLASSES:
        relevance.append({"class": index, "map": chefer["generate_relevance"](model, image, index).detach().tolist()})
        gradients[index] = [block.attn.get_attn_gradients().detach().clone() for block in model.blocks]
    attention = [block.attn.get_attention_map().detach().clone() for block in model.blocks]
    result = dict(
        config=CONFIG, torch=torch.__version__, networkx=nx.__version__,
        sources={name: commit(folder / name) for name in (
            "attention_flow", "Transformer-Explainability", "Transformer-MM-Explainability", "vit-explain")},
        logits=model(image)[0].tolist(), chefer=relevance,
        abnar=abnar(folder, torch.cat(attention).numpy()),
        vit_explain=gildenblat(folder, model, image, attention, gradients))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
