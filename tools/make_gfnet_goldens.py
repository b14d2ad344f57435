#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/gfnet/: what the official code of GFNet computes, in PyTorch and float64.

    apt install python3-torch
    git clone https://github.com/raoyongming/GFNet && tools/make_gfnet_goldens.py GFNet/gfnet.py

Made with commit 2de48b626ea8. They cover what shared/golden does not: the hierarchical model, odd grids, and filters and
positions that are resized as main_gfnet.py --finetune does. Weights and inputs follow the rule of
shared/golden/README.md; the official forward's cast to float32 is a cast to float64 here.
"""
import importlib.util
import json
import sys
import types
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from make_vit_goldens import capture, parameter, rule

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/gfnet"
MODULES = ("PatchEmbed", "DownLayer", "LayerNorm", "GlobalFilter", "Mlp", "Block", "BlockLayerScale")
CASES = {  # class, arguments of its constructor, Fovea's config
    "gfnet-h-ti": ("GFNetPyramid", dict(patch_size=4, embed_dim=[64, 128, 256, 512], depth=[3, 3, 10, 3]),
                   dict(patch_size=4, dims="64,128,256,512", depths="3,3,10,3", layer_scale=1e-3)),
    "odd_grids": ("GFNetPyramid", dict(img_size=88, patch_size=4, num_classes=11, embed_dim=[8, 12, 18, 20],
                                       depth=[1, 2, 1, 1], mlp_ratio=[4, 2, 3, 4]),  # grids of 22, 11, 5 and 2
                  dict(image_size=88, patch_size=4, classes=11, dims="8,12,18,20", depths="1,2,1,1",
                       mlp_ratios="4,2,3,4", layer_scale=1e-3)),
    "plain_blocks": ("GFNetPyramid", dict(img_size=32, patch_size=4, num_classes=5, embed_dim=[6, 8, 10, 12],
                                          depth=[1, 1, 1, 1], no_layerscale=True),
                     dict(image_size=32, patch_size=4, classes=5, dims="6,8,10,12", depths="1,1,1,1")),
    "odd_grid": ("GFNet", dict(img_size=28, patch_size=4, in_chans=1, num_classes=10, embed_dim=22, depth=2),
                 dict(image_size=28, patch_size=4, in_chans=1, classes=10, dims="22", depths="2")),
}


def official(path: str) -> types.ModuleType:
    """gfnet.py, with stand-ins for the few names of timm that it imports."""
    class Nothing(torch.nn.Module):
        def __init__(self, *_):
            super().__init__()

        def forward(self, x):
            return x

    data, layers = types.ModuleType("timm.data"), types.ModuleType("timm.models.layers")
    data.IMAGENET_DEFAULT_MEAN = data.IMAGENET_DEFAULT_STD = ()
    layers.DropPath, layers.to_2tuple, layers.trunc_normal_ = Nothing, lambda x: (x, x), torch.nn.init.trunc_normal_
    sys.modules.update({"timm": types.ModuleType("timm"), "timm.data": data, "timm.models.layers": layers,
                        "timm.models": types.ModuleType("timm.models")})
    spec = importlib.util.spec_from_file_location("gfnet", path)
    module = importlib.util.module_from_spec(spec)
    source = Path(path).read_text().replace("x.to(torch.float32)", "x.to(torch.float64)")
    exec(compile(source, path, "exec"), module.__dict__)
    return module


def value(name: str, shape: tuple) -> torch.Tensor:
    return 0.5 * rule(name, shape) if name.endswith("complex_weight") else parameter(name, *shape)


def golden(code: types.ModuleType, name: str) -> dict:
    kind, arguments, config = CASES[name]
    model = getattr(code, kind)(norm_layer=partial(torch.nn.LayerNorm, eps=1e-6), **arguments).double().eval()
    with torch.no_grad():
        for key, tensor in model.named_parameters():
            tensor.copy_(value(key, tuple(tensor.shape)))
    captures = {}
    for key, module in model.named_modules():
        if type(module).__name__ in MODULES or key in ("blocks.0", "blocks.1", "blocks.2", "blocks.3"):
            module.register_forward_hook(lambda _, __, out, key=key: captures.update({key: capture(out)}))
    shape = (1, arguments.get("in_chans", 3), arguments.get("img_size", 224), arguments.get("img_size", 224))
    with torch.no_grad():
        output = capture(model(rule("input", shape)))
    return dict(model=f"tools/make_gfnet_goldens.py {name}", params=sum(p.numel() for p in model.parameters()),
                config=config, input_shape=shape, captures=captures, output=output)


def resized() -> dict:
    """Positions and filters of a GFNet of 12 x 12 patches, for other grids, as main_gfnet.py resizes them."""
    captures = {}
    for side in (7, 13, 24):
        positions = value("pos_embed", (1, 144, 6)).reshape(-1, 12, 12, 6).permute(0, 3, 1, 2)
        positions = F.interpolate(positions, size=(side, side), mode="bicubic", align_corners=False)
        captures[f"{side}.pos_embed"] = capture(positions.permute(0, 2, 3, 1).flatten(1, 2))
        weight = value("blocks.0.filter.complex_weight", (12, 7, 6, 2)).reshape(1, 12, 7, 12).permute(0, 3, 1, 2)
        weight = F.interpolate(weight, size=(side, side // 2 + 1), mode="bicubic", align_corners=True)
        captures[f"{side}.blocks.0.filter.complex_weight"] = capture(weight.permute(0, 2, 3, 1))
    return dict(model="tools/make_gfnet_goldens.py resized", input_shape=[1], captures=captures,
                output=captures["7.pos_embed"])


def main() -> None:
    code = official(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {name: golden(code, name) for name in CASES} | {"resized": resized()}
    for name, content in files.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
