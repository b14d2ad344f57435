// What `fovea run --method` found, as a person reads it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/relevance.h"

#include "core/analysis/patch_remover.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace fovea::app {

namespace {

constexpr struct {
    const char *key, *title;
} numberColumns[]{{"deletion", "deletion (low is good)"}, {"insertion", "insertion (high)"},
    {"rank_correlation", "rank correlation with single removals (high) [95 %]"},
    {"pointing", "pointing game (high)"}, {"iou", "IoU (high)"},
    {"pointing_others", "pointing at others (low)"}};

std::string decimalText(const Json& number, const char* format)
{
    char text[32];
    const double value = number.is_number() ? number.get<double>() : NAN;
    std::snprintf(text, sizeof text, format, std::isnan(value) ? 0 : value);
    return std::isnan(value) ? "-" : text;
}

std::string lineOf(const Json& row)
{
    std::string line = "\n";
    for (const auto& [key, title] : numberColumns) {
        if (!row.contains(key))
            continue;
        const std::string number = decimalText(row[key], "%.3f");
        line += std::string(number.size() < 9 ? 9 - number.size() : 1, ' ') + number;
        if (row.contains("rank_low") && std::string(key) == "rank_correlation")
            line += " [" + decimalText(row["rank_low"], "%.2f") + ", " + decimalText(row["rank_high"], "%.2f")
                + "]";
    }
    return line + "  " + row["caption"].get<std::string>();
}

/// Low and high of each number of random orders.
std::string textOfRange(const Json& range)
{
    char head[96];
    std::snprintf(head, sizeof head,
        "\n  %.3g %% of random orders of this picture (%d drawn):", 100 * range["share"].get<double>(),
        range["draws"].get<int>());
    std::string text = head;
    for (const auto& [key, title] : numberColumns)
        if (range["low"].contains(key)) {
            std::string name = key;
            std::ranges::replace(name, '_', ' ');
            text += " " + name + " " + decimalText(range["low"][key], "%.3f") + " to "
                + decimalText(range["high"][key], "%.3f") + ";";
        }
    text.pop_back();
    return text;
}

/// A line for each map that was asked for, and one on how to measure what is not known.
std::string textOfSanity(const Json& relevance)
{
    std::string text, unknown;
    for (const Json& row : relevance["maps"]) {
        if (row["baseline"])
            continue;
        const auto method = row["method"].get<std::string>();
        const bool isKnown = row["sanity"].is_object();
        text += "\n  " + method + ": "
            + (isKnown ? row["sanity"]["text"].get<std::string>() : "sanity check not measured");
        unknown += isKnown ? "" : " --method " + method;
    }
    return text
        + (unknown.empty() ? ""
                           : "\n  to measure: " + relevance["sanity_command"].get<std::string>() + unknown);
}

}

std::string textOfRelevance(const Json& relevance)
{
    std::string text = "relevance for "
        + analysis::classText(relevance["class"].get<int>(), relevance["label"].get<std::string>());
    if (!relevance.contains("removal")) {
        for (const Json& row : relevance["maps"])
            text += "\n  " + row["caption"].get<std::string>();
        return text + textOfSanity(relevance);
    }
    text += "; patches " + analysis::removalText(analysis::removalOf(relevance["removal"].get<std::string>()))
        + "\n";
    for (const auto& [key, title] : numberColumns)
        text += relevance["maps"][0].contains(key) ? std::string("  ") + title : "";
    for (const Json& row : relevance["maps"])
        text += lineOf(row);
    if (relevance.contains("random_range"))
        text += textOfRange(relevance["random_range"]);
    return text + textOfSanity(relevance);
}

}
