#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/{evit,tome,dynamic_vit}/: what the official codes compute, in PyTorch and float64.

    apt install python3-torch
    git clone https://github.com/youweiliang/evit && git clone https://github.com/facebookresearch/ToMe
    git clone https://github.com/raoyongming/DynamicViT && tools/make_token_reduction_goldens.py .

Made with commits 5ca95a7 (evit), af95e4b (ToMe) and 1322e62 (DynamicViT). Weights and inputs follow the rule of
shared/golden/README.md. The official code is read, not changed, but for two numbers that it has for 224 pixels alone:
DynamicViT's count of patches, 14 * 14, becomes the model's. timm is not needed: of the names that are imported of it only
to_2tuple and trunc_normal_ do something here; ToMe, which patches timm's VisionTransformer, patches the one of this file,
written from the papers with timm's names (qkv, proj, scale, norm1, drop_path, ...). torchprofile, tqdm and tensorboardX are
empty.

ToMe keeps its tokens in an order that matters to its next block; Fovea has the same. EViT and DynamicViT sort the
survivors by score, which matters to nothing: captures behind a stage are put into the picture's order, as Fovea has
them, with the fused token at the end.
"""
import importlib
import json
import math
import sys
import types
from functools import partial
from pathlib import Path

import torch
from torch import nn

from make_vit_goldens import capture, parameter, rule

FIXTURES = Path(__file__).resolve().parent.parent / "tests/fixtures"
SMALL = dict(image_size=40, patch_size=5, in_chans=3, dim=24, depth=4, heads=3, classes=11)  # 8 x 8 patches
DEIT = dict(image_size=224, patch_size=16, in_chans=3, dim=384, depth=12, heads=6, classes=1000)
EVIT = {
    "fused": dict(SMALL, drop_at="1,2,3", keep_rate=0.7, fuse=True),
    "dropped": dict(SMALL, drop_at="1,3", keep_rate=0.5, fuse=False),
    "deit_small": dict(DEIT, drop_at="3,6,9", keep_rate=0.7, fuse=True),
}
TOME = {
    "small": dict(SMALL, r=7, prop_attn=True),
    "plain_attention": dict(SMALL, r=25, prop_attn=False),  # more than half of what is left
    "distilled": dict(SMALL, r=6, prop_attn=True, distilled=True),
    "mean_pool": dict(SMALL, r=6, prop_attn=True, class_token=False, pool="mean"),
    "deit_small": dict(DEIT, r=13, prop_attn=True),
}
DYNAMIC = {
    "small": dict(SMALL, drop_at="1,2,3", keep=0.7),
    "deit_small": dict(DEIT, drop_at="3,6,9", keep=0.7),
}


class Nothing(nn.Module):
    def __init__(self, *_) -> None:
        super().__init__()

    def forward(self, x):
        return x


# --- a ViT with timm's names, for ToMe to patch ---


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.num_heads, self.scale = heads, (dim // heads) ** -0.5
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.attn_drop, self.proj_drop = nn.Identity(), nn.Identity()


class Block(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.attn, self.drop_path = Attention(dim, heads), nn.Identity()
        self.mlp = nn.Sequential()
        self.mlp.fc1, self.mlp.act, self.mlp.fc2 = nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim)


class VisionTransformer(nn.Module):
    def __init__(self, c: dict) -> None:
        super().__init__()
        dim, specials = c["dim"], c.get("class_token", True) + c.get("distilled", False)
        self.pools_mean = c.get("pool") == "mean"
        self.patch_embed = nn.Sequential()
        self.patch_embed.proj = nn.Conv2d(c["in_chans"], dim, c["patch_size"], c["patch_size"])
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim)) if c.get("class_token", True) else None
        self.dist_token = nn.Parameter(torch.zeros(1, 1, dim)) if c.get("distilled") else None
        self.pos_embed = nn.Parameter(torch.zeros(1, specials + (c["image_size"] // c["patch_size"]) ** 2, dim))
        self.blocks = nn.Sequential(*(Block(dim, c["heads"]) for _ in range(c["depth"])))
        norm = nn.LayerNorm(dim, eps=1e-6)
        self.norm, self.fc_norm = (None, norm) if self.pools_mean else (norm, None)
        self.head = nn.Linear(dim, c["classes"])
        self.head_dist = nn.Linear(dim, c["classes"]) if c.get("distilled") else None

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = self.patch_embed(image).flatten(2).mT
        x = torch.cat([token for token in (self.cls_token, self.dist_token) if token is not None] + [x], 1)
        x = self.blocks(x + self.pos_embed)
        if self.pools_mean:
            return self.head(self.fc_norm(x.mean(1)))
        x = self.norm(x)
        return self.head(x[:, 0]) if self.dist_token is None else (self.head(x[:, 0]) + self.head_dist(x[:, 1])) / 2


def stand_in() -> None:
    """Modules with the names that the official codes import."""
    parts = {
        "timm": {}, "timm.models": {}, "tqdm": dict(tqdm=None), "tensorboardX": dict(SummaryWriter=None),
        "torchprofile": dict(profile_macs=None),
        "timm.data": dict(IMAGENET_DEFAULT_MEAN=(), IMAGENET_DEFAULT_STD=(), IMAGENET_INCEPTION_MEAN=(),
                          IMAGENET_INCEPTION_STD=()),
        "timm.models.helpers": dict(build_model_with_cfg=None, named_apply=None, adapt_input_conv=None,
                                    load_pretrained=None),
        "timm.models.layers": dict(DropPath=Nothing, to_2tuple=lambda n: n if isinstance(n, tuple) else (n, n),
                                   trunc_normal_=nn.init.trunc_normal_, lecun_normal_=None, StdConv2dSame=None,
                                   Mlp=None),
        "timm.utils": dict(get_state_dict=None),
        "timm.models.registry": dict(register_model=lambda fn: fn),
        "timm.models.resnet": dict(resnet26d=None, resnet50d=None),
        "timm.models.resnetv2": dict(ResNetV2=None),
        "timm.models.vision_transformer": dict(Attention=Attention, Block=Block, VisionTransformer=VisionTransformer,
                                               _cfg=dict, checkpoint_filter_fn=None, _init_vit_weights=None),
    }
    for name, names in parts.items():
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(names)


# --- capturing ---


class Watch:
    """Captures of a model's run, by module; `order` puts the tokens of the moment into the picture's order."""

    def __init__(self, model: nn.Module, modules) -> None:
        self.captures, self.inside, self.order, self.patterns = {}, [], None, {}
        for path, module in model.named_modules():
            if path.endswith(".attn"):
                module.register_forward_pre_hook(lambda _m, _i, path=path: self.inside.append(path))
            if modules(path):
                module.register_forward_hook(partial(self.leave, path))

    def leave(self, path: str, _module, _inputs, output) -> None:
        if path.endswith(".attn"):
            self.inside.pop()
        self.keep(path, output[0] if isinstance(output, tuple) else output)

    def keep(self, path: str, x: torch.Tensor, axes: tuple = (1,)) -> None:
        for axis in axes if self.order is not None and x.ndim > 2 else ():
            x = x.index_select(axis, self.order)
        self.captures[path] = capture(x)

    def run(self, model: nn.Module, image: torch.Tensor) -> torch.Tensor:
        softmax = torch.Tensor.softmax

        def shown(x: torch.Tensor, dim: int) -> torch.Tensor:
            pattern = softmax(x, dim)
            self.keep(f"{self.inside[-1]}.attn_drop", pattern, (2, 3))
            return pattern

        torch.Tensor.softmax = shown
        try:
            with torch.no_grad():
                return model(image)
        finally:
            torch.Tensor.softmax = softmax


def ruled(model: nn.Module) -> nn.Module:
    model.double().eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.copy_(parameter(name, *tensor.shape))
    return model


def inside_blocks(path: str) -> bool:
    parts = path.split(".")
    return path == "norm" or parts[0] == "blocks" and (len(parts) == 2 or len(parts) == 3 and parts[2] in (
        "norm1", "attn", "norm2", "mlp"))


def image_of(c: dict) -> tuple:
    return 1, c["in_chans"], c["image_size"], c["image_size"]


def golden(name: str, c: dict, watch: Watch, output: torch.Tensor, stages: list) -> dict:
    return dict(model=f"tools/make_token_reduction_goldens.py {name}", config=c, input_shape=image_of(c),
                captures=watch.captures, stages=stages, output=capture(output))


def stage_of(kept: list, score: torch.Tensor, gap: float) -> dict:
    """Numbers of the tokens that are left, the class token being 0; the scores of the patches that stood (of ToMe: of those
    that look for a partner, ascending); how far the last that stays is from the first that goes."""
    return dict(kept=kept, score=capture(score), gap=gap if math.isfinite(gap) else None)


def gap_of(score: torch.Tensor, count: int) -> float:
    ordered = score.flatten().sort(descending=True)[0]
    return float(ordered[count - 1] - ordered[count]) if 0 < count < len(ordered) else math.inf


def numbers_in(text: str) -> list:
    return [int(number) for number in text.split(",")]


# --- the three ---


def evit(root: Path, name: str, c: dict) -> dict:
    sys.path.insert(0, str(root / "evit"))
    import evit as official
    drop_at = numbers_in(c["drop_at"])
    rates = tuple(c["keep_rate"] if i in drop_at else 1 for i in range(c["depth"]))
    model = ruled(official.EViT(
        img_size=c["image_size"], patch_size=c["patch_size"], num_classes=c["classes"], embed_dim=c["dim"],
        depth=c["depth"], num_heads=c["heads"], keep_rate=rates, fuse_token=c["fuse"]))
    watch, stages = Watch(model, inside_blocks), []
    present = list(range(1 + model.patch_embed.num_patches))  # which token stands where; -1, -2, ..: fused ones

    def place(i: int) -> tuple:
        """Patches in the picture's order, then fused tokens in the order in which they were made."""
        return present[i] < 0, abs(present[i])

    def reorganised(_module, _inputs, output) -> None:
        nonlocal present
        _, _, idx, score, _ = output
        if idx is None:
            return
        stood = sorted((i for i in range(1, len(present)) if present[i] > 0), key=place)
        stages.append(stage_of([0] + sorted(present[i + 1] for i in idx[0].tolist() if present[i + 1] > 0),
                               score[0, [i - 1 for i in stood]], gap_of(score, idx.shape[1])))
        present = [0] + [present[i + 1] for i in idx[0].tolist()] + ([-1 - len(stages)] if c["fuse"] else [])
        watch.order = torch.tensor(sorted(range(len(present)), key=place))

    for block in model.blocks:
        block.attn.register_forward_hook(reorganised)
    output = watch.run(model, rule("input", image_of(c)))
    return golden(f"evit {name}", c, watch, output, stages)


def tome(root: Path, name: str, c: dict) -> dict:
    sys.path.insert(0, str(root / "ToMe"))
    official = importlib.import_module("tome.patch.timm")
    model = ruled(VisionTransformer(c))
    official.apply_patch(model, trace_source=True, prop_attn=c["prop_attn"])
    model.r = c["r"]
    watch, stages = Watch(model, inside_blocks), []
    specials = c.get("class_token", True) + c.get("distilled", False)
    representative = list(range(model.pos_embed.shape[1]))
    matching = official.bipartite_soft_matching

    def watched_matching(metric, r, class_token, distill_token):
        nonlocal representative
        merge, unmerge = matching(metric, r, class_token, distill_token)
        # of a merged token the one at an odd place speaks: all but those are sent through the merge alone
        places = torch.arange(metric.shape[1], dtype=torch.float64)[None, :, None]
        tagged = torch.where(places % 2 == 1, places + 1e6, places)
        after = merge(tagged, mode="amax")[0, :, 0]
        representative = [representative[int(place % 1e6)] for place in after.tolist()]
        unit = metric / metric.norm(dim=-1, keepdim=True)
        scores = unit[:, ::2] @ unit[:, 1::2].mT
        if class_token:
            scores[:, 0] = -math.inf
        if distill_token:
            scores[:, :, 0] = -math.inf
        best = scores.max(-1)[0][0]
        best = best[torch.isfinite(best)].sort()[0]
        merged = metric.shape[1] - len(after)
        stages.append(stage_of(sorted(representative), best, gap_of(best, merged)))
        return merge, unmerge

    official.bipartite_soft_matching = watched_matching
    try:
        output = watch.run(model, rule("input", image_of(c)))
    finally:
        official.bipartite_soft_matching = matching
    source = model._tome_info["source"][0]
    assert specials == 0 or source[0].sum() == 1
    sizes = model._tome_info["size"][0, :, 0]
    return golden(f"tome {name}", c, watch, output, stages) | dict(
        sizes=[int(round(float(size))) for size in sizes],
        sources=[[int(i) for i in row.nonzero().flatten()] for row in source])


def dynamic_vit(root: Path, name: str, c: dict) -> dict:
    sys.path.insert(0, str(root / "DynamicViT"))
    sys.modules.pop("utils", None)  # EViT has one too
    path = root / "DynamicViT/models/dyvit.py"
    text = path.read_text()
    assert "init_n = 14 * 14" in text
    official = {"__name__": "dyvit"}
    exec(compile(text.replace("init_n = 14 * 14", "init_n = self.patch_embed.num_patches"), str(path), "exec"), official)
    locations = numbers_in(c["drop_at"])
    model = ruled(official["VisionTransformerDiffPruning"](
        img_size=c["image_size"], patch_size=c["patch_size"], num_classes=c["classes"], embed_dim=c["dim"],
        depth=c["depth"], num_heads=c["heads"], pruning_loc=locations,
        token_ratio=[c["keep"] ** (i + 1) for i in range(len(locations))]))
    watch, stages = Watch(model, inside_blocks), []
    present = list(range(1 + model.patch_embed.num_patches))
    select = official["batch_index_select"]

    def watched_select(x, idx):
        nonlocal present
        if x.shape[1] == len(present) and x.shape[-1] == c["dim"]:
            present = [present[i] for i in idx[0].tolist()]
            watch.order = torch.tensor(sorted(range(len(present)), key=lambda i: present[i]))
            stages[-1]["kept"] = sorted(present)
        return select(x, idx)

    def predicted(_module, _inputs, output) -> None:
        score = output[0, :, 0]
        in_order = sorted(range(len(score)), key=lambda i: present[i + 1])
        count = int(model.patch_embed.num_patches * c["keep"] ** (len(stages) + 1))
        stages.append(stage_of([], score[in_order].exp(), gap_of(score, count)))

    official["batch_index_select"] = watched_select
    for predictor in model.score_predictor:
        predictor.register_forward_hook(predicted)
    output = watch.run(model, rule("input", image_of(c)))
    return golden(f"dynamic_vit {name}", c, watch, output, stages)


def main() -> None:
    root = Path(sys.argv[1])
    stand_in()
    for make, cases in ((evit, EVIT), (tome, TOME), (dynamic_vit, DYNAMIC)):
        folder = FIXTURES / make.__name__
        folder.mkdir(parents=True, exist_ok=True)
        for name, config in cases.items():
            content = make(root, name, config)
            print(make.__name__, name, [f"{len(stage['kept'])} left, gap {stage['gap'] or math.inf:.1e}" for stage in content["stages"]])
            (folder / f"{name}.json").write_text(json.dumps(content, indent=None) + "\n")


if __name__ == "__main__":
    main()
