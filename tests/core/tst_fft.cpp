// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fft/plan.h"
#include "core/fft/transform.h"

#include "tests/support/naive_fft.h"
#include "tests/support/test.h"

#include <thread>

using namespace fovea;
using namespace fovea::test;

namespace {

constexpr int sizes[][2] = {{1, 1}, {1, 2}, {1, 7}, {7, 1}, {1, 8}, {2, 2}, {3, 3}, {4, 6}, {5, 4}, {6, 5},
    {7, 7}, {8, 8}, {9, 15}, {13, 11}, {14, 14}, {15, 14}, {17, 16}, {28, 28}};

Tensor complexNoise(const Shape& shape, const char* name)
{
    return noise({shape.count(), 2}, name).window(0, shape, DType::C64);
}

/// Plane i of a tensor [2, H, W].
Complexes plane(const Tensor& t, Index i)
{
    const Tensor one = t.at(i);
    if (t.dtype() == DType::F32) {
        const Doubles values = one.toDoubles();
        return {values.begin(), values.end()};
    }
    const auto values = one.values<std::complex<float>>();
    return {values.begin(), values.end()};
}

Doubles parts(const Complexes& values, double factor)
{
    Doubles all;
    for (const auto& value : values)
        all.insert(all.end(), {value.real() * factor, value.imag() * factor});
    return all;
}

double difference(const Tensor& found, Index i, const Complexes& expected, double factor)
{
    return relativeDifference(parts(plane(found, i), 1), parts(expected, factor));
}

void addSizes()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    for (const auto& [rows, cols] : sizes)
        QTest::addRow("%d x %d", rows, cols) << rows << cols;
}

}

class TestFft : public QObject {
    Q_OBJECT
private slots:
    void transformsEqualTheSums_data() { addSizes(); }
    void transformsEqualTheSums()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const Tensor real = noise({2, rows, cols}, "real"),
                     complex = complexNoise({2, rows, cols}, "complex");
        const double count = rows * cols;
        const Tensor half = fft::rfft2(real, fft::Norm::Ortho), full = fft::fft2(complex),
                     back = fft::ifft2(complex);
        QCOMPARE(half.shape(), (Shape{2, rows, cols / 2 + 1}));
        for (Index i = 0; i < 2; ++i) {
            const Doubles values = real.at(i).toDoubles();
            QVERIFY(difference(half, i, naiveHalf(values, rows, cols), 1 / std::sqrt(count)) < 1e-6);
            QVERIFY(difference(full, i, naiveDft2(plane(complex, i), rows, cols, -1), 1) < 1e-6);
            QVERIFY(difference(back, i, naiveDft2(plane(complex, i), rows, cols, 1), 1 / count) < 1e-6);
        }
    }

    void anInverseOfAnyHalfSpectrumFollowsTheRule_data() { addSizes(); }
    void anInverseOfAnyHalfSpectrumFollowsTheRule()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const Tensor spectrum = complexNoise({2, rows, cols / 2 + 1}, "spectrum"); // of no real plane
        const double count = rows * cols;
        const Tensor found = fft::irfft2(spectrum, cols),
                     ortho = fft::irfft2(spectrum, cols, fft::Norm::Ortho);
        QCOMPARE(found.shape(), (Shape{2, rows, cols}));
        for (Index i = 0; i < 2; ++i) {
            Doubles expected = naiveHalfInverse(plane(spectrum, i), rows, cols);
            for (double& value : expected)
                value /= count;
            QVERIFY(relativeDifference(found.at(i).toDoubles(), expected) < 1e-6);
            for (double& value : expected)
                value *= std::sqrt(count);
            QVERIFY(relativeDifference(ortho.at(i).toDoubles(), expected) < 1e-6);
        }
    }

    void backAndForthIsTheSamePlane_data() { addSizes(); }
    void backAndForthIsTheSamePlane()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const Tensor x = noise({3, rows, cols}, "x");
        for (const auto norm : {fft::Norm::Backward, fft::Norm::Ortho})
            QVERIFY(relativeDifference(fft::irfft2(fft::rfft2(x, norm), cols, norm), x) < 1e-6);
    }

    /// FFTW's own two-dimensional plan: what GFNet's authors' framework does not promise and this one keeps
    /// to.
    void aPlanOfBothDimensionsFollowsTheRuleToo_data() { addSizes(); }
    void aPlanOfBothDimensionsFollowsTheRuleToo()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const int width = cols / 2 + 1;
        const Tensor spectrum = complexNoise({1, rows, width}, "spectrum");
        const fft::FftPlan& plan = fft::planFor({fft::FftJob::Kind::HalfToReal,
            {fft::Loop{rows, width, cols}, fft::Loop{cols, 1, 1}}, {}, false});
        Tensor copy = spectrum.clone(), found({rows, cols});
        plan(copy.writable<std::complex<float>>().data(), found.writable().data());
        QVERIFY(
            relativeDifference(found.toDoubles(), naiveHalfInverse(plane(spectrum, 0), rows, cols)) < 1e-6);
    }

    void threadsMayPlanAndTransformAtOnce()
    {
        const Tensor x = noise({4, 10, 12}, "x");
        const Tensor expected = fft::rfft2(x);
        std::array<Tensor, 4> found;
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < found.size(); ++i)
                threads.emplace_back([&, i] {
                    for (int size = 3; size < 40; ++size)
                        fft::rfft2(noise({size, size}, "y"));
                    found[i] = fft::rfft2(x);
                });
        }
        for (const Tensor& result : found)
            QVERIFY(result.identical(expected));
    }
};

QTEST_APPLESS_MAIN(TestFft)
#include "tst_fft.moc"
