#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/experiments/scan-snap.md and .csv: each published number of Scan and Snap, ours, and the difference.

    tools/make_scan_snap_table.py [--fovea build/release/bin/fovea] [--threads 2]

Ours comes from `fovea lab scan_snap` alone: traces for what is simulated, --theory for closed forms. Published: the
official log and pickle (luckmatters, ssl/real-dataset/scan_snap), numbers of the paper's formulas at its figures'
settings, and reruns of the official code where it published none. Takes a few minutes; nothing is kept.
"""
import argparse
import csv
import json
import math
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "experiments"
LAST = 100  # the row behind the last update of the figures' runs

SMALL = dict(seed=2)
MEDIUM = dict(num_next_per_last=2, init="random")
THREE = dict(simulator="ode", num_last=1, num_next_per_last=3, num_common=1, common_weight=.25, num_unique_per_next=3,
             unique_min=.15, unique_max=.35, vocabulary=200)

LOSSES = [
    ("Figure 4, left: loss", "official log", SMALL,
     {0: 3.526359796524048, 2: 2.3679099082946777, 4: .733475387096405, 6: .16080491244792938, 8: .04442878067493439,
      10: .012952473945915699, 12: .004386259242892265, 14: .0018097831634804606, 16: .0006407027249224484,
      18: .0004101922386325896, 20: .00020543375285342336, 30: 5.301201599650085e-05, 48: 2.5099543563555926e-05,
      98: 2.2223716311549927e-05}),
    ("Figure 4, right: loss", "official log", SMALL | dict(eta_y=10), {0: 3.52636, 2: .0544775, 4: .0014917}),
    ("Figure 6, first run: loss", "official log", MEDIUM | dict(num_last=1, eta_y=.5, eta_z=.5, seed=1),
     {0: 3.4548568725585938, 2: 2.876297950744629, 4: 1.758272409439087, 6: .7731755375862122, 8: .33556169271469116,
      10: .16166242957115173, 12: .07722064852714539, 14: .03298971801996231, 16: .01607906073331833,
      98: .00055147}),
    ("Population: loss", "rerun", dict(simulator="population"),
     {0: 3.5263605, 2: 2.2277171, 4: .5685929, 6: .1126606, 10: .0073992, 20: 9.21e-5, 48: 8.9e-6, 98: 7.8e-6}),
]

# title, source, run, record, element, {row: value}
RECORDS = [
    ("Figure 4, left: common mass of c_1", "rerun", SMALL, "classes.0.common", None,
     {4: .64276, 6: .62702, 10: .55825, 48: .36270}),
    ("Figure 4, left: largest distinct token of c_1", "rerun", SMALL, "classes.0.c", 19, {10: .0999, 48: .2005}),
    ("Figure 4, left: common mass of c_2", "rerun", SMALL, "classes.1.common", None, {48: .42066}),
    ("Figure 4, left: entropy of c_1", "rerun", SMALL, "classes.0.entropy", None, {LAST: 1.90599}),
    ("Figure 4, right: common mass of c_1", "rerun", SMALL | dict(eta_y=10), "classes.0.common", None,
     {10: .59999, 48: .56729}),
    ("Figure 4, right: entropy of c_1", "rerun", SMALL | dict(eta_y=10), "classes.0.entropy", None, {LAST: 2.09437}),
    ("Figure 5, Adam .1: common mass of c_1", "rerun", SMALL | dict(eta_y=.1, eta_z=.1, optimizer="adam"),
     "classes.0.common", None, {48: .28049}),
    ("Figure 5, Adam .1: entropy of c_1", "rerun", SMALL | dict(eta_y=.1, eta_z=.1, optimizer="adam"),
     "classes.0.entropy", None, {LAST: 2.29294}),
    ("Population: common mass", "rerun", dict(simulator="population"), "classes.0.common", None,
     {4: .641605, 6: .624212, 10: .563934, 20: .461032, 48: .406121, 98: .402895}),
    ("Population: largest distinct token", "rerun", dict(simulator="population"), "classes.0.c", 19,
     {10: .09252, 20: .13490, 48: .16082, 98: .16227}),
    ("Population: entropy", "rerun", dict(simulator="population"), "classes.0.entropy", None, {LAST: 1.978993}),
    ("Reduced equations: z of the common token", "rerun", THREE, "Z", 0, {20: -.9769, 100: -1.1796, 400: -1.25784}),
    ("Reduced equations: z of the largest distinct token", "rerun", THREE, "Z", 3, {20: .2015, 100: .24579, 400: .26313}),
    ("Reduced equations: B", "rerun", THREE, "B", 0, {20: .36457, 100: .43382, 400: .46037}),
    ("Reduced equations: xi", "rerun", THREE, "xi", 0, {20: .004430}),
    ("Reduced equations: r of the two largest", "rerun", THREE, "classes.0.r", 1,
     {0: .96, 20: 1.436466, 100: 1.569509, 400: 1.624888}),
]


def one_class(m: int, rate_y: float, rate_z: float = 1, **more) -> dict:
    return dict(num_last=1, num_next_per_last=1, vocabulary=m, eta_y=rate_y, eta_z=rate_z, momentum=0) | more


def ten_classes(rate_y: float, **more) -> dict:
    return dict(num_last=1, num_next_per_last=10, num_common=1, vocabulary=1000, eta_y=rate_y, eta_z=.5, momentum=0) | more


# title, fields, record, scale, {step or mark: value}
THEORY = [
    ("Figure 8, M = 50, eta_Y = 2: h", one_class(50, 2), "h", 1, {1: .0384355, 10: .1304807, 40: .1637725, 80: .1786215}),
    ("Figure 8, M = 50, eta_Y = 2: h*", one_class(50, 2), "h_star", 1, {1: .04, 10: .1342811, 40: .1649845, 80: .1793023}),
    ("Figure 8, M = 1000, eta_Y = 4: h", one_class(1000, 4), "h", 1,
     {1: .0039529, 10: .0102993, 40: .0119057, 70: .0124969}),
    ("Figure 8, M = 1000, eta_Y = 4: h*", one_class(1000, 4), "h_star", 1,
     {1: .004, 10: .0105307, 40: .0119761, 70: .0125407}),
    ("Figure 3, eta_Y = .5: M h", ten_classes(.5), "h", 1000, {50: 2.4914, 100: 4.8749, 200: 7.7310, 400: 9.2808, 700: 10.1222}),
    ("Figure 3, eta_Y = .5: gamma", ten_classes(.5), "gamma", 1, {50: 2.4592, 100: 4.3056, 200: 2.3546, 400: .7897, 700: .3902}),
    ("Figure 3, eta_Y = .5: 4 Gamma", ten_classes(.5), "Gamma", 4,
     {50: 123.895, 100: 474.345, 200: 1192.964, 400: 1719.205, 700: 2045.074}),
    *((f"Figure 3, eta_Y = {rate:g}: marks", ten_classes(rate), "marks", 1, {"t0'": scan, "t0": snap}) for rate, scan, snap in
      ((.5, 138.16, 364.68), (1, 69.08, 182.34), (2, 34.54, 91.17), (5, 13.82, 36.47))),
    *((f"Figure 3, eta_Y = {rate:g}, rho_0 = .5: chi", ten_classes(rate, rho_0=.5), "chi_high", 1, {700: chi}) for rate, chi in
      ((.5, 572), (1, 439), (2, 332), (5, 227))),
    *((f"Figure 9, left, eta_Z = {rate:g}: B", one_class(100, 10 * rate, rate, rho_0=1), "B", 1, {5: growth})
      for rate, growth in ((.5, .62016), (1, .67068), (2, .71252), (4, .74933), (8, .78279))),
    *((f"Figure 9, left, eta_Z = {rate:g}: marks", one_class(100, 10 * rate, rate, rho_0=1), "marks", 1, {"t0": begin})
      for rate, begin in ((.5, 2.5844), (1, 1.2922), (2, .6461), (4, .3230), (8, .1615))),
]

RECALL = {(.5, 1): (.685, .600, .520, .475, .410, .355), (.5, 2): (.755, .620, .535, .430, .355, .300),
          (.5, 5): (.810, .665, .530, .405, .295, .255), (.5, 10): (.825, .660, .530, .365, .255, .205),
          (1, 1): (.580, .515, .470, .420, .400, .350), (1, 10): (.810, .665, .545, .425, .335, .250)}


class Program:
    def __init__(self, path: str, folder: str):
        self.path, self.folder, self.traces = path, Path(folder), {}

    def call(self, fields: dict, *words: str) -> str:
        sets = [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
        return subprocess.run([self.path, "lab", "scan_snap", *sets, *words], check=True, capture_output=True, text=True).stdout

    def trace(self, run: dict, steps: int, every: int = 1) -> dict:
        """Records by path, [row, ...]."""
        key = json.dumps([run, steps, every])
        if key not in self.traces:
            file = self.folder / f"{abs(hash(key))}.h5"
            fields = {name: value for name, value in run.items() if name != "seed"}
            self.call(fields, "--seed", str(run.get("seed", 0)), "--steps", str(steps), "--every", str(every),
                      "--threads", "1", "-o", str(file))
            with h5py.File(file) as trace:
                self.traces[key] = {path: values[()] for path, values in trace["records"].items()}
            file.unlink()
        return self.traces[key]

    def theory(self, fields: dict) -> dict:
        rows = json.loads(self.call(fields | dict(theory_steps=700), "--theory", "--json"))["theory"]
        return {row["path"].removeprefix("theory."): row for row in rows}


def rows_of_losses(program: Program):
    for title, source, run, expected in LOSSES:
        loss = program.trace(run, LAST + 1)["loss"]
        for row, value in expected.items():
            yield title, f"iteration {row}", source, value, float(loss[row])


def rows_of_records(program: Program):
    for title, source, run, path, element, expected in RECORDS:
        values = program.trace(run, 401 if run is THREE else LAST + 1)[path]
        values = values.reshape(len(values), -1)
        for row, value in expected.items():
            where = f"t = {row}" if run is THREE else "after 100" if row == LAST else f"iteration {row}"
            yield title, where, source, value, float(values[row][element or 0])


def rows_of_theory(program: Program):
    for title, fields, name, scale, expected in THEORY:
        record = program.theory(fields)[name]
        labels = [label.split(",")[0] for label in record["axes"][0]["labels"]]
        for place, value in expected.items():
            at = labels.index(place) if isinstance(place, str) else place
            yield title, place if isinstance(place, str) else f"t = {place}", "formula", value, scale * record["values"][at]


def ends_of(program: Program, queries: int, rate: float, ratio: float) -> list:
    """Of ten seeds, behind the last update."""
    run = MEDIUM | dict(num_last=queries, eta_z=rate, eta_y=rate * ratio)
    return [program.trace(run | dict(seed=seed), LAST + 1, LAST) for seed in range(1, 11)]


def rows_of_sweeps(program: Program, threads: int):
    published = json.loads((ROOT / "tests/fixtures/scan_snap/figure6.json").read_text())
    with ThreadPoolExecutor(threads) as pool:
        ends = list(pool.map(lambda cell: ends_of(program, *cell[:3]), published))
    for (queries, rate, ratio, mean, deviation), runs in zip(published, ends):
        entropies = [float(run["entropy"][-1]) for run in runs]
        where = f"{queries}/{2 * queries}, eta_Z {rate:g}, ratio {ratio}"
        yield "Figure 6: mean entropy", where, "official pickle", mean, statistics.fmean(entropies)
        yield "Figure 6: deviation", where, "official pickle", deviation, statistics.stdev(entropies)
    for (rate, ratio), expected in RECALL.items():
        for i, value in enumerate(expected):
            ours = statistics.fmean(float(run["recall"][-1][2 * i]) for run in ends_of(program, 1, rate, ratio))
            yield ("Figures 11 and 12: recall", f"1/2, eta_Z {rate:g}, ratio {ratio}, above {.028 + .002 * i:.3f}", "rerun",
                   value, ours)


def digits(value: float) -> str:
    return f"{value:.7g}"


def page(rows: list) -> str:
    lines = ["# Scan and Snap: each published number, and ours", "",
             "`tools/make_scan_snap_table.py` wrote this page and scan-snap.csv from `fovea lab scan_snap`.", "",
             "Published are the official log and pickle, and what the paper's formulas give at its figures' settings; *rerun*"
             " are numbers of the official code or of a plain program for the same equations, where nothing was published."
             " Numbers are compared as they were printed: a difference may be as large as half a unit of the last digit.", ""]
    worst = max(rows, key=lambda row: row[5] / max(abs(row[3]), 1e-3))
    lines += [f"{len(rows)} numbers. Largest relative difference: {worst[0]}, {worst[1]}: {digits(worst[3])} published, "
              f"{digits(worst[4])} ours.", ""]
    title = None
    for row in rows:
        if row[0] != title:
            title = row[0]
            lines += ["", f"## {title}", "", "| | published | ours | difference | source |", "|---|---|---|---|---|"]
        lines.append(f"| {row[1]} | {digits(row[3])} | {digits(row[4])} | {row[5]:.1e} | {row[2]} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fovea", default=str(ROOT / "build/release/bin/fovea"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(options.fovea, folder)
        found = [*rows_of_losses(program), *rows_of_records(program), *rows_of_theory(program),
                 *rows_of_sweeps(program, options.threads)]
    rows = [(*row, abs(row[4] - row[3])) for row in found]
    assert all(math.isfinite(row[5]) for row in rows)
    with (DOCS / "scan-snap.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "where", "source", "published", "ours", "difference"])
        writer.writerows((*row[:3], digits(row[3]), digits(row[4]), f"{row[5]:.2e}") for row in rows)
    (DOCS / "scan-snap.md").write_text(page(rows))
    print(f"{len(rows)} numbers in {DOCS / 'scan-snap.md'}")


if __name__ == "__main__":
    main()
