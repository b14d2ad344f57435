// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/display.h"

#include "core/analysis/cost_contenders.h"
#include "core/source/field_list.h"
#include "core/tensor/error.h"

#include <QJsonDocument>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

const std::vector<std::string> scaleNames{"map", "layer", "shown", "fixed"};
const std::vector<std::string> filterOrders{"stored", "band", "cluster"};
const std::vector<std::string> filterMagnitudes{"linear", "log", "dB"};
const std::vector<std::string> measures{"entropy", "distance", "special share"};
const std::vector<std::string> mapColumns{"seen", "all", "own"};
const std::vector<std::string> mapRuns{"compared", "shown", "all"};

std::vector<std::string> sequentialMaps()
{
    std::vector<std::string> names;
    for (const QString& name : ColorMap::names(ColorMap::Kind::Sequential))
        names.push_back(name.toStdString());
    return names;
}

std::vector<std::string> methodNames()
{
    std::vector<std::string> names;
    for (const analysis::RelevanceMethod& method : analysis::relevanceMethods())
        if (!method.isBaseline)
            names.push_back(method.name);
    return names;
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
        const Schema curves{
            {"curve_log_steps", false, "Curves: steps on a logarithmic axis, counted from 1"},
            {"curve_log_values", false, "Curves: values on a logarithmic axis"},
            {"curve_smoothing", 0.0, "Curves: weight of the running mean; the raw curve stays behind it", 0,
                0.99},
            {"curve_difference", false, "Curves: the shown run minus the compared one"},
            {"head_measure", std::string("entropy"), "What of each head is shown over the steps", 0, 0, {},
                measures},
            {"filter_order", Display().filterOrder,
                "All filters: order of a layer's channels, as stored, by band, or like ones side by side", 0,
                0, {}, filterOrders},
            {"dropped", Display().dropped, "Kept patches: how those that a model dropped look", 0, 0, {},
                {"dimmed", "whitened"}},
            {"strip", std::string(), "Strip: further pictures, paths joined by ;"},
            {"filter_magnitude", Display().filterMagnitude,
                "Filter: colours of the magnitude; dB are below the channel's largest", 0, 0, {},
                filterMagnitudes},
        };
        fields.insert(fields.end(), curves.begin(), curves.end());
        const Schema& relevance = analysis::relevanceSchema();
        fields.insert(fields.end(), relevance.begin(), relevance.end());
        fields.push_back({"relevance_class", std::string(),
            "Class whose relevance is shown, a label or number; empty: the most probable"});
        fields.push_back({"removal_method", Display().removalMethod,
            "Method whose deletion and insertion curves are drawn", 0, 0, {}, methodNames()});
        const Schema study{
            {"study_data", StudyOptions().data,
                "Data set on whose test pictures the methods are measured: shapes, a folder or a file; "
                "empty: "
                "the one that the model was trained on"},
            {"study_count", std::int64_t{StudyOptions().count}, "How many of its test pictures", 1, 100'000},
            {"study_draws", std::int64_t{StudyOptions().draws},
                "Draws of random weights in the sanity check; 0: no check", 0, 1000},
        };
        const Schema cost{
            {"cost_x", CostChoice().x, "Cost against accuracy: what the cost is", 0, 0, {},
                {"macs", "milliseconds"}},
            {"cost_y", CostChoice().y,
                "Cost against accuracy: what stands over the cost; logit: mean change of the label's", 0, 0,
                {}, {"accuracy", "logit"}},
            {"cost_thresholds", CostChoice().thresholds,
                "Cost against accuracy: thresholds between 0 and 1, as in 0.4,0.5; empty: nine from 0.3 to "
                "0.7"},
            {"cost_calibration", std::int64_t{CostChoice().calibration},
                "Cost against accuracy: on how many of the pictures rivals are brought to equal cost", 1,
                100'000},
        };
        const Schema map{
            {"map_steps", StepMapOptions().steps,
                "Vectors over steps: numbers of the steps that are shown, as in 0,2,10; empty: all recorded"},
            {"map_panels", StepMapOptions().panels,
                "Vectors over steps: which signals of one name are shown, by their numbers, as in 0,1; "
                "empty: those around the chosen one"},
            {"map_columns", StepMapOptions().columns,
                "Vectors over steps: elements that are shown; seen: without those that are zero throughout "
                "in "
                "all panels; own: in each panel without those that are zero there",
                0, 0, {}, mapColumns},
            {"map_runs", StepMapOptions().runs, "Vectors over steps: of which runs of a lab", 0, 0, {},
                mapRuns},
            {"map_course", StepMapOptions().course,
                "Courses of elements: last part of the paths of the vectors that are drawn"},
            {"map_color", StepMapOptions().color,
                "Courses of elements: last part of the path of the vector beside them that gives the "
                "colours"},
        };
        fields.insert(fields.end(), study.begin(), study.end());
        fields.insert(fields.end(), cost.begin(), cost.end());
        fields.insert(fields.end(), map.begin(), map.end());
        return fields;
    }();
    return schema;
}

Config configOf(const Display& d)
{
    Config config(displaySchema());
    config.set("colors", d.colors.toStdString());
    config.set("scale", scaleNames[static_cast<std::size_t>(d.scale)]);
    config.set("fixed_max", d.fixedMax);
    config.set("logarithmic", d.logarithmic);
    config.set("opacity", d.opacity);
    config.set("grid", d.grid);
    config.set("hide_specials", d.hideSpecials);
    config.set("whole_matrices", d.wholeMatrices);
    config.set("curve_log_steps", d.curves.logSteps);
    config.set("curve_log_values", d.curves.logValues);
    config.set("curve_smoothing", d.curves.smoothing);
    config.set("curve_difference", d.curves.difference);
    config.set("head_measure", d.curves.measure);
    config.set("filter_order", d.filterOrder);
    config.set("dropped", d.dropped);
    config.set("strip", d.strip);
    config.set("filter_magnitude", d.filterMagnitude);
    for (const Field& field : analysis::relevanceSchema())
        config.set(field.name, d.relevance.value(field.name));
    config.set("relevance_class", d.relevanceClass);
    config.set("removal_method", d.removalMethod);
    config.set("study_data", d.study.data);
    config.set("study_count", std::int64_t{d.study.count});
    config.set("study_draws", std::int64_t{d.study.draws});
    config.set("cost_x", d.cost.x);
    config.set("cost_y", d.cost.y);
    config.set("cost_thresholds", d.cost.thresholds);
    config.set("cost_calibration", std::int64_t{d.cost.calibration});
    config.set("map_steps", d.map.steps);
    config.set("map_panels", d.map.panels);
    config.set("map_columns", d.map.columns);
    config.set("map_runs", d.map.runs);
    config.set("map_course", d.map.course);
    config.set("map_color", d.map.color);
    return config;
}

Display displayFrom(const Config& c)
{
    Display d;
    d.colors = QString::fromStdString(c.text("colors"));
    d.scale = static_cast<ScaleMode>(std::ranges::find(scaleNames, c.text("scale")) - scaleNames.begin());
    d.fixedMax = c.real("fixed_max");
    d.logarithmic = c.flag("logarithmic");
    d.opacity = c.real("opacity");
    d.grid = c.flag("grid");
    d.hideSpecials = c.flag("hide_specials");
    d.wholeMatrices = c.flag("whole_matrices");
    d.curves = {c.flag("curve_log_steps"), c.flag("curve_log_values"), c.real("curve_smoothing"),
        c.flag("curve_difference"), c.text("head_measure")};
    d.filterOrder = c.text("filter_order");
    d.dropped = c.text("dropped");
    d.strip = c.text("strip");
    d.filterMagnitude = c.text("filter_magnitude");
    for (const Field& field : analysis::relevanceSchema())
        d.relevance.set(field.name, c.value(field.name));
    d.relevanceClass = c.text("relevance_class");
    d.removalMethod = c.text("removal_method");
    d.study = {c.text("study_data"), c.count("study_count"), c.count("study_draws")};
    d.cost = {c.text("cost_x"), c.text("cost_y"), c.text("cost_thresholds"), c.count("cost_calibration")};
    d.map = {c.text("map_steps"), c.text("map_panels"), c.text("map_columns"), c.text("map_runs"),
        c.text("map_course"), c.text("map_color")};
    return d;
}

namespace {

/// Each value once. (std::ranges::unique gives a range, which clang 14 cannot read.)
template <class T>
std::vector<T> ascendingOnce(std::vector<T> all)
{
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::vector<Index> wholeNumbersIn(const std::string& text, const std::string& field)
{
    constexpr double most = 1e12;
    std::vector<Index> all;
    if (text.empty())
        return all;
    for (const double value : numbersIn(text, field, 0, most)) {
        if (value != std::floor(value))
            throw Error("field '" + field + "': expected whole numbers, found " + text);
        all.push_back(static_cast<Index>(value));
    }
    return ascendingOnce(std::move(all));
}

}

std::vector<double> thresholdsOf(const CostChoice& choice)
{
    if (choice.thresholds.empty())
        return analysis::usualThresholds();
    std::vector<double> all = numbersIn(choice.thresholds, "cost_thresholds", 0, 1);
    if (std::ranges::any_of(all, [](double value) { return value <= 0 || value >= 1; }))
        throw Error("field 'cost_thresholds': expected numbers between 0 and 1, both excluded, found "
            + choice.thresholds);
    return ascendingOnce(std::move(all));
}

std::vector<Index> stepsOf(const StepMapOptions& options)
{
    return wholeNumbersIn(options.steps, "map_steps");
}

std::vector<Index> panelsOf(const StepMapOptions& options)
{
    return wholeNumbersIn(options.panels, "map_panels");
}

QJsonObject toJson(const Config& config)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(config.json())).object();
}

Config configFrom(const Schema& schema, const QJsonObject& json, const std::string& owner)
{
    Schema named = schema; // so that the message says whose field it is
    for (Field& field : named)
        field.name.insert(0, owner + '.');
    QJsonObject fields;
    for (const QString& name : json.keys())
        fields[QString::fromStdString(owner) + '.' + name] = json[name];
    const Config checked = Config::fromJson(named, QJsonDocument(fields).toJson().toStdString());
    Config config(schema);
    for (const Field& field : schema)
        config.set(field.name, checked.value(owner + '.' + field.name));
    return config;
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
    for (const QString& field : json.keys()) {
        if (!json[field].isString())
            throw Error("field 'answers." + field.toStdString() + "': expected text");
        answers[field.toStdString()] = json[field].toString().toStdString();
    }
    return answers;
}

}
