// Transforms on a tape against central differences of naive sums, for even and odd sizes and every norm.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/custom.h"
#include "core/nn/fourier.h"

#include "tests/support/gradient.h"
#include "tests/support/naive_fft.h"
#include "tests/support/toys/toy_math.h"

using namespace fovea;
using namespace fovea::test;
using fft::Norm;

namespace {

/// Real and imaginary parts, [..] -> [.., 2].
Tensor pairsOf(Run& run, const Tensor& values)
{
    std::vector<Index> extents(values.shape().extents().begin(), values.shape().extents().end());
    extents.push_back(2);
    return nn::custom(
        run, {values}, [&](Run&) { return values.window(0, Shape(extents), DType::F32).clone(); },
        [shape = values.shape()](Run&, const nn::CustomBackward& of) {
            return std::vector<Tensor>{of.gradient.window(0, shape, DType::C64)};
        });
}

Complexes complexOf(const Doubles& pairs)
{
    Complexes values;
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
        values.emplace_back(pairs[i], pairs[i + 1]);
    return values;
}

Doubles partsOf(const Complexes& values, double factor)
{
    Doubles all;
    for (const auto& value : values)
        all.insert(all.end(), {value.real() * factor, value.imag() * factor});
    return all;
}

double factorOf(Norm norm, double count, bool isBack)
{
    return norm == Norm::Ortho ? 1 / std::sqrt(count) : norm == Norm::Backward && isBack ? 1 / count : 1;
}

}

class TestFourier : public QObject {
    Q_OBJECT

private slots:
    void backwardsAreTheGradients_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::addColumn<int>("norm");
        for (const auto& [rows, cols] : {std::pair(1, 1), std::pair(1, 2), std::pair(4, 6), std::pair(5, 4),
                 std::pair(3, 7), std::pair(7, 5)})
            for (const int norm : {0, 1, 2})
                QTest::addRow("%d x %d, norm %d", rows, cols, norm) << rows << cols << norm;
    }
    void backwardsAreTheGradients()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        QFETCH(const int, norm);
        const auto n = static_cast<Norm>(norm);
        const double there = factorOf(n, rows * cols, false), back = factorOf(n, rows * cols, true);
        FOVEA_GRADIENTS_AGREE(ofX(
            {rows, cols}, [=](Run& run, const Tensor& x) { return pairsOf(run, nn::rfft2(run, x, n)); },
            [=](const Doubles& x) { return partsOf(naiveHalf(x, rows, cols), there); }));
        FOVEA_GRADIENTS_AGREE(ofX(
            {rows, cols / 2 + 1, 2},
            [=](Run& run, const Tensor& x) {
                return nn::irfft2(run, toys::asComplex(run, x, {rows, cols / 2 + 1}), cols, n);
            },
            [=](const Doubles& x) {
                Doubles plane = naiveHalfInverse(complexOf(x), rows, cols);
                for (double& value : plane)
                    value *= back;
                return plane;
            }));
        for (const bool isBack : {false, true})
            FOVEA_GRADIENTS_AGREE(ofX(
                {rows, cols, 2},
                [=](Run& run, const Tensor& x) {
                    const Tensor values = toys::asComplex(run, x, {rows, cols});
                    return pairsOf(run, (isBack ? nn::ifft2 : nn::fft2)(run, values, n));
                },
                [=](const Doubles& x) {
                    return partsOf(
                        naiveDft2(complexOf(x), rows, cols, isBack ? 1 : -1), isBack ? back : there);
                }));
    }
};

QTEST_APPLESS_MAIN(TestFourier)
#include "tst_fourier.moc"
