#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fixtures/word_lm/: what word-level language models compute, in PyTorch and float64.

    apt install python3-torch
    tools/make_word_lm_goldens.py

encoder: torch.nn's own embedding, TransformerEncoder and linear, put together as PyTorch's word-language-model example (and
figure 7 of Scan and Snap) has them. original and yz: written from shared/reference/scan_and_snap.md, sections 1 and 8. Of
`original` the script itself makes sure that a causal mask gives, with one layer, what the official model says of each
prefix. Weights follow the rule of shared/golden/README.md; ids are floor(vocab (r + 1) / 2) of the rule's numbers `input`.
NAME.gradients.json holds the parameters' gradients of `cotangent` . logits.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from make_vit_goldens import capture, parameter, rule
from torch import nn

FOLDER = Path(__file__).resolve().parent.parent / "tests/fixtures/word_lm"
TINY = dict(vocab=29, length=9, dim=12, hidden=20, layers=1, heads=1)
CASES = {
    "encoder_1": dict(form="encoder"),
    "encoder_3": dict(form="encoder", layers=3, heads=3),
    "encoder_figure_7": dict(form="encoder", vocab=1000, length=35, dim=200, hidden=200),
    "encoder_without_positions": dict(form="encoder", positions=False),
    "original_1": dict(form="original", heads=2, norm=False, mlp=False),
    "original_2": dict(form="original", heads=2, layers=2),
    "original_bare": dict(form="original", residual=False, norm=False),
    "yz_1": dict(form="yz"),
    "yz_3": dict(form="yz", layers=3),
    "yz_softmax": dict(form="yz", layers=2, between="softmax", residual=False),
    "yz_sigmoid": dict(form="yz", layers=2, between="sigmoid", norm=False),
}
WITH_GRADIENTS = ("encoder_1", "encoder_3", "original_2", "yz_1", "yz_3", "yz_softmax", "yz_sigmoid")


def masked(n: int) -> torch.Tensor:
    """True where a query (row) must not look."""
    return torch.ones(n, n, dtype=torch.bool).triu(1)


class Weights:
    """The rule's parameters, with gradients; each is made when it is asked for first."""

    def __init__(self):
        self.all = {}

    def __call__(self, name: str, *shape: int) -> torch.Tensor:
        if name not in self.all:
            self.all[name] = parameter(name, *shape).requires_grad_()
        return self.all[name]


class Encoder(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        self.c = c
        self.encoder = nn.Embedding(c["vocab"], c["dim"])
        layer = nn.TransformerEncoderLayer(c["dim"], c["heads"], c["hidden"], 0.0, batch_first=True)
        self.transformer_encoder = nn.TransformerEncoder(layer, c["layers"])
        self.decoder = nn.Linear(c["dim"], c["vocab"])

    def forward(self, ids: torch.Tensor, show) -> torch.Tensor:
        n, dim = ids.shape[1], self.c["dim"]
        x = self.encoder(ids) * math.sqrt(dim)
        if self.c.get("positions", True):
            place = torch.arange(n, dtype=torch.float64)[:, None]
            angle = place * 10000.0 ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)
            x = x + torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1)
        show("embed", x)
        for i, layer in enumerate(self.transformer_encoder.layers):
            path = f"transformer_encoder.layers.{i}"
            hooks = [module.register_forward_hook(lambda _, __, out, key=key: show(f"{path}.{key}", out))
                     for key, module in (("norm1", layer.norm1), ("linear2", layer.linear2))]
            out, pattern = layer.self_attn(x, x, x, attn_mask=masked(n), average_attn_weights=False)
            show(f"{path}.self_attn", out)
            show(f"{path}.self_attn.attn_drop", pattern)
            x = layer(x, src_mask=masked(n))
            show(path, x)
            for hook in hooks:
                hook.remove()
        return self.decoder(x)


def encoder(c: dict, ids: torch.Tensor, show) -> tuple:
    model = Encoder(c).double().train()  # without dropout; in training it takes no shortcut
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.copy_(parameter(name, *tensor.shape))
    return model(ids, show), dict(model.named_parameters())


def original_block(c: dict, w: Weights, i: int, x: torch.Tensor, mask: torch.Tensor, show) -> torch.Tensor:
    d, hidden, name = c["dim"], 4 * c["dim"], f"blocks.{i}."
    part = lambda t: t.unflatten(-1, (c["heads"], -1)).transpose(1, 2)  # noqa: E731: [B, head, N, channel]
    q, k, v = (part(x @ w(f"{name}{m}.weight", d, d).T) for m in ("Wq", "Wk", "Wv"))
    scores = (q @ k.transpose(-1, -2) / math.sqrt(d // c["heads"])).masked_fill(mask, -math.inf)
    pattern = scores.softmax(-1)
    show(f"{name}attn.attn_drop", pattern)
    out = (pattern @ v).transpose(1, 2).flatten(2)
    show(f"{name}attn", out)

    def joined(before, made, norm):
        total = made + before if c.get("residual", True) else made
        return F.layer_norm(total, (d,), w(f"{name}{norm}.weight", d), w(f"{name}{norm}.bias", d)) \
            if c.get("norm", True) else total

    x = joined(x, out, "ln")
    if c.get("mlp", True):
        h = F.relu(F.linear(x, w(f"{name}w1.weight", hidden, d), w(f"{name}w1.bias", hidden)))
        made = F.linear(h, w(f"{name}w2.weight", d, hidden), w(f"{name}w2.bias", d))
        show(f"{name}w2", made)
        x = joined(x, made, "ln2")
    show(f"blocks.{i}", x)
    return x


def original(c: dict, ids: torch.Tensor, show) -> tuple:
    w = Weights()
    table = w("embed.weight", c["vocab"], c["dim"])

    def answer(some, mask, show):
        x = table[some]
        show("embed", x)
        for i in range(c["layers"]):
            x = original_block(c, w, i, x, mask, show)
        return x @ table.T

    logits = answer(ids, masked(ids.shape[1]), show)
    if c["layers"] == 1:  # what the official model, which reads all of its input, says at the end of each prefix
        for n in range(1, ids.shape[1] + 1):
            last = answer(ids[:, :n], torch.zeros(n, n, dtype=torch.bool), lambda *_: None)[:, -1]
            assert torch.allclose(last, logits[:, n - 1], atol=1e-12)
    return logits, w.all


def yz(c: dict, ids: torch.Tensor, show) -> tuple:
    w, m, d = Weights(), c["vocab"], c["dim"]
    unit = lambda t: t / t.norm(dim=-1, keepdim=True)  # noqa: E731
    between = {"relu": F.relu, "softmax": lambda t: t.softmax(-1), "sigmoid": torch.sigmoid}[c.get("between", "relu")]
    residual = c.get("residual", True)
    x = F.one_hot(ids, m).double()
    for i in range(c["layers"]):
        matrix = {part: w(f"layers.{i}.{part}_post.weight", m, d) @ w(f"layers.{i}.{part}_pre.weight", d, m)
                  for part in "YZ"}
        scores = (x @ matrix["Z"] @ x.transpose(1, 2)).masked_fill(masked(x.shape[1]), -math.inf)
        pattern = scores.softmax(-1)
        show(f"layers.{i}.attn.attn_drop", pattern)
        got = pattern @ x + (x if residual else 0)
        got = unit(got) if c.get("norm", True) else got
        x = got @ matrix["Y"].T + (got if residual else 0)
        show(f"layers.{i}", x)
        if i + 1 < c["layers"]:
            x = unit(between(x))
    return x, w.all


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, changes in CASES.items():
        config = TINY | changes
        ids = torch.floor(config["vocab"] * (rule("input", (1, config["length"])) + 1) / 2).long()
        captures = {}
        run = {"encoder": encoder, "original": original, "yz": yz}[config["form"]]
        logits, weights = run(config, ids, lambda path, x: captures.update({path: capture(x.detach())}))
        golden = dict(model=f"tools/make_word_lm_goldens.py {name}", config=config, input_shape=list(ids.shape),
                      captures=captures, output=capture(logits.detach()))
        (FOLDER / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n")
        if name in WITH_GRADIENTS:
            (logits * rule("cotangent", tuple(logits.shape))).sum().backward()
            gradients = {key: capture(tensor.grad) for key, tensor in weights.items()}
            golden = dict(model=f"tools/make_word_lm_goldens.py {name}", config=config, input_shape=list(ids.shape),
                          captures=gradients, output=capture(logits.detach()))
            (FOLDER / f"{name}.gradients.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
