#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/spectformer/: what SpectFormers compute, by the official code in float64.

    apt install python3-torch
    git clone https://github.com/badripatro/SpectFormers && git -C SpectFormers checkout b6cf487a0ea7
    tools/make_spectformer_goldens.py SpectFormers

They cover what the two official golden files do not: the vanilla tiny model with four heads, an odd grid, the larger
hierarchical models, and the smallest without token labels. Weights and inputs follow the rule of shared/golden/README.md.
The official code is read, not changed, but for what float64 needs: its cast to float32 before the transforms becomes one to
float64. The few names that it imports of timm and pytorch_wavelets, none of which computes anything at inference, are
stood in for.
"""
import json
import subprocess
import sys
import types
from pathlib import Path

import torch

from make_vit_goldens import capture, rule

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/spectformer"
COMMIT = "b6cf487a0ea7"


def parameter(name: str, shape: tuple) -> torch.Tensor:
    """The rule for parameters and running statistics."""
    r = rule(name, tuple(shape))
    if len(shape) == 1:
        return 1 + 0.5 * r if name.endswith("running_var") else 1 + 0.2 * r if name.endswith("weight") else 0.2 * r
    is_matrix = name.endswith("weight") and not name.endswith("complex_weight")
    return r * (3 * shape[0] / r.numel()) ** 0.5 if is_matrix else 0.5 * r


def stand_in() -> None:
    """Modules with the names that the official code imports."""
    class DropPath(torch.nn.Identity):
        def __init__(self, _rate: float = 0.0) -> None:
            super().__init__()

    parts = {
        "timm": {}, "timm.models": {}, "timm.data": dict(IMAGENET_DEFAULT_MEAN=(0, 0, 0), IMAGENET_DEFAULT_STD=(1, 1, 1)),
        "timm.models.layers": dict(DropPath=DropPath, to_2tuple=lambda n: (n, n), trunc_normal_=torch.nn.init.trunc_normal_),
        "timm.models.registry": dict(register_model=lambda fn: fn),
        "timm.models.vision_transformer": dict(_cfg=dict),
        "pytorch_wavelets": dict(DWTForward=None, DWTInverse=None),
    }
    for name, names in parts.items():
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(names)


def official(repository: str, form: str) -> dict:
    """What the official file of a form defines."""
    text = subprocess.run(["git", "-C", repository, "show", f"{COMMIT}:{form}_architecture/spectformer.py"], check=True,
                          capture_output=True, text=True).stdout
    defined = {"__name__": form}
    exec(compile(text.replace("x.to(torch.float32)", "x.to(torch.float64)"), form, "exec"), defined)
    return defined


def golden(name: str, config: dict, model: torch.nn.Module, captured) -> dict:
    """The golden file of a model: the outputs of the modules that captured(name) wants, and all patterns."""
    model.eval().double()
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if not key.endswith("num_batches_tracked"):
                value.copy_(parameter(key, value.shape))
    captures, inside = {}, []
    softmax = torch.Tensor.softmax

    def shown_softmax(x: torch.Tensor, dim: int) -> torch.Tensor:
        pattern = softmax(x, dim)
        captures[f"{inside[-1]}.attn_drop"] = capture(pattern)
        return pattern

    def leave(path: str):
        def hook(_module, _inputs, output) -> None:
            if path.endswith(".attn"):
                inside.pop()
            x = output[0] if isinstance(output, tuple) else output
            is_vector = path == "norm4" and x.ndim == 2  # without token labels the code norms the class token alone
            if captured(path) and not is_vector:  # feature maps as tokens, as Fovea shows them
                captures["embed" if path == "pos_drop" else path] = capture(x.flatten(2).mT if x.ndim == 4 else x)
        return hook

    for path, module in model.named_modules():
        if path.endswith(".attn"):
            module.register_forward_pre_hook(lambda _module, _inputs, path=path: inside.append(path))
        module.register_forward_hook(leave(path))
    torch.Tensor.softmax = shown_softmax
    side = config["image_size"]
    with torch.no_grad():
        output = model(rule("input", (1, 3, side, side)))
    torch.Tensor.softmax = softmax
    return dict(model=f"badripatro/SpectFormers @ {COMMIT}, {name}", config=config, input_shape=[1, 3, side, side],
                captures=captures, output=capture(output))


def vanilla(repository: str, config: dict) -> torch.nn.Module:
    model = official(repository, "vanilla")["SpectFormer"](
        img_size=config["image_size"], patch_size=config["patch_size"], embed_dim=config["dim"], depth=config["depth"],
        num_classes=config["classes"])
    for block in model.blocks:  # the code has six heads for any width
        if hasattr(block, "attn"):
            block.attn.num_heads, block.attn.scale = config["heads"], (config["dim"] // config["heads"]) ** -0.5
    return model


def is_of_vanilla(path: str) -> bool:
    return path in ("patch_embed", "pos_drop", "norm") or path.startswith("blocks.") and path.split(".")[-1] in (
        "norm1", "filter", "norm2", "mlp", "attn", *map(str, range(19)))


def is_of_hierarchical(path: str) -> bool:
    first, *rest = path.split(".")
    return (first in ("head", "aux_head") or first.startswith(("patch_embed", "norm")) and not rest
            or first == "patch_embed1" and rest[-1] in "258"
            or first.startswith(("block", "post")) and (len(rest) == 1 or rest[1:] == ["attn"])
            or first in ("block1", "block4", "post_network") and rest[:1] == ["0"] and rest[1:] in (
                ["norm1"], ["norm2"], ["mlp"], ["mlp", "dwconv"]))


def main() -> None:
    repository = sys.argv[1]
    stand_in()
    hierarchical = official(repository, "hierarchical")
    plain = dict(form="vanilla", image_size=224, patch_size=16, dim=256, depth=12, heads=4, classes=1000)
    staged = dict(form="hierarchical", image_size=224, classes=1000)
    files = {
        "ti": lambda: golden("spectformer-ti, 4 heads", plain, vanilla(repository, plain), is_of_vanilla),
        "odd_grid": lambda: golden("a small vanilla model on 7 x 7 patches", small, vanilla(repository, small), is_of_vanilla),
        "h_s_without_token_label": lambda: golden(
            "spectformer_s, token_label=False", dict(staged, token_label=False),
            hierarchical["spectformer_s"](token_label=False), is_of_hierarchical),
        "h_b": lambda: golden("spectformer_b", dict(staged, stem_dim=64, dims="64,128,320,512", depths="3,4,12,3"),
                              hierarchical["spectformer_b"](), is_of_hierarchical),
        "h_l": lambda: golden("spectformer_l", dict(staged, stem_dim=64, dims="96,192,384,512", depths="3,6,18,3"),
                              hierarchical["spectformer_l"](), is_of_hierarchical),
    }
    small = dict(plain, image_size=56, patch_size=8, dim=24, depth=6, heads=3, classes=11)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in files.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(make(), indent=None) + "\n")


if __name__ == "__main__":
    main()
