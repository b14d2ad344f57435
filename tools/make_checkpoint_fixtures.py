#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/checkpoints/: one tiny ViT under the parameter names of several libraries.

    apt install python3-torch python3-h5py
    tools/make_checkpoint_fixtures.py

All files hold the same random weights, as far as the library has a place for them; distilled models have a table of
positions of their own. `expected.json` lists the cases: the file, the naming, the config that belongs to it, whether
the plugin `vit` has a place for everything in it, and the logits that PyTorch computes in float64 for `input.npy`
[1, 3, 8, 8]. One file appears twice, because its names do not say which of two models it is. The names were read in the
libraries' sources; check_checkpoint_fixtures.py loads the files into the real classes.
"""
import json
import struct
from dataclasses import asdict, replace
from pathlib import Path
from zlib import crc32

import h5py
import numpy as np
import torch
from torch import nn

from micro_vit import Config, VisionTransformer

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/checkpoints"
CONFIG = Config(image_size=8, patch_size=4, in_chans=3, dim=12, depth=2, heads=3, mlp_ratio=4.0, classes=5)
State = dict[str, torch.Tensor]


def main() -> None:
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    pictures = random_tensor((1, 3, 8, 8), seed=100)
    np.save(FOLDER / "input.npy", pictures.numpy())
    state = random_state(CONFIG)
    cases = [{"file": file, "naming": naming, "fits": fits, "config": asdict(config),
              "logits": model.double().eval()(pictures.double()).flatten().float().tolist()}
             for family in [timm_cases, distilled_cases, transformers_cases, torch_cases, vit_pytorch_cases]
             for file, naming, config, model, fits in family(state)]
    (FOLDER / "expected.json").write_text(json.dumps({"input": "input.npy", "cases": cases}, indent=1) + "\n")


# Cases: file, naming, config, model, whether the plugin can hold all of it

def timm_cases(state: State):
    write_safetensors("timm.safetensors", state)
    write_flat_hdf5("timm_flat.h5", state)
    write_nested_hdf5("timm_nested.h5", state)
    for file in ["timm.safetensors", "timm_flat.h5", "timm_nested.h5"]:
        yield file, "timm", CONFIG, with_state(CONFIG, state), True
    write_safetensors("torchvision.safetensors", torchvision_names(state))
    yield "torchvision.safetensors", "torchvision", CONFIG, with_state(CONFIG, state), True


def distilled_cases(_):
    config = replace(CONFIG, distilled=True)
    state = random_state(config)
    write_safetensors("timm_distilled.safetensors", state)
    yield "timm_distilled.safetensors", "timm", config, with_state(config, state), True
    config = replace(config, norm_eps=1e-12)
    write_safetensors("hf_deit.safetensors", hugging_face_names(state, "deit"))
    yield "hf_deit.safetensors", "transformers", config, with_state(config, state), True


def transformers_cases(state: State):
    config = replace(CONFIG, norm_eps=1e-12)
    write_safetensors("hf_vit.safetensors", hugging_face_names(state, "vit"))
    yield "hf_vit.safetensors", "transformers", config, with_state(config, state), True


def torch_cases(state: State):
    """One file, two models: PyTorch's defaults are norms after each part and ReLU."""
    renamed = torch_encoder_names(state)
    write_safetensors("torch_encoder.safetensors", renamed)
    modern = replace(CONFIG, norm_eps=1e-5)
    for config in [modern, replace(modern, pre_norm=False, activation="relu")]:
        model = TorchEncoderVit(config)
        model.load_state_dict(renamed)
        yield "torch_encoder.safetensors", "torch.nn.TransformerEncoder", config, model, True


def vit_pytorch_cases(state: State):
    config = replace(CONFIG, norm_eps=1e-5, qkv_bias=False)
    state = {name: value for name, value in state.items() if not name.endswith("qkv.bias")}
    write_safetensors("vit_pytorch_0.safetensors", vit_pytorch_0_names(state))
    yield "vit_pytorch_0.safetensors", "vit-pytorch before 1.0", config, with_state(config, state), True
    patch_norms = random_patch_norms()
    config = replace(config, patch_norm=True)
    model = with_state(config, state)
    model.patch_embed = NormedPatchEmbed(state, patch_norms)
    for file, naming, names in [("vit_pytorch_1_0.safetensors", "vit-pytorch 1.0", vit_pytorch_1_0_names),
                                ("vit_pytorch_1.safetensors", "vit-pytorch 1.4", vit_pytorch_1_names),
                                ("vit_pytorch_1_23.safetensors", "vit-pytorch 1.23", vit_pytorch_1_23_names)]:
        write_safetensors(file, names(state, patch_norms))
        yield file, naming, config, model, True


# Models

def random_tensor(shape, seed: int, deviation: float = 1.0, mean: float = 0.0) -> torch.Tensor:
    return mean + deviation * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def random_state(config: Config) -> State:
    """Weights large enough that every one of them shows in the logits."""
    state = {}
    for name, value in VisionTransformer(config).state_dict().items():
        is_norm = "norm" in name and name.endswith("weight")
        state[name] = random_tensor(value.shape, crc32(name.encode()), 0.3, 1.0 if is_norm else 0.0)
    return state


def with_state(config: Config, state: State) -> VisionTransformer:
    model = VisionTransformer(config)
    model.load_state_dict(state)
    return model


class TorchEncoderVit(nn.Module):
    """How many write a ViT by hand: the parts around torch.nn.TransformerEncoder."""

    def __init__(self, config: Config):
        super().__init__()
        self.patch_embed = nn.Conv2d(config.in_chans, config.dim, config.patch_size, config.patch_size)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, config.dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, config.tokens, config.dim))
        layer = nn.TransformerEncoderLayer(
            config.dim, config.heads, int(config.dim * config.mlp_ratio), activation=config.activation,
            layer_norm_eps=config.norm_eps, batch_first=True, norm_first=config.pre_norm)
        self.encoder = nn.TransformerEncoder(layer, config.depth, nn.LayerNorm(config.dim, config.norm_eps),
                                             enable_nested_tensor=False)
        self.head = nn.Linear(config.dim, config.classes)

    def forward(self, pictures):
        x = self.patch_embed(pictures).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1) + self.pos_embed
        return self.head(self.encoder(x)[:, 0])


def random_patch_norms() -> State:
    values = CONFIG.in_chans * CONFIG.patch_size ** 2
    return {"before.weight": random_tensor(values, 200, 0.3, 1.0), "before.bias": random_tensor(values, 201, 0.3),
            "after.weight": random_tensor(CONFIG.dim, 202, 0.3, 1.0), "after.bias": random_tensor(CONFIG.dim, 203, 0.3)}


class NormedPatchEmbed(nn.Module):
    """Patch values, LayerNorm, Linear, LayerNorm: vit-pytorch since 1.0."""

    def __init__(self, state: State, norms: State):
        super().__init__()
        self.linear = nn.Linear(48, CONFIG.dim)
        self.before, self.after = nn.LayerNorm(48), nn.LayerNorm(CONFIG.dim)
        self.load_state_dict({"linear.weight": channels_last(state["patch_embed.proj.weight"]),
                              "linear.bias": state["patch_embed.proj.bias"], **norms})

    def forward(self, pictures):
        b, channels, height, width = pictures.shape
        p = CONFIG.patch_size
        patches = pictures.view(b, channels, height // p, p, width // p, p).permute(0, 2, 4, 3, 5, 1)
        return self.after(self.linear(self.before(patches.reshape(b, -1, channels * p * p))))


# Names

def rename(state: State, pairs: list[tuple[str, str]], dropped: tuple[str, ...] = ()) -> State:
    """Replaces parts of names, in the order given."""
    renamed = {}
    for name, value in state.items():
        if not name.endswith(dropped):
            for old, new in pairs:
                name = name.replace(old, new)
            renamed[name] = value
    return renamed


def hugging_face_names(state: State, prefix: str) -> State:
    """ViTForImageClassification ("vit") or DeiTForImageClassificationWithTeacher ("deit")."""
    heads = {"vit": [("head.", "classifier.")],
             "deit": [("head_dist.", "distillation_classifier."), ("head.", "cls_classifier.")]}[prefix]
    renamed = rename(state, heads + [
        ("cls_token", f"{prefix}.embeddings.cls_token"),
        ("dist_token", f"{prefix}.embeddings.distillation_token"),
        ("pos_embed", f"{prefix}.embeddings.position_embeddings"),
        ("patch_embed.proj", f"{prefix}.embeddings.patch_embeddings.projection"),
        ("blocks.", f"{prefix}.encoder.layer."),
        (".norm1.", ".layernorm_before."), (".norm2.", ".layernorm_after."),
        (".attn.proj.", ".attention.output.dense."),
        (".mlp.fc1.", ".intermediate.dense."), (".mlp.fc2.", ".output.dense."),
    ], dropped=("qkv.weight", "qkv.bias", "norm.weight", "norm.bias"))
    for kind in ["weight", "bias"]:
        renamed[f"{prefix}.layernorm.{kind}"] = state[f"norm.{kind}"]
        for i in range(CONFIG.depth):
            parts = state[f"blocks.{i}.attn.qkv.{kind}"].chunk(3)
            for part, value in zip(["query", "key", "value"], parts):
                renamed[f"{prefix}.encoder.layer.{i}.attention.attention.{part}.{kind}"] = value
    return renamed


def torchvision_names(state: State) -> State:
    return rename(state, [
        ("cls_token", "class_token"), ("pos_embed", "encoder.pos_embedding"), ("patch_embed.proj", "conv_proj"),
        ("head.", "heads.head."), ("blocks.", "encoder.layers.encoder_layer_"),
        (".norm1.", ".ln_1."), (".norm2.", ".ln_2."),
        (".attn.qkv.", ".self_attention.in_proj_"), (".attn.proj.", ".self_attention.out_proj."),
        (".mlp.fc1.", ".mlp.0."), (".mlp.fc2.", ".mlp.3."), ("norm.", "encoder.ln."),
    ])


def torch_encoder_names(state: State) -> State:
    return rename(state, [
        ("patch_embed.proj", "patch_embed"), (".attn.qkv.", ".self_attn.in_proj_"),
        (".attn.proj.", ".self_attn.out_proj."), (".mlp.fc1.", ".linear1."), (".mlp.fc2.", ".linear2."),
        ("norm.", "encoder.norm."), ("blocks.", "encoder.layers."),
    ])


def channels_last(weight: torch.Tensor) -> torch.Tensor:
    """A convolution [C, channels, p, p] as a matrix on patches stored row, column, channel."""
    return weight.permute(0, 2, 3, 1).reshape(len(weight), -1)


def vit_pytorch_0_names(state: State) -> State:
    renamed = rename(state, [
        ("pos_embed", "pos_embedding"), ("patch_embed.proj.", "to_patch_embedding.1."),
        (".norm1.", ".0.norm."), (".attn.qkv.", ".0.fn.to_qkv."), (".attn.proj.", ".0.fn.to_out.0."),
        (".norm2.", ".1.norm."), (".mlp.fc1.", ".1.fn.net.0."), (".mlp.fc2.", ".1.fn.net.3."),
        ("blocks.", "transformer.layers."), ("head.", "mlp_head.1."),
    ], dropped=("norm.weight", "norm.bias"))
    renamed["mlp_head.0.weight"], renamed["mlp_head.0.bias"] = state["norm.weight"], state["norm.bias"]
    renamed["to_patch_embedding.1.weight"] = channels_last(state["patch_embed.proj.weight"])
    return renamed


def vit_pytorch_1_0_names(state: State, norms: State) -> State:
    """As before 1.0, but the linear layer is the third of to_patch_embedding, between two norms."""
    renamed = rename(vit_pytorch_0_names(state), [("to_patch_embedding.1.", "to_patch_embedding.2.")])
    return renamed | to_patch_embedding(norms)


def vit_pytorch_1_names(state: State, norms: State) -> State:
    renamed = rename(state, [
        ("pos_embed", "pos_embedding"), ("patch_embed.proj.", "to_patch_embedding.2."),
        (".norm1.", ".0.norm."), (".attn.qkv.", ".0.to_qkv."), (".attn.proj.", ".0.to_out.0."),
        (".norm2.", ".1.net.0."), (".mlp.fc1.", ".1.net.1."), (".mlp.fc2.", ".1.net.4."),
        ("blocks.", "transformer.layers."), ("head.", "mlp_head."),
    ], dropped=("norm.weight", "norm.bias"))
    renamed["transformer.norm.weight"], renamed["transformer.norm.bias"] = state["norm.weight"], state["norm.bias"]
    renamed["to_patch_embedding.2.weight"] = channels_last(state["patch_embed.proj.weight"])
    return renamed | to_patch_embedding(norms)


def vit_pytorch_1_23_names(state: State, norms: State) -> State:
    """As 1.4; the token and the positions have lost their leading axis."""
    return {name: value[0] if name in ("cls_token", "pos_embedding") else value
            for name, value in vit_pytorch_1_names(state, norms).items()}


def to_patch_embedding(norms: State) -> State:
    return rename(norms, [("before.", "to_patch_embedding.1."), ("after.", "to_patch_embedding.3.")])


# Files

def write_safetensors(file: str, state: State) -> None:
    """Header length (8 bytes, little endian), JSON header padded to 8 bytes, values."""
    header, blobs, offset = {}, [], 0
    for name, value in sorted(state.items()):
        blob = value.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / file).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def write_flat_hdf5(file: str, state: State) -> None:
    with h5py.File(FOLDER / file, "w") as out:
        for name, value in state.items():
            out[name] = value.numpy()


def write_nested_hdf5(file: str, state: State) -> None:
    """A group for each part of the name."""
    with h5py.File(FOLDER / file, "w") as out:
        for name, value in state.items():
            out[name.replace(".", "/")] = value.numpy()


if __name__ == "__main__":
    main()
