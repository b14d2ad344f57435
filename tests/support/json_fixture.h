// Numbers from the project's own JSON fixtures. Not a reader for the product.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <vector>

namespace fovea::test {

/// The object in tests/fixtures/<name>.
inline QJsonObject fixture(const char* name)
{
    return QJsonDocument::fromJson(contentOf(QString(FOVEA_FIXTURES "/") + name)).object();
}

inline std::vector<double> numbersOf(const QJsonValue& array)
{
    std::vector<double> all;
    for (const QJsonValue value : array.toArray())
        all.push_back(value.toDouble());
    return all;
}

/// As f32; the fixture has f64.
inline Tensor tensorOf(const Shape& shape, const std::vector<double>& values)
{
    Tensor tensor(shape);
    std::ranges::transform(values, tensor.writable().begin(), [](double v) { return static_cast<float>(v); });
    return tensor;
}

}
