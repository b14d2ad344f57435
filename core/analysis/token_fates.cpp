// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/token_fates.h"

#include "core/trace/edit.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace fovea::analysis {

namespace {

std::optional<double> numberIn(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool isFate(const Record& record)
{
    const auto& fields = record.info.fields;
    return record.kind() == Kind::Keep && record.queries && fields.size() == 2 && fields[0] == "score"
        && fields[1] == "kept";
}

}

int TokenFates::droppedIn(int token) const
{
    const auto at = static_cast<std::size_t>(token);
    for (int group = 0; group < groupCount(); ++group)
        if (!groups[static_cast<std::size_t>(group)].kept[at])
            return group;
    return groupCount();
}

int TokenFates::emptiedBy() const
{
    int group = 0;
    while (group < groupCount() && keptShare(group) > 0)
        ++group;
    return group;
}

double TokenFates::keptShare(int group) const
{
    int patches = 0, kept = 0;
    for (int token = 0; token < layout->tokens(); ++token)
        if (!layout->isSpecial(token)) {
            ++patches;
            kept += groups[static_cast<std::size_t>(group)].kept[static_cast<std::size_t>(token)] ? 1 : 0;
        }
    return patches > 0 ? static_cast<double>(kept) / patches : 0;
}

int TokenFates::rankOf(int group, int token) const
{
    const Judgement& judged = groups[static_cast<std::size_t>(group)];
    const auto at = static_cast<std::size_t>(token);
    if (!judged.stood[at] || layout->isSpecial(token))
        return 0;
    int rank = 1;
    for (int other = 0; other < layout->tokens(); ++other) {
        const auto i = static_cast<std::size_t>(other);
        rank += !layout->isSpecial(other) && judged.stood[i] && judged.score[i] > judged.score[at] ? 1 : 0;
    }
    return rank;
}

int TokenFates::standing(int group) const
{
    int count = 0;
    for (int token = 0; token < layout->tokens(); ++token)
        count += !layout->isSpecial(token)
                && groups[static_cast<std::size_t>(group)].stood[static_cast<std::size_t>(token)]
            ? 1
            : 0;
    return count;
}

std::optional<TokenFates> tokenFates(const Trace& trace, std::size_t step)
{
    if (step >= trace.steps.size())
        return std::nullopt;
    TokenFates fates;
    for (const RecordPtr& record : trace.steps[step]->all()) {
        if (!isFate(*record) || (fates.layout && *fates.layout != *record->queries))
            continue;
        fates.layout = record->queries;
        const std::vector<double> values = record->value.toDoubles();
        Judgement judged{record->path(), record->info.block, record->info.depth, {}, {}, {}};
        for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
            judged.score.push_back(values[i]);
            judged.kept.push_back(values[i + 1] != 0);
        }
        judged.stood
            = fates.groups.empty() ? std::vector<bool>(judged.kept.size(), true) : fates.groups.back().kept;
        fates.groups.push_back(std::move(judged));
    }
    return fates.groups.empty() ? std::nullopt : std::optional(std::move(fates));
}

std::optional<double> thresholdOf(const Trace& trace, const std::string& keepPath)
{
    const auto& edits = trace.provenance.edits;
    for (auto text = edits.rbegin(); text != edits.rend(); ++text)
        if (const Edit edit = Edit::parse(*text); edit.verb == "threshold" && matches(edit.path, keepPath))
            return numberIn(edit.args.front());
    const auto config = nlohmann::json::parse(trace.provenance.config, nullptr, false);
    if (!config.is_object() || !config.contains("threshold") || !config["threshold"].is_number())
        return std::nullopt;
    if (const auto rule = config.value("rule", std::string("threshold")); rule != "threshold")
        return std::nullopt;
    return config["threshold"].get<double>();
}

Record survivalMap(const TokenFates& fates)
{
    const TokenLayout& layout = *fates.layout;
    Tensor map = Tensor::full({layout.gridRows(), layout.gridCols()}, -1);
    for (int token = 0; token < layout.tokens(); ++token)
        for (const int cell : layout.cells(token))
            map.writable()[static_cast<std::size_t>(cell)] = static_cast<float>(fates.droppedIn(token));
    Record record;
    record.info.path = "tokens.survival";
    record.info.kind = Kind::Matrix;
    record.info.role = "group that drops a patch; " + std::to_string(fates.groupCount()) + ": it stays";
    record.value = map;
    record.axes = defaultAxes(record.info, map.shape());
    return record;
}

}
