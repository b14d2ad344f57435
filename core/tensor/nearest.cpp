// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace fovea {

namespace {

constexpr int leftOut = 1, spare = 2, wrong = 2; // what a letter of the name, of the word, of both costs

/// Wagner and Fischer's table, one row at a time.
int distance(std::string_view word, std::string_view name)
{
    std::vector<int> row(name.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (const char letter : word) {
        int diagonal = std::exchange(row[0], row[0] + spare);
        for (std::size_t j = 0; j < name.size(); ++j) {
            const int same = diagonal + (letter == name[j] ? 0 : wrong);
            diagonal = row[j + 1];
            row[j + 1] = std::min({same, row[j] + leftOut, row[j + 1] + spare});
        }
    }
    return row.back();
}

}

std::string nearest(std::string_view word, const std::vector<std::string>& known)
{
    constexpr std::size_t most = 3;
    constexpr int slack = 2; // behind the best
    std::vector<std::pair<int, std::size_t>> ranked;
    for (std::size_t i = 0; i < known.size(); ++i)
        if (const int d = distance(word, known[i]); d <= wrong * static_cast<int>(word.size()))
            ranked.push_back({d, i});
    std::ranges::sort(ranked);
    std::string text;
    for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i)
        if (ranked[i].first <= ranked[0].first + slack)
            text += (i ? ", '" : "; nearest: '") + known[ranked[i].second] + "'";
    return text;
}

}
