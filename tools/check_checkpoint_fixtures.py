#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads the files of make_checkpoint_fixtures.py into the libraries' own classes and compares the logits.

    tools/check_checkpoint_fixtures.py [file ...]

A library that cannot be imported is skipped. Needed only when the fixtures change. Last run against timm 1.0.29.dev0,
transformers 4.21.0.dev0, torchvision 0.14.1, vit-pytorch 0.35.7 (vit_pytorch_0), 1.0.0, 1.4.0 and 1.23.6.
"""
import json
import struct
import sys

import numpy as np
import torch

from make_checkpoint_fixtures import FOLDER


def main() -> None:
    expected = json.loads((FOLDER / "expected.json").read_text())
    pictures = torch.from_numpy(np.load(FOLDER / expected["input"])).double()
    failed = 0
    for case in expected["cases"]:
        build = BUILDERS.get(case["file"].removesuffix(".safetensors"))
        if build is None or (sys.argv[1:] and case["file"] not in sys.argv[1:]):
            continue
        try:
            model = build(case["config"])
        except ImportError as error:
            print(f"{case['file']}: skipped, {error}")
            continue
        model.load_state_dict(read_safetensors(case["file"]))
        with torch.no_grad():
            output = model.double().eval()(pictures)
        difference = (getattr(output, "logits", output) - torch.tensor([case["logits"]])).abs().max().item()
        failed += difference > 1e-5
        print(f"{case['file']}: largest difference {difference:.1e}")
    sys.exit(failed > 0)


def read_safetensors(file: str) -> dict[str, torch.Tensor]:
    data = (FOLDER / file).read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        begin, end = (start + offset for offset in entry["data_offsets"])
        tensors[name] = torch.from_numpy(np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy())
    return tensors


def timm_model(config):
    from timm.models.deit import VisionTransformerDistilled
    from timm.models.vision_transformer import VisionTransformer
    model = VisionTransformerDistilled if config["distilled"] else VisionTransformer
    return model(img_size=config["image_size"], patch_size=config["patch_size"], num_classes=config["classes"],
                 embed_dim=config["dim"], depth=config["depth"], num_heads=config["heads"],
                 mlp_ratio=config["mlp_ratio"])


def transformers_model(config):
    from transformers import (DeiTConfig, DeiTForImageClassificationWithTeacher, ViTConfig,
                              ViTForImageClassification)
    kind, model = ((DeiTConfig, DeiTForImageClassificationWithTeacher) if config["distilled"]
                   else (ViTConfig, ViTForImageClassification))
    return model(kind(image_size=config["image_size"], patch_size=config["patch_size"],
                      hidden_size=config["dim"], num_hidden_layers=config["depth"],
                      num_attention_heads=config["heads"], intermediate_size=hidden(config),
                      layer_norm_eps=config["norm_eps"], num_labels=config["classes"]))


def torchvision_model(config):
    from torchvision.models import VisionTransformer
    return VisionTransformer(config["image_size"], config["patch_size"], config["depth"], config["heads"],
                             config["dim"], hidden(config), num_classes=config["classes"])


def vit_pytorch_model(config):
    from vit_pytorch.vit import ViT
    return ViT(image_size=config["image_size"], patch_size=config["patch_size"], num_classes=config["classes"],
               dim=config["dim"], depth=config["depth"], heads=config["heads"], mlp_dim=hidden(config),
               dim_head=config["dim"] // config["heads"])


def hidden(config) -> int:
    return int(config["dim"] * config["mlp_ratio"])


BUILDERS = {
    "timm": timm_model, "timm_distilled": timm_model, "hf_vit": transformers_model, "hf_deit": transformers_model,
    "torchvision": torchvision_model, "vit_pytorch_0": vit_pytorch_model, "vit_pytorch_1_0": vit_pytorch_model,
    "vit_pytorch_1": vit_pytorch_model, "vit_pytorch_1_23": vit_pytorch_model,
}

if __name__ == "__main__":
    main()
