// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/display.h"

#include <QJsonDocument>

namespace fovea {

namespace {

const std::vector<std::string> scaleNames{"map", "layer", "shown", "fixed"};
const std::vector<std::string> readingNames{"one", "mean", "min", "max"};
const std::vector<std::string> directionNames{"query", "key"};

std::string nameIn(const std::vector<std::string>& names, int index)
{
    return names[static_cast<std::size_t>(index)];
}

int indexIn(const std::vector<std::string>& names, const std::string& name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? 0 : static_cast<int>(found - names.begin());
}

std::vector<std::string> sequentialMaps()
{
    std::vector<std::string> names;
    for (const QString& name : ColorMap::names(ColorMap::Kind::Sequential))
        names.push_back(name.toStdString());
    return names;
}

QJsonObject toJson(const Spot& spot)
{
    if (!spot.special.empty())
        return {{"special", QString::fromStdString(spot.special)}};
    return {{"x", spot.place.x}, {"y", spot.place.y}};
}

std::optional<Spot> spotFrom(const QJsonValue& json)
{
    if (!json.isObject())
        return std::nullopt;
    return Spot{json["special"].toString().toStdString(), {json["x"].toDouble(), json["y"].toDouble()}};
}

}

const Schema& displaySchema()
{
    static const Schema schema = [] {
        Schema fields{
            {"colors", std::string("viridis"), "Colours of quantities that are never negative", 0, 0, {},
                sequentialMaps()},
            {"scale", std::string("layer"), "Whose values set the ends of the colours", 0, 0, {}, scaleNames},
            {"fixed_max", 1.0, "Upper end of a fixed scale", 1e-6, 1e6},
            {"logarithmic", false, "Colours by the logarithm of the value"},
            {"opacity", 0.75,
                "Opacity of a map over the picture at the upper end of its colours; it is least at zero", 0,
                1},
            {"grid", true, "Draw the patch grid over the picture"},
            {"hide_specials", false, "Leave special tokens out and renormalise each row"},
            {"whole_matrices", false, "Thumbnails show whole matrices instead of the chosen token's map"},
        };
        const Schema& rollout = analysis::rolloutSchema();
        fields.insert(fields.end(), rollout.begin(), rollout.end());
        return fields;
    }();
    return schema;
}

Config configOf(const Display& d)
{
    Config config(displaySchema());
    config.set("colors", d.colors.toStdString());
    config.set("scale", nameIn(scaleNames, static_cast<int>(d.scale)));
    config.set("fixed_max", d.fixedMax);
    config.set("logarithmic", d.logarithmic);
    config.set("opacity", d.opacity);
    config.set("grid", d.grid);
    config.set("hide_specials", d.hideSpecials);
    config.set("whole_matrices", d.wholeMatrices);
    analysis::setRolloutOptions(config, d.rollout);
    return config;
}

Display displayFrom(const Config& c)
{
    Display d;
    d.colors = QString::fromStdString(c.text("colors"));
    d.scale = static_cast<ScaleMode>(indexIn(scaleNames, c.text("scale")));
    d.fixedMax = c.real("fixed_max");
    d.logarithmic = c.flag("logarithmic");
    d.opacity = c.real("opacity");
    d.grid = c.flag("grid");
    d.hideSpecials = c.flag("hide_specials");
    d.wholeMatrices = c.flag("whole_matrices");
    d.rollout = analysis::rolloutOptions(c);
    return d;
}

QJsonObject toJson(const Config& config)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(config.json())).object();
}

QJsonObject toJson(const Answers& answers)
{
    QJsonObject json;
    for (const auto& [field, text] : answers)
        json[QString::fromStdString(field)] = QString::fromStdString(text);
    return json;
}

Answers answersFrom(const QJsonObject& json)
{
    Answers answers;
    for (const QString& field : json.keys())
        answers[field.toStdString()] = json[field].toString().toStdString();
    return answers;
}

QJsonObject toJson(const Cell& cell)
{
    QJsonObject json;
    if (cell.query)
        json["query"] = toJson(*cell.query);
    if (cell.key)
        json["key"] = toJson(*cell.key);
    return json;
}

Cell cellFrom(const QJsonObject& json) { return {spotFrom(json["query"]), spotFrom(json["key"])}; }

QJsonObject toJson(const Selection& s)
{
    return {{"step", static_cast<qint64>(s.step)}, {"record", QString::fromStdString(s.record)},
        {"layer", s.layer}, {"group", s.group}, {"head", s.head}, {"channel", s.channel},
        {"reading", QString::fromStdString(nameIn(readingNames, static_cast<int>(s.reading)))},
        {"direction", QString::fromStdString(nameIn(directionNames, static_cast<int>(s.direction)))},
        {"pin", toJson(s.pin)}};
}

Selection selectionFrom(const QJsonObject& json)
{
    Selection s;
    s.step = static_cast<std::size_t>(std::max(0, json["step"].toInt()));
    s.record = json["record"].toString().toStdString();
    s.layer = std::max(0, json["layer"].toInt());
    s.group = std::max(0, json["group"].toInt());
    s.head = std::max(0, json["head"].toInt());
    s.channel = std::max(0, json["channel"].toInt());
    s.reading = static_cast<HeadReading>(indexIn(readingNames, json["reading"].toString().toStdString()));
    s.direction = static_cast<Direction>(indexIn(directionNames, json["direction"].toString().toStdString()));
    s.pin = cellFrom(json["pin"].toObject());
    return s;
}

}
