// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/input_picture.h"

#include "widgets/plots/value_scale.h"
#include "widgets/views/token_map.h"

#include <QCoreApplication>

#include <cmath>

namespace fovea {

namespace {

/// The first sample of f32 [1, channel, y, x], each value between the extremes as grey or RGB.
QImage stretched(const Tensor& input)
{
    if (!input.defined() || input.rank() != 4 || input.dtype() != DType::F32)
        return {};
    const Tensor sample = input.at(0);
    ValueRange range;
    range.include(sample);
    const double span = range.max > range.min ? range.max - range.min : 1;
    const int height = static_cast<int>(sample.dim(1)), width = static_cast<int>(sample.dim(2));
    const bool isColor = sample.dim(0) >= 3;
    QImage image(width, height, QImage::Format_RGB32);
    const auto value = [&](Index channel, int y, int x) {
        const auto v = static_cast<double>(sample.data()[(channel * height + y) * width + x]);
        return std::isfinite(v) ? static_cast<int>(std::lround((v - range.min) / span * 255)) : 0;
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            image.setPixel(x, y,
                isColor ? qRgb(value(0, y, x), value(1, y, x), value(2, y, x))
                        : qRgb(value(0, y, x), value(0, y, x), value(0, y, x)));
    return image;
}

}

QImage inputPicture(const Slot& slot)
{
    if (slot.prepared.picture.defined())
        return pictureImage(slot.prepared.picture);
    return slot.trace() ? stretched(slot.trace()->input) : QImage();
}

QStringList pictureBadges(const Slot& slot)
{
    const bool isStretched
        = !slot.prepared.picture.defined() && slot.trace() && slot.trace()->input.rank() == 4;
    return isStretched
        ? QStringList{QCoreApplication::translate("SpatialView", "picture stretched to its extremes")}
        : QStringList();
}

}
