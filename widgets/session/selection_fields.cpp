// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/selection_fields.h"

#include "widgets/session/display.h"
#include "widgets/session/patterns.h"

#include "core/tensor/error.h"

#include <QStringList>

#include <limits>

namespace fovea {

namespace {

const std::vector<std::string> readingNames{"one", "mean", "min", "max"};
const std::vector<std::string> directionNames{"query", "key"};

template <class Enum>
Enum valueOf(const std::vector<std::string>& names, const std::string& name)
{
    return static_cast<Enum>(std::ranges::find(names, name) - names.begin());
}

Field place(const char* name, const char* help)
{
    return {name, std::int64_t{0}, help, 0, std::numeric_limits<int>::max()};
}

std::string textOf(const std::vector<std::pair<int, int>>& heads)
{
    std::string text;
    for (const auto& [layer, head] : heads)
        text += (text.empty() ? "" : ",") + std::to_string(layer) + '.' + std::to_string(head);
    return text;
}

std::vector<std::pair<int, int>> headsIn(const std::string& text, const std::string& owner)
{
    std::vector<std::pair<int, int>> heads;
    for (const QString& word : QString::fromStdString(text).split(',', Qt::SkipEmptyParts)) {
        const QStringList parts = word.split('.');
        bool isLayer = false, isHead = false;
        heads.push_back({parts.value(0).toInt(&isLayer), parts.value(1).toInt(&isHead)});
        if (!isLayer || !isHead || parts.size() != 2 || heads.back().first < 0 || heads.back().second < 0)
            throw Error("field '" + owner + "brushed': expected heads as LAYER.HEAD,LAYER.HEAD, found '"
                + word.toStdString() + "'");
    }
    return heads;
}

QJsonObject spotJson(const Spot& spot)
{
    if (!spot.special.empty())
        return {{"special", QString::fromStdString(spot.special)}};
    return {{"x", spot.place.x}, {"y", spot.place.y}};
}

QJsonObject cellJson(const Cell& cell)
{
    QJsonObject json;
    if (cell.query)
        json["query"] = spotJson(*cell.query);
    if (cell.key)
        json["key"] = spotJson(*cell.key);
    return json;
}

std::optional<Spot> spotFrom(const QJsonValue& value, const std::string& field)
{
    if (value.isUndefined())
        return std::nullopt;
    const QJsonObject json = value.toObject();
    if (json.keys() == QStringList{"special"} && !json["special"].toString().isEmpty())
        return Spot{json["special"].toString().toStdString(), {}};
    if (json.keys() == QStringList{"x", "y"} && json["x"].isDouble() && json["y"].isDouble())
        return Spot{{}, {json["x"].toDouble(), json["y"].toDouble()}};
    throw Error("field '" + field
        + "': expected {\"special\": NAME} or {\"x\": NUMBER, \"y\": NUMBER} in pixels of the input");
}

Cell cellFrom(const QJsonValue& value)
{
    QJsonObject json = value.toObject();
    const Cell cell{
        spotFrom(json.take("query"), "selection.pin.query"), spotFrom(json.take("key"), "selection.pin.key")};
    if (!(value.isObject() || value.isUndefined()) || !json.isEmpty())
        throw Error("field 'selection.pin': expected an object with \"query\" and \"key\" at most");
    return cell;
}

/// Of any layer: a pin lights up all that know its place.
bool isInRun(const Spot& spot, const Patterns& patterns)
{
    const auto knows = [&](const TokenLayout& tokens) {
        return spot.special.empty() ? tokens.extent().contains(spot.place)
                                    : tokens.specialNamed(spot.special) >= 0;
    };
    bool found = patterns.empty();
    for (int layer = 0; layer < patterns.layers() && !found; ++layer)
        found = knows(patterns.queries(layer)) || knows(patterns.keys(layer));
    return found;
}

}

const Schema& selectionSchema()
{
    static const Schema schema{
        place("step", "Position in the steps of a trace"),
        {"record", std::string(), "Path of the signal that the record view shows"},
        place("layer", "Among the attention patterns, in order of the run"),
        place("group", "Window, row or cluster of the matrix"),
        place("head", "Of the layer"),
        place("channel", "Of a grid or a filter"),
        {"reading", std::string("one"), "One head, or all of them fused", 0, 0, {}, readingNames},
        {"direction", std::string("query"), "Shows the row of a query or the column of a key", 0, 0, {},
            directionNames},
        {"brushed", std::string(), "Heads that stand out, as in 2.0,3.1; none: all"},
    };
    return schema;
}

Config configOf(const Selection& s)
{
    Config config(selectionSchema());
    config.set("step", static_cast<std::int64_t>(s.step));
    config.set("record", s.record);
    config.set("layer", std::int64_t{s.layer});
    config.set("group", std::int64_t{s.group});
    config.set("head", std::int64_t{s.head});
    config.set("channel", std::int64_t{s.channel});
    config.set("reading", readingNames[static_cast<std::size_t>(s.reading)]);
    config.set("direction", directionNames[static_cast<std::size_t>(s.direction)]);
    config.set("brushed", textOf(s.brushed));
    return config;
}

Selection selectionFrom(const Config& config, const std::string& owner)
{
    Selection s;
    s.step = static_cast<std::size_t>(config.integer("step"));
    s.record = config.text("record");
    s.layer = config.count("layer");
    s.group = config.count("group");
    s.head = config.count("head");
    s.channel = config.count("channel");
    s.reading = valueOf<HeadReading>(readingNames, config.text("reading"));
    s.direction = valueOf<Direction>(directionNames, config.text("direction"));
    s.brushed = headsIn(config.text("brushed"), owner);
    return s;
}

QJsonObject toJson(const Selection& s)
{
    QJsonObject json = toJson(configOf(s));
    json["pin"] = cellJson(s.pin);
    return json;
}

Selection selectionFrom(const QJsonObject& json)
{
    QJsonObject fields = json;
    const QJsonValue pin = fields.take("pin");
    Selection selection = selectionFrom(configFrom(selectionSchema(), fields, "selection"), "selection.");
    selection.pin = cellFrom(pin);
    return selection;
}

std::string refusal(
    const Selection& wanted, const Selection& kept, const Patterns& patterns, const std::string& owner)
{
    const Config asked = configOf(wanted), got = configOf(kept);
    for (const Field& field : selectionSchema()) {
        if (asked.value(field.name) == got.value(field.name))
            continue;
        const bool isPlace = std::holds_alternative<std::int64_t>(field.standard);
        return "field '" + owner + field.name + "': expected "
            + (isPlace ? "0 to " + fovea::textOf(got.value(field.name)) : "what this run has") + ", found '"
            + fovea::textOf(asked.value(field.name)) + "'";
    }
    for (const auto& [name, spot] :
        {std::pair("pin.query", wanted.pin.query), std::pair("pin.key", wanted.pin.key)})
        if (spot && !isInRun(*spot, patterns))
            return "field '" + owner + name + "': expected a token of this run, found "
                + (spot->special.empty() ? "a place outside of its input" : "'" + spot->special + "'");
    return {};
}

}
