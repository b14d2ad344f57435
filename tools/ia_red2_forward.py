# SPDX-License-Identifier: GPL-3.0-or-later
"""IA-RED2 in PyTorch, written from the equations (Pan et al., arXiv 2106.12620): for references. Dropped tokens leave."""
import torch
import torch.nn.functional as F

import make_vit_goldens

POLICY_EPS = 1e-5  # of the interpreter's norm, which has no affine


class IaRed2(make_vit_goldens.Vit):
    """For one picture. `tensors` by their official names; `show(path, value)` receives every signal of the blocks."""

    def __init__(self, config: dict, tensors: dict, show):
        super().__init__(config, show)
        self.tensors = tensors

    def scores(self, group: int, x: torch.Tensor) -> torch.Tensor:
        """[heads, N] of N tokens: sigmoid(q_class k^T / sqrt(width)), of the heads of the interpreter."""
        heads, dim = self.c["policy_heads"], x.shape[-1]
        name = f"groups.{group}.agent.qk"
        weight, bias = (self.tensors[f"{name}.{leaf}"] for leaf in ("weight", "bias"))
        projected = F.linear(F.layer_norm(x[0], (dim,), eps=POLICY_EPS), weight, bias)
        q, k = projected[:, :2 * dim].view(-1, 2, heads, dim // heads).unbind(1)
        return torch.sigmoid(torch.einsum("hc,nhc->hn", q[0], k) * (dim // heads) ** -0.5)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x, block = self.embed(image), 0
        for group, size in enumerate(int(text) for text in self.c["groups"].split(",")):
            score = self.scores(group, x).mean(0)
            kept = score > self.c["threshold"]
            kept[0] = True  # the class token
            x = x[:, kept]
            for _ in range(size):
                x = self.block(f"blocks.{block}", x)
                block += 1
        return self.keep("logits", self.linear("head", self.norm("norm", x)[:, 0], self.c["classes"]))
