# SPDX-License-Identifier: GPL-3.0-or-later
"""Many measurements a row, compared in pairs: what `pool` of an experiment's manifest means.

Every row leaves a CSV with a line for each unit and each of several contestants: units are the pictures, contestants the
methods. Differences are taken unit by unit, so that what makes a picture easy for all falls out. `pool` is an object with
  file       of a row's folder                  of        the column of the contestants
  unit       the column that numbers the units: the same number is the same unit in every row of a part
  over       an axis: its rows measure the same units again; a unit's value is the mean over them
  sets       {"one": {"part": ["one-1", "one-2"]}}: which rows are taken together
  measures   {"deletion": {"title": "Deletion", "best": "low"}, ...}: columns, and which end is good; with "middle": true the
             median of the units stands for their mean; "scale" and "digits" are how it is written (1 and 3)
  against    contestants that ask the model nothing: differences to them, and to the best of the others
  summary    [{"measure": "speed"}, {"measure": "accuracy", "against": "whole"}]: one table with these columns in place of one
             table a measure; a difference to one of `against` is in percent points or whatever the measure's scale says
"""
import csv
import math
from pathlib import Path

HEADER = ["set", "over", "contestant", "measure", "against", "count", "mean", "half"]
# Student's t at 97.5 % for 1 to 30 degrees of freedom; the normal quantile beyond
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
           2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]
NORMAL = 1.959964


def read(file: Path, pool: dict) -> dict:
    """{(measure, contestant): {unit: value}} of one row; several lines of a unit are its mean; what nobody knows is left out."""
    found: dict = {}
    with file.open() as lines:
        for line in csv.DictReader(lines):
            for measure in pool["measures"]:
                if line[measure]:
                    units = found.setdefault((measure, line[pool["of"]]), {})
                    units.setdefault(line[pool["unit"]], []).append(float(line[measure]))
    return {key: {unit: sum(values) / len(values) for unit, values in units.items()} for key, units in found.items()}


def estimate(values: list[float]) -> tuple[int, float, float]:
    """Count, mean, half of the 95 % interval of the mean (Student's t; NaN of one value)."""
    n = len(values)
    mean = sum(values) / n
    if n < 2:
        return n, mean, math.nan
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
    return n, mean, (STUDENT[n - 2] if n - 1 <= len(STUDENT) else NORMAL) * spread / math.sqrt(n)


def middle(values: list[float]) -> tuple[int, float, float]:
    """Count, median, half of its 95 % interval (from the order statistics; NaN below eight values)."""
    n, ordered = len(values), sorted(values)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    low = math.floor(n / 2 - NORMAL * math.sqrt(n) / 2)
    if low < 1:
        return n, median, math.nan
    return n, median, (ordered[n - low] - ordered[low - 1]) / 2


def numbers_of(pool: dict, measure: str, values: list[float]) -> tuple[int, float, float]:
    return (middle if pool["measures"][measure].get("middle") else estimate)(values)


def averaged(rows: list[dict]) -> dict:
    """The mean over rows that measured the same units, of the units that all know."""
    both = set(rows[0]).intersection(*rows[1:])
    return {unit: sum(row[unit] for row in rows) / len(rows) for unit in sorted(both)}


def better(pool: dict, measure: str, difference: float) -> bool:
    return difference < 0 if pool["measures"][measure]["best"] == "low" else difference > 0


def best_of(pool: dict, measure: str, means: dict) -> str:
    asked = {name: mean for name, mean in means.items() if name not in pool["against"]} or means
    return (min if pool["measures"][measure]["best"] == "low" else max)(asked, key=asked.get)


def lines_of(pool: dict, title: str, over: str, found: dict) -> list[dict]:
    lines = []
    for measure in pool["measures"]:
        values = {name: units for (one, name), units in found.items() if one == measure}
        if not values:
            continue
        means = {name: numbers_of(pool, measure, list(units.values()))[1] for name, units in values.items()}
        others = list(dict.fromkeys([*pool["against"], best_of(pool, measure, means)]))
        for name, units in values.items():
            for against in ["", *(other for other in others if other != name)]:
                known = values.get(against, {})
                differences = [v - (known[u] if against else 0) for u, v in units.items() if not against or u in known]
                if differences:
                    numbers = numbers_of(pool, measure, differences)
                    lines.append(dict(zip(HEADER, [title, over, name, measure, against, *numbers])))
    return lines


def pooled(pool: dict, rows: list[tuple[dict, Path]]) -> list[dict]:
    """`rows`: the names of a row's choices, and its folder. A line for each set, each choice of `over` and all."""
    lines = []
    for title, chosen in pool["sets"].items():
        taken = [(row, read(folder / pool["file"], pool)) for row, folder in rows
                 if all(row[axis] in names for axis, names in chosen.items())]
        choices = list(dict.fromkeys(row[pool["over"]] for row, _ in taken))
        each: dict = {}
        for row, found in taken:
            rest = tuple(name for axis, name in row.items() if axis != pool["over"])
            for key, units in found.items():
                each.setdefault(row[pool["over"]], {}).setdefault(key, {}).update(
                    {(*rest, unit): value for unit, value in units.items()})
        for choice in choices:
            lines += lines_of(pool, title, choice, each[choice])
        if len(choices) > 1:
            keys = [key for key in each[choices[0]] if all(key in each[choice] for choice in choices)]
            lines += lines_of(pool, title, "all", {key: averaged([each[c][key] for c in choices]) for key in keys})
    return lines


def write(file: Path, lines: list[dict]) -> None:
    with file.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        for line in lines:
            writer.writerow([*(line[column] for column in HEADER[:6]), f"{line['mean']:.6g}", f"{line['half']:.3g}"])


def short(pool: dict, measure: str, value: float) -> str:
    about = pool["measures"][measure]
    text = f"{abs(value) * about.get('scale', 1):,.{about.get('digits', 3)}f}"
    sign = "−" if value < 0 and float(text.replace(",", "")) else ""
    return sign + (text.removeprefix("0") if text.startswith("0.") else text)


def cell(pool: dict, line: dict | None) -> str:
    """A difference is bold where its whole interval lies on the good side, slanted where on the bad one."""
    if line is None:
        return "–"
    text = short(pool, line["measure"], line["mean"])
    if line["half"] > 0:  # NaN: of too few; 0: the same for all
        text += f" ± {short(pool, line['measure'], line['half'])}"
    if not line["against"] or not abs(line["mean"]) > line["half"]:
        return text
    mark = "**" if better(pool, line["measure"], line["mean"]) else "*"
    return mark + text + mark


def table(pool: dict, measure: str, lines: list[dict]) -> list[str]:
    """Of one set and measure: the contestants, the best first."""
    whole = "all" if any(line["over"] == "all" for line in lines) else lines[0]["over"]
    at = {(line["over"], line["contestant"], line["against"]): line for line in lines if line["measure"] == measure}
    means = {name: line["mean"] for (over, name, against), line in at.items() if over == whole and not against}
    best = best_of(pool, measure, means)
    choices = [over for over in dict.fromkeys(line["over"] for line in lines) if over != whole]
    titles = [pool["of"], "mean", *(f"− {name}" for name in [*pool["against"], best]),
              *([f"mean of {pool['over']} " + ", ".join(choices)] if choices else [])]
    text = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    for name in sorted(means, key=means.get, reverse=pool["measures"][measure]["best"] != "low"):
        cells = [name, cell(pool, at[whole, name, ""]),
                 *(cell(pool, at.get((whole, name, against))) for against in [*pool["against"], best])]
        if choices:
            cells.append(", ".join(short(pool, measure, at[choice, name, ""]["mean"]) for choice in choices))
        text.append(f"| {' | '.join(cells)} |")
    return text


def summary(pool: dict, lines: list[dict]) -> list[str]:
    """Of one set: a row for each contestant, in the order of the rows' files, with the columns that are asked for."""
    whole = "all" if any(line["over"] == "all" for line in lines) else lines[0]["over"]
    at = {(line["contestant"], line["measure"], line["against"]): line for line in lines if line["over"] == whole}
    columns = [(column["measure"], column.get("against", "")) for column in pool["summary"]]
    titles = [pool["measures"][measure]["title"] + (f" − {against}" if against else "") for measure, against in columns]
    text = [f"| {' | '.join([pool['of'], *titles])} |", "|" + "---|" * (1 + len(titles))]
    for name in dict.fromkeys(line["contestant"] for line in lines):
        cells = [cell(pool, at.get((name, measure, against))) for measure, against in columns]
        text.append(f"| {' | '.join([name, *cells])} |")
    return text


def tables(pool: dict, lines: list[dict]) -> list[str]:
    text = []
    for title in dict.fromkeys(line["set"] for line in lines):
        of_set = [line for line in lines if line["set"] == title]
        if title in pool.get("hidden", []):
            continue
        text += [f"## {pool.get('titles', {}).get(title, title)}", ""]
        if "summary" in pool:
            text += [f"n = {max(line['count'] for line in of_set):,}", "", *summary(pool, of_set), ""]
            continue
        for measure, about in pool["measures"].items():
            here = [line for line in of_set if line["measure"] == measure]
            if here:
                count = max(line["count"] for line in here)
                text += [f"### {about['title']} ({about['best']} is good), n = {count:,}", "",
                         *table(pool, measure, here), ""]
    middles = ", ".join(about["title"] for about in pool["measures"].values() if about.get("middle"))
    return [*text, "Mean ± half of the 95 % interval of the mean" + (f" ({middles}: the same of the median)" if middles else "")
            + f", over the n units, each the mean over {pool['over']}. Differences are paired: **bold** where the whole interval is on the good side, *slanted* "
            "where it is on the bad one."]


def repeated(pool: dict, row: dict, folder: Path, kept: Path) -> list[tuple[str, str, float, float]]:
    """(measure, what, now, then) of a row made anew, where a set of the table is that row alone."""
    with kept.open() as file:
        then = {(line["set"], line["over"], line["contestant"], line["measure"]): float(line["mean"])
                for line in csv.DictReader(file) if not line["against"]}
    alone = {title: chosen for title, chosen in pool["sets"].items()
             if all([row[axis]] == names for axis, names in chosen.items())}
    lines = pooled({**pool, "sets": alone}, [(row, folder)])
    return [(line["measure"], f"{line['contestant']} {line['measure']}", line["mean"],
             then[line["set"], line["over"], line["contestant"], line["measure"]])
            for line in lines if not line["against"]]
