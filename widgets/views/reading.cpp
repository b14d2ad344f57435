// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/reading.h"

#include "widgets/plots/ticks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Reading", text); }

QString anchored(Direction direction, const QString& name)
{
    return (direction == Direction::QueryRow ? tr("query %1") : tr("key %1")).arg(name);
}

}

ValueScale sequentialScale(const Display& display, const QString& quantity, const Ranges& ranges)
{
    ValueScale scale;
    scale.quantity = quantity;
    scale.colors = &ColorMap::named(display.colors);
    scale.mode = display.scale;
    scale.logarithmic = display.logarithmic;
    scale.min = display.logarithmic ? display.fixedMax * 1e-4 : 0;
    scale.max = display.fixedMax;
    ValueRange range = display.scale == ScaleMode::Map ? ranges.map
        : display.scale == ScaleMode::Layer            ? ranges.layer
                                                       : ranges.shown;
    if (!display.logarithmic)
        range.include(0);
    scale.fit(range);
    return scale;
}

QString scaleBadge(ScaleMode mode)
{
    switch (mode) {
    case ScaleMode::Map:
        return tr("colours: each map by itself");
    case ScaleMode::Layer:
        return tr("colours: this layer");
    case ScaleMode::Shown:
        return tr("colours: all shown");
    case ScaleMode::Fixed:
        break;
    }
    return tr("colours: fixed");
}

QStringList attentionBadges(const Display& display)
{
    return display.hideSpecials ? QStringList{tr("special tokens left out, rows renormalised")}
                                : QStringList();
}

QStringList wholePatternBadges(const Display& display)
{
    return display.hideSpecials ? QStringList{tr("special tokens not left out here")} : QStringList();
}

ValueRange rangeOf(std::span<const float> values)
{
    ValueRange range;
    for (const float value : values)
        range.include(static_cast<double>(value));
    return range;
}

QString layerName(int number) { return tr("layer %1").arg(number); }

QString layerMark(int number) { return tr("L%1").arg(number); }

QString mapName(const Patterns& patterns, const Selection& s)
{
    const QString layer = layerName(patterns.number(s.layer));
    const int heads = patterns.heads(s.layer);
    switch (s.reading) {
    case HeadReading::One:
        return tr("%1 · head %2").arg(layer).arg(s.head);
    case HeadReading::Mean:
        return tr("%1 · mean of %2 heads").arg(layer).arg(heads);
    case HeadReading::Min:
        return tr("%1 · minimum over %2 heads").arg(layer).arg(heads);
    case HeadReading::Max:
        return tr("%1 · maximum over %2 heads").arg(layer).arg(heads);
    }
    return layer;
}

QString anchorName(const Patterns& patterns, const Selection& s)
{
    return anchored(
        s.direction, tokenName(patterns.near(s.layer, s.direction), patterns.anchorToken(s.layer, s)));
}

QString longestAnchorName(const Patterns& patterns, const Selection& s)
{
    const TokenLayout& tokens = patterns.near(s.layer, s.direction);
    QString longest = tokenName(tokens, tokens.tokens() - 1); // of all patches the last has most digits
    for (int token = 0; token < tokens.tokens(); ++token)
        if (tokens.isSpecial(token) && tokenName(tokens, token).size() > longest.size())
            longest = tokenName(tokens, token);
    return anchored(s.direction, longest);
}

QString tokenName(const TokenLayout& tokens, int token)
{
    return token < 0 ? tr("none") : QString::fromStdString(tokens.name(token));
}

QString rankedText(std::span<const float> line, std::size_t index, Direction direction)
{
    const float value = line[index];
    if (!std::isfinite(value))
        return tr("no number");
    const auto above = std::ranges::count_if(line, [&](float other) { return other > value; });
    const auto among = std::ranges::count_if(line, [](float other) { return std::isfinite(other); });
    const QString rank = above > 0         ? tr("rank %1 of %2").arg(above + 1).arg(among)
        : direction == Direction::QueryRow ? tr("row max")
                                           : tr("column max");
    return numberText(value, 3) + QStringLiteral(", ") + rank;
}

QString spokenCell(const Patterns& patterns, const Selection& s)
{
    const CellReading cell = readCell(patterns, s);
    const bool isRow = s.direction == Direction::QueryRow;
    const int other = isRow ? cell.keyToken : cell.queryToken;
    const QString names = tr("query %1, key %2")
                              .arg(tokenName(patterns.queries(s.layer), cell.queryToken),
                                  tokenName(patterns.keys(s.layer), cell.keyToken));
    const int anchor = isRow ? cell.queryToken : cell.keyToken;
    if (other < 0 || !patterns.reach(s.layer, s.direction, anchor)[static_cast<std::size_t>(other)])
        return tr("%1, not seen").arg(names);
    const auto line = patterns.line({s.layer, s.head, s.reading}, s.direction, anchor);
    return names + QStringLiteral(", ") + rankedText(line, static_cast<std::size_t>(other), s.direction);
}

QString readOut(const Patterns& patterns, const Selection& s)
{
    if (patterns.empty())
        return {};
    const CellReading cell = readCell(patterns, s);
    static const QStringList readings{QString(), tr("mean"), tr("min"), tr("max")};
    const QString head
        = s.reading == HeadReading::One ? tr("H%1").arg(s.head) : readings[static_cast<int>(s.reading)];
    const QString where = tr("%1 %2 q=%3 k=%4")
                              .arg(layerMark(patterns.number(s.layer)), head,
                                  tokenName(patterns.queries(s.layer), cell.queryToken),
                                  tokenName(patterns.keys(s.layer), cell.keyToken));
    if (!std::isfinite(cell.value))
        return where; // the two do not meet, or there is no number
    return tr("%1 %2 rank %3/%4").arg(where, readingText(cell.value, 3)).arg(cell.rank).arg(cell.among);
}

QString readOutInWords(const Patterns& patterns, const Selection& s)
{
    if (patterns.empty())
        return {};
    const CellReading cell = readCell(patterns, s);
    QStringList lines{tr("query %1  →  key %2")
                          .arg(tokenName(patterns.queries(s.layer), cell.queryToken),
                              tokenName(patterns.keys(s.layer), cell.keyToken))};
    if (std::isfinite(cell.value)) {
        lines.append(
            tr("attention %1, rank %2 of %3").arg(readingText(cell.value, 3)).arg(cell.rank).arg(cell.among));
        if (s.direction == Direction::QueryRow)
            lines.append(tr("uniform attention %1").arg(readingText(1.0 / cell.among, 3)));
    }
    return lines.join(QLatin1Char('\n'));
}

Record namedRecord(const std::string& path, Kind kind, Tensor value, const std::string& role)
{
    Record record;
    record.info.path = path;
    record.info.kind = kind;
    record.info.role = role;
    record.axes = defaultAxes(record.info, value.shape());
    record.value = std::move(value);
    return record;
}

void nameAxis(Record& record, std::size_t axis, const std::string& name, const QStringList& labels)
{
    record.axes[axis].name = name;
    record.axes[axis].labels.clear();
    for (const QString& label : labels)
        record.axes[axis].labels.push_back(label.toStdString());
}

}
