// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/study_pictures.h"

#include "core/run/pool.h"
#include "core/tensor/error.h"
#include "core/train/batch.h"
#include "core/train/shapes/shapes_set.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace fovea::train {

namespace {

using analysis::StudyPicture;

void requireFitting(const DataInfo& info, const Shape& expected)
{
    if (info.content != Content::Picture || info.shape != expected)
        throw Error(info.name,
            "expected pictures " + expected.text() + " as the model has them, found " + info.shape.text());
}

/// What the objects but one cover of each pixel, u8 [y, x]; undefined where there are none.
Tensor othersThan(const ObjectMask& own, const std::vector<ObjectMask>& objects)
{
    std::vector<Tensor> others;
    for (const ObjectMask& object : objects)
        if (&object != &own)
            others.push_back(object.coverage);
    return analysis::unionOfMasks(others);
}

}

std::vector<StudyPicture> studyPictures(const DataSet& data, const Architecture& architecture,
    const Weights& weights, Index first, Index count, const ExecuteOptions& run)
{
    requireFitting(data.info(), architecture.inputShape(weights.config()));
    const bool hasClasses = findField(weights.config().schema(), "classes");
    const Index classes = hasClasses ? weights.config().integer("classes") : data.classes();
    const auto pool = run.pool ? run.pool : std::make_shared<Pool>(1);
    BatchOptions options;
    options.preprocess = weights.parts().preprocess;
    std::vector<StudyPicture> pictures;
    const auto add
        = [&](Index sample, const Tensor& input, Index label, const Tensor& mask, const Tensor& others) {
              if (label >= classes)
                  throw Error(data.info().name,
                      "expected labels below the model's " + std::to_string(classes) + " classes, found "
                          + std::to_string(label));
              pictures.push_back({sample, input, static_cast<int>(label), mask, others});
          };
    const Index end = std::min(first + count, data.count(Split::Test));
    for (Index i = first; i < end; ++i) {
        run.stop.check();
        const Tensor input = makeBatch(*pool, data, Split::Test, std::span(&i, 1), options).input;
        const Sample sample = data.sample(Split::Test, i);
        for (const ObjectMask& object : sample.objects)
            add(i, input, object.label, object.coverage, othersThan(object, sample.objects));
        if (sample.objects.empty())
            add(i, input, sample.label, {}, {});
    }
    if (pictures.empty())
        throw Error(data.info().name,
            "expected test pictures from " + std::to_string(first) + " on, found "
                + std::to_string(data.count(Split::Test)) + " in all");
    return pictures;
}

std::string usualData(const Weights& weights)
{
    const auto training = nlohmann::json::parse(weights.parts().training, nullptr, false);
    if (training.is_object() && training.contains("data") && training["data"].is_string())
        return training["data"];
    const bool hasSize = findField(weights.config().schema(), "image_size");
    return hasSize ? "shapes:size=" + std::to_string(weights.config().integer("image_size")) : "shapes";
}

std::string dataFor(const Weights& weights, const std::string& asked)
{
    const std::string data = asked.empty() ? usualData(weights) : asked;
    const Config& config = weights.config();
    const bool isBare = data == "shapes";
    if ((!isBare && !data.starts_with("shapes:")) || data.find("size=") != std::string::npos
        || !findField(config.schema(), "image_size"))
        return data;
    const std::int64_t size = config.integer("image_size");
    return size == Config(shapes::shapesSchema()).integer("size")
        ? data
        : data + (isBare ? ":size=" : ",size=") + std::to_string(size);
}

std::vector<Tensor> inputsOf(const std::vector<StudyPicture>& pictures)
{
    std::vector<Tensor> inputs;
    for (const StudyPicture& picture : pictures)
        if (inputs.empty() || !inputs.back().same(picture.input))
            inputs.push_back(picture.input);
    return inputs;
}

}
