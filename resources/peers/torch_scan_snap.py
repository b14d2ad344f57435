#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer of `fovea bench scan-snap`: the official form of Scan and Snap in PyTorch, when asked.

    torch_scan_snap.py QUERIES CLASSES_PER_QUERY INIT RATE_Y RATE_Z SEED

One thread, no logs. Says `ready`, then, for each number n read, makes n iterations and tells the milliseconds of one and
the last loss; for `about`, the version. An iteration is what the official one is: a batch of 128 sequences of 128 tokens
drawn one by one, one-hot vectors through two linear maps of the whole vocabulary, cross entropy, backward, and two
optimisers with momentum. Written from the equations of the paper (Tian et al., arXiv 2305.16380).
"""
import os
import random
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

COMMON, DISTINCT, LENGTH, BATCH, MOMENTUM = 10, 10, 128, 128, .9


class Data:
    """Sequence classes: tokens common to all, then distinct ones of each class, queries, next tokens."""

    def __init__(self, queries: int, each: int):
        count = queries * each
        first_query = COMMON + DISTINCT * count
        self.vocabulary = first_query + queries + count
        weights = torch.cat([torch.ones(COMMON), torch.linspace(.1, 1, DISTINCT)])
        self.classes = []
        for n in range(count):
            own = COMMON + DISTINCT * n
            tokens = torch.tensor([*range(COMMON), *range(own, own + DISTINCT)])
            self.classes.append((tokens, weights / weights.sum(), first_query + n // each, first_query + queries + n))

    def batch(self) -> tuple:
        x, labels = torch.empty(BATCH, LENGTH, dtype=torch.long), torch.empty(BATCH, dtype=torch.long)
        for i in range(BATCH):
            tokens, probabilities, query, label = random.choice(self.classes)
            x[i, :-1] = tokens[torch.multinomial(probabilities, LENGTH - 1, replacement=True)]
            x[i, -1] = query
            labels[i] = label
        return x, labels


class Model(torch.nn.Module):
    def __init__(self, vocabulary: int, init: str):
        super().__init__()
        self.decoder = torch.nn.Linear(vocabulary, vocabulary, bias=False)
        self.scores = torch.nn.Linear(vocabulary, vocabulary, bias=False)
        self.vocabulary = vocabulary
        if init == "zero":
            for weight in self.parameters():
                torch.nn.init.zeros_(weight)

    def forward(self, x, labels):
        one_hot = functional.one_hot(x, self.vocabulary).float()
        keys, query = one_hot[:, :-1], one_hot[:, -1]
        scores = (self.scores(keys) @ query[:, :, None])[:, :, 0]  # of each position
        attended = (scores.softmax(1)[:, None] @ keys)[:, 0]
        return functional.cross_entropy(self.decoder(attended / attended.norm(dim=1, keepdim=True)), labels)


def main() -> None:
    queries, each, init, rate_y, rate_z, seed = (kind(word) for kind, word in
                                                 zip((int, int, str, float, float, int), sys.argv[1:]))
    torch.set_num_threads(1)
    random.seed(seed)
    torch.manual_seed(seed + 2)
    data = Data(queries, each)
    model = Model(data.vocabulary, init)
    optimisers = [torch.optim.SGD([model.decoder.weight], lr=rate_y, momentum=MOMENTUM),
                  torch.optim.SGD([model.scores.weight], lr=rate_z, momentum=MOMENTUM)]
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "about":
            print(f"PyTorch {torch.__version__}, threads {torch.get_num_threads()}", flush=True)
            continue
        iterations = int(line)
        begin = time.perf_counter()
        for _ in range(iterations):
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss = model(*data.batch())
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
        print(1000 * (time.perf_counter() - begin) / iterations, loss.item(), flush=True)


if __name__ == "__main__":
    main()
