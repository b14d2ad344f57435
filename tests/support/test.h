// What every test includes: Qt Test, with readable comparisons of our own types. It knows no subject.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <QFile>
#include <QString>
#include <QTest>

#include <cmath>

namespace fovea::test {

/// Largest absolute difference over the root mean square of the reference.
inline double relativeDifference(std::span<const double> found, std::span<const double> expected)
{
    double square = 0, worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        square += expected[i] * expected[i];
        const double difference = std::abs(found[i] - expected[i]);
        worst = difference > worst || std::isnan(difference) ? difference : worst;
    }
    const double scale = std::sqrt(square / static_cast<double>(std::max<std::size_t>(expected.size(), 1)));
    return scale > 0 ? worst / scale : worst;
}

inline double relativeDifference(const Tensor& found, const Tensor& expected)
{
    if (found.shape() != expected.shape())
        return INFINITY;
    return relativeDifference(found.toDoubles(), expected.toDoubles());
}

/// The bytes of a file; none when it cannot be read.
inline QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QString text(const Shape& shape) { return QString::fromStdString(shape.text()); }

}

/// Fails unless the expression throws `type` with a message that contains every one of the given texts.
#define FOVEA_THROWS(expression, type, ...)                                                                  \
    do {                                                                                                     \
        bool thrown = false;                                                                                 \
        try {                                                                                                \
            expression;                                                                                      \
        } catch (const type& error) {                                                                        \
            thrown = true;                                                                                   \
            for (const char* part : std::initializer_list<const char*>{__VA_ARGS__})                         \
                QVERIFY2(QString(error.what()).contains(part), error.what());                                \
        }                                                                                                    \
        QVERIFY2(thrown, #expression " did not throw " #type);                                               \
    } while (false)
