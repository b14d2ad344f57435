// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/teacher.h"

#include "core/nn/elementwise.h"
#include "core/nn/softmax.h"

namespace fovea::train {

namespace {

/// Normalised one way to normalised another: x [B, channel, ...] as (v - mean) / std per channel.
Tensor renormalised(const Tensor& x, const Preprocess& from, const Preprocess& to)
{
    if (from.mean == to.mean && from.std == to.std)
        return x;
    Tensor out = x.clone();
    const Index channels = x.dim(1), pixels = x.count() / (x.dim(0) * channels);
    float* next = out.writable().data();
    for (Index plane = 0; plane < x.dim(0) * channels; ++plane) {
        const auto c = static_cast<std::size_t>(plane % channels);
        for (Index i = 0; i < pixels; ++i, ++next)
            *next = (*next * from.std[c] + from.mean[c] - to.mean[c]) / to.std[c];
    }
    return out;
}

}

Schema teacherSchema()
{
    return {{"teacher_share", 0.5, "of the loss, where there is a teacher; the labels have the rest", 0, 1},
        {"temperature", 3.0, "by which both logits are divided before they are compared", 0.01, 1000}};
}

void Teacher::requireInput(const Shape& sample) const
{
    if (!architecture)
        return;
    if (const Shape own = architecture->inputShape(weights->config()); own != sample)
        throw Error(name, "takes " + own.text() + ", and a sample of the data set is " + sample.text());
}

Loss Teacher::mixed(const RunOptions& means, Loss own, const Lesson& lesson) const
{
    Run run(*weights, means);
    const bool isPicture = lesson.input.rank() == 4;
    const Tensor answer = architecture->forward(run, weights->config(),
        isPicture ? renormalised(lesson.input, lesson.preprocess, weights->parts().preprocess)
                  : lesson.input);
    if (answer.shape() != lesson.logits.shape())
        throw Error(name,
            "its output is " + answer.shape().text() + ", and that of the architecture "
                + lesson.logits.shape().text());
    const auto cooling = static_cast<float>(1 / temperature);
    const Loss other = klDivergence(
        run, nn::scaled(run, lesson.logits, cooling), nn::softmax(run, nn::scaled(run, answer, cooling)));
    own.value = (1 - share) * own.value + share * temperature * temperature * other.value;
    own.gradient = nn::add(run, nn::scaled(run, own.gradient, static_cast<float>(1 - share)),
        nn::scaled(run, other.gradient, static_cast<float>(share * temperature)));
    return own;
}

}
