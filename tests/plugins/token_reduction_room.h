// What the tests of models that drop or merge tokens have in common: reading a golden file's stages and a
// trace's. It tests nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace fovea::test {

inline std::string stageSignal(std::size_t stage, const std::string& name)
{
    return "stages." + std::to_string(stage) + "." + name;
}

/// Numbers of the tokens that are left behind a stage.
inline std::vector<int> left(const Trace& trace, std::size_t stage)
{
    const auto values = trace.find(stageSignal(stage, "left"))->value.values<std::int32_t>();
    return {values.begin(), values.end()};
}

/// Field 0 (score) or 1 (kept) of a Keep record, over all tokens.
inline std::vector<double> keepField(const Trace& trace, std::size_t stage, std::size_t field)
{
    const std::vector<double> keep = trace.find(stageSignal(stage, "keep"))->value.toDoubles();
    std::vector<double> all;
    for (std::size_t i = field; i < keep.size(); i += 2)
        all.push_back(keep[i]);
    return all;
}

/// What tools/make_token_reduction_goldens.py writes.
struct ReductionGolden {
    struct Stage {
        std::vector<int> kept;
        Capture score;
    };
    Golden golden;
    std::vector<Stage> stages;
    std::vector<std::vector<int>> sources; ///< ToMe: the tokens behind each one at the end
    std::vector<int> sizes;
};

inline std::vector<int> integers(const QJsonValue& array)
{
    std::vector<int> all;
    for (const QJsonValue value : array.toArray())
        all.push_back(value.toInt());
    return all;
}

inline ReductionGolden reductionGolden(const QString& id, const QString& name)
{
    const QString path = QString(FOVEA_FIXTURES) + "/" + id + "/" + name + ".json";
    ReductionGolden all{readGolden(path), {}, {}, {}};
    const QJsonObject root = QJsonDocument::fromJson(contentOf(path)).object();
    for (const QJsonValue value : root["stages"].toArray()) {
        const QJsonObject stage = value.toObject(), score = stage["score"].toObject();
        Capture capture{"score", score["shape"].toArray()[0].toInt(), score["mean"].toDouble(),
            score["l2"].toDouble(), {}, {}, {}};
        for (const QJsonValue number : score["first"].toArray())
            capture.first.push_back(number.toDouble());
        for (const QJsonValue number : score["last"].toArray())
            capture.last.push_back(number.toDouble());
        all.stages.push_back({integers(stage["kept"]), capture});
    }
    for (const QJsonValue source : root["sources"].toArray())
        all.sources.push_back(integers(source));
    all.sizes = integers(root["sizes"]);
    return all;
}

/// One pass on rule weights and the rule's input.
inline TracePtr ruleRun(const Architecture& architecture, const Config& config,
    const std::vector<std::string>& edits = {}, const Tensor& input = {})
{
    const Shape one = architecture.inputShape(config);
    std::vector<Index> extents{1};
    extents.insert(extents.end(), one.extents().begin(), one.extents().end());
    ExecuteOptions options;
    for (const std::string& edit : edits)
        options.edits.push_back(Edit::parse(edit));
    return execute(architecture, *ruleWeights(architecture, config),
        input.defined() ? input : ruleInput(Shape(extents)), options);
}

/// The tiny config on 8 x 8 patches in four blocks, with some fields set.
inline Config roomyConfig(const Architecture& architecture, const Answers& fields = {})
{
    Answers all{{"patch_size", "4"}, {"depth", "4"}};
    for (const auto& [name, value] : fields)
        all[name] = value;
    return configWith(architecture, architecture.tinyConfig(), all);
}

inline QString errorOf(const Architecture& architecture, const Config& config)
{
    try {
        architecture.manifest(config);
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

/// Of a batch of three, each sample's output and the watched one's survivors are those that it has alone.
inline QString batchDifference(
    const Architecture& architecture, const Config& config, const std::vector<std::string>& edits)
{
    const Shape one = architecture.inputShape(config);
    const Tensor three = ruleInput({3, one[0], one[1], one[2]});
    Tensor logits;
    for (Index b = 0; b < 3; ++b) {
        ExecuteOptions options;
        options.sample = b;
        options.logits = &logits;
        for (const std::string& edit : edits)
            options.edits.push_back(Edit::parse(edit));
        const TracePtr batch = execute(architecture, *ruleWeights(architecture, config), three, options);
        const TracePtr alone = ruleRun(architecture, config, edits, three.rows(b, b + 1));
        if (!(relativeDifference(logits.at(b).reshaped(alone->output.shape()), alone->output) < 1e-5))
            return QString("sample %1 has another output in a batch").arg(b);
        for (const RecordPtr& record : alone->steps[0]->all())
            if (record->path().ends_with(".left")
                && !record->value.identical(batch->find(record->path())->value))
                return QString("sample %1 has another ").arg(b) + QString::fromStdString(record->path());
    }
    return {};
}

}
