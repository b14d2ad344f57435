// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/golden.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <numeric>

namespace fovea::test {

namespace {

double ruleScale(const std::string& name, const Shape& shape)
{
    const bool isWeight = name.ends_with("weight") && !name.ends_with("complex_weight");
    if (shape.rank() >= 2)
        return isWeight ? std::sqrt(3.0 * static_cast<double>(shape[0]) / static_cast<double>(shape.count()))
                        : 0.5;
    return name.ends_with("running_var") ? 0.5 : 0.2;
}

double ruleOffset(const std::string& name, const Shape& shape)
{
    return shape.rank() == 1 && (name.ends_with("running_var") || name.ends_with("weight")) ? 1 : 0;
}

Tensor ruleTensor(const std::string& name, const Shape& shape, double scale, double offset)
{
    Tensor tensor(shape);
    const std::uint32_t seed = ruleSeed(name);
    std::uint32_t i = 0;
    for (float& value : tensor.writable())
        value = static_cast<float>(offset + scale * ruleNumber(seed, i++));
    return tensor;
}

std::vector<double> numbers(const QJsonValue& array)
{
    std::vector<double> out;
    for (const QJsonValue value : array.toArray())
        out.push_back(value.toDouble());
    return out;
}

Shape shapeOf(const QJsonValue& array)
{
    std::vector<Index> extents;
    for (const QJsonValue value : array.toArray())
        extents.push_back(value.toInteger());
    return Shape(extents);
}

Capture capture(const std::string& path, const QJsonObject& json)
{
    Capture c{path, shapeOf(json["shape"]).count(), json["mean"].toDouble(), json["l2"].toDouble(),
        numbers(json["first"]), numbers(json["last"]), {}};
    const QJsonObject largest = json["largest"].toObject();
    for (auto i = largest.begin(); i != largest.end(); ++i)
        c.largest[i.key().toLongLong()] = i.value().toDouble();
    return c;
}

std::string pathOf(const QString& module)
{
    const QString drop = ".attn_drop";
    return (module.endsWith(drop) ? module.chopped(drop.size()) + ".pattern" : module + ".out").toStdString();
}

std::vector<Capture> capturesIn(const QJsonValue& object)
{
    std::vector<Capture> all;
    const QJsonObject captures = object.toObject();
    for (auto i = captures.begin(); i != captures.end(); ++i)
        all.push_back(capture(i.key().toStdString(), i.value().toObject()));
    return all;
}

QJsonObject objectIn(const QString& file)
{
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly))
        throw Error(file.toStdString(), "cannot be read");
    return QJsonDocument::fromJson(in.readAll()).object();
}

std::string configIn(const QJsonObject& root)
{
    return root.contains("config") ? QJsonDocument(root["config"].toObject()).toJson().toStdString() : "";
}

}

QString difference(const std::vector<double>& found, const Capture& golden, double tolerance)
{
    const auto name = [&](const QString& what) { return QString::fromStdString(golden.path) + ": " + what; };
    const auto n = static_cast<double>(golden.count);
    if (static_cast<Index>(found.size()) != golden.count)
        return name(QString("expected %1 values, found %2").arg(golden.count).arg(found.size()));
    const double rms = golden.l2 / std::sqrt(n);
    const auto differs
        = [&](double value, double expected) { return !(std::abs(value - expected) <= tolerance * rms); };
    const auto report = [&](const QString& what, double value, double expected) {
        return name(QString("%1: expected %2, found %3, %4 of the rms")
                        .arg(what)
                        .arg(expected, 0, 'g', 9)
                        .arg(value, 0, 'g', 9)
                        .arg(std::abs(value - expected) / rms));
    };
    std::map<Index, double> elements = golden.largest;
    for (std::size_t i = 0; i < golden.first.size(); ++i)
        elements[static_cast<Index>(i)] = golden.first[i];
    for (std::size_t i = 0; i < golden.last.size(); ++i)
        elements[golden.count - static_cast<Index>(golden.last.size() - i)] = golden.last[i];
    for (const auto& [i, expected] : elements)
        if (const double value = found.at(static_cast<std::size_t>(i)); differs(value, expected))
            return report(QString("element %1").arg(i), value, expected);
    const double mean = std::accumulate(found.begin(), found.end(), 0.0) / n;
    if (differs(mean, golden.mean))
        return report("mean", mean, golden.mean);
    const double square = std::inner_product(found.begin(), found.end(), found.begin(), 0.0);
    if (differs(std::sqrt(square / n), rms))
        return report("rms", std::sqrt(square / n), rms);
    return {};
}

std::uint32_t ruleSeed(std::string_view name)
{
    std::uint32_t h = 2166136261U;
    for (const char c : name)
        h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
    return h;
}

double ruleNumber(std::uint32_t seed, std::uint32_t element)
{
    std::uint32_t x = seed + element * 0x9E3779B9U;
    x ^= x >> 16;
    x *= 0x85EBCA6BU;
    x ^= x >> 13;
    x *= 0xC2B2AE35U;
    x ^= x >> 16;
    return 2.0 * (x / 4294967296.0) - 1.0;
}

Tensor ruleParameter(const std::string& name, const Shape& shape)
{
    return ruleTensor(name, shape, ruleScale(name, shape), ruleOffset(name, shape));
}

Tensor ruleInput(const Shape& shape, const std::string& name) { return ruleTensor(name, shape, 1, 0); }

WeightsPtr ruleWeights(const Architecture& architecture, const Config& config)
{
    Weights::Parts parts;
    parts.architecture = architecture.identity().id;
    parts.config = config;
    for (const ParameterInfo& info : architecture.manifest(config))
        parts.parameters.set(info.name, ruleParameter(info.name, info.shape));
    return std::make_shared<const Weights>(std::move(parts));
}

Golden readGolden(const QString& file)
{
    const QJsonObject root = objectIn(file);
    Golden golden;
    golden.inputShape = shapeOf(root["input_shape"]);
    golden.config = configIn(root);
    const QJsonObject captures = root["captures"].toObject();
    for (auto i = captures.begin(); i != captures.end(); ++i)
        golden.captures.push_back(capture(pathOf(i.key()), i.value().toObject()));
    golden.captures.push_back(capture("logits", root["output"].toObject()));
    if (golden.inputShape.rank() == 0 || golden.captures.size() < 2)
        throw Error(file.toStdString(), "expected input_shape, captures and output");
    return golden;
}

GoldenGradients readGoldenGradients(const QString& file)
{
    const QJsonObject root = objectIn(file);
    GoldenGradients golden{shapeOf(root["input_shape"]), configIn(root), {}, root["sample"].toInt(),
        capturesIn(root["signals"]), capturesIn(root["parameters"]),
        capture("input", root["input"].toObject())};
    for (const QJsonValue edit : root["edits"].toArray())
        golden.edits.push_back(edit.toString().toStdString());
    if (golden.inputShape.rank() == 0 || golden.signalGradients.empty() || golden.parameters.empty())
        throw Error(file.toStdString(), "expected input_shape, signals and parameters");
    return golden;
}

namespace {

QString difference(const Record& record, const Capture& golden, double tolerance)
{
    return record.value.defined() ? difference(record.value.toDoubles(), golden, tolerance)
                                  : QString::fromStdString(golden.path) + ": only its factors were kept";
}

}

QString firstDivergence(const Trace& trace, const Golden& golden, double tolerance)
{
    for (const RecordPtr& record : trace.steps.front()->all())
        for (const Capture& expected : golden.captures)
            if (expected.path == record->path())
                if (QString found = difference(*record, expected, tolerance); !found.isEmpty())
                    return found;
    for (const Capture& expected : golden.captures)
        if (!trace.find(expected.path))
            return QString::fromStdString(expected.path) + " is in the golden file and was not shown";
    return {};
}

}
