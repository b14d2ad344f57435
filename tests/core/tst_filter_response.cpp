// Responses and kernels of filters, against cases solved by hand and against sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/filter_response.h"
#include "core/tensor/error.h"

#include "tests/support/naive_fft.h"
#include "tests/support/test.h"

#include <numbers>

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

using Value = std::complex<double>;

/// A half spectrum of one channel over rows x cols, K(ky, kx) = of(ky, kx).
template <class Of>
Record filterOf(Index rows, Index cols, Of of)
{
    Record record;
    record.info = {"f.weight", Kind::Filter, "learned filter", 0, "f", {}, {}, {}, "half-spectrum"};
    const Index half = cols / 2 + 1;
    record.value = Tensor({1, rows, half}, DType::C64);
    const auto out = record.value.writable<std::complex<float>>();
    for (Index ky = 0; ky < rows; ++ky)
        for (Index kx = 0; kx < half; ++kx)
            out[static_cast<std::size_t>(ky * half + kx)] = std::complex<float>(Value(of(ky, kx)));
    record.queries = TokenLayout::image(
        static_cast<int>(rows), static_cast<int>(cols), static_cast<double>(cols), static_cast<double>(rows));
    return record;
}

/// The filter that moves a picture down by dy and to the right by dx.
Record shiftBy(Index rows, Index cols, double dy, double dx)
{
    return filterOf(rows, cols, [=](Index ky, Index kx) {
        const double turns = static_cast<double>(ky) * dy / static_cast<double>(rows)
            + static_cast<double>(kx) * dx / static_cast<double>(cols);
        return std::polar(1.0, -2 * std::numbers::pi * turns);
    });
}

float at(const Record& grid, Index y, Index x) { return grid.value.data()[y * grid.value.dim(2) + x]; }

bool near(float found, double expected) { return std::abs(static_cast<double>(found) - expected) < 1e-5; }

void addSizes()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    for (const auto& [rows, cols] : {std::pair(8, 8), {7, 7}, {4, 6}, {5, 8}, {1, 6}, {1, 1}})
        QTest::addRow("%d x %d", rows, cols) << rows << cols;
}

}

class TestFilterResponse : public QObject {
    Q_OBJECT
private slots:
    void aFilterOfOnesLeavesAllAsItIs_data() { addSizes(); }
    void aFilterOfOnesLeavesAllAsItIs()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const Record filter = filterOf(rows, cols, [](Index, Index) { return 1.0; });
        const Record magnitude = filterMagnitude(filter), kernel = filterKernel(filter);
        QCOMPARE(magnitude.value.shape(), Shape({1, rows, cols}));
        for (Index y = 0; y < rows; ++y)
            for (Index x = 0; x < cols; ++x) {
                QVERIFY(near(at(magnitude, y, x), 1));
                QVERIFY(near(at(kernel, y, x), y == rows / 2 && x == cols / 2 ? 1 : 0));
            }
        QVERIFY(near(kernelRadius(filter).value.data()[0], 0));
        QCOMPARE(magnitude.axes[1].values[static_cast<std::size_t>(rows / 2)], 0.0);
        QCOMPARE(magnitude.axes[2].unit, std::string("cycles/token"));
    }

    void aShiftIsWhereItGoes()
    {
        const Record filter = shiftBy(6, 8, 2, -3); // torus: 3 to the left
        const Record kernel = filterKernel(filter);
        QVERIFY(near(at(kernel, 3 + 2, 4 - 3), 1));
        QVERIFY(near(kernelRadius(filter).value.data()[0], std::hypot(2, 3)));
        const Record far = shiftBy(6, 8, 4, 0); // 4 down on a torus of 6 is 2 up
        QVERIFY(near(kernelRadius(far).value.data()[0], 2));
        QCOMPARE(kernel.path(), std::string("f.weight.kernel"));
    }

    void theMeanReachesEvenly()
    {
        const Record mean = filterOf(4, 4, [](Index ky, Index kx) { return ky == 0 && kx == 0 ? 1.0 : 0.0; });
        double squares = 0; // of distances 0, 1, 2, 1 along each axis
        for (const double dy : {0, 1, 2, 1})
            for (const double dx : {0, 1, 2, 1})
                squares += dy * dy + dx * dx;
        QVERIFY(near(kernelRadius(mean).value.data()[0], std::sqrt(squares / 16)));
        QVERIFY(near(at(filterKernel(mean), 0, 3), 1.0 / 16));
        const Record radial = filterRadial(mean);
        QCOMPARE(radial.value.shape(), Shape({1, 3})); // 0, .25 and .5 cycles per token
        QVERIFY(near(radial.value.data()[0], 1) && near(radial.value.data()[1], 0));
        QCOMPARE(radial.axes[1].values, (std::vector<double>{0, 0.25, 0.5}));
    }

    void aRingIsSharedByItsFrequencies()
    {
        const Record stripe
            = filterOf(8, 8, [](Index ky, Index kx) { return ky == 0 && kx == 1 ? 3.0 : 0.0; });
        const Record radial = filterRadial(stripe); // of the ring's 8 members (0, +-1), (+-1, 0), (+-1, +-1)
        QVERIFY(near(radial.value.data()[1], 3.0 * 2 / 8)); // kx = 1 and, being real, kx = -1
        QVERIFY(near(radial.value.data()[0], 0));
    }

    void whatTheInverseLeavesOutIsGone()
    {
        const Record turned
            = filterOf(4, 4, [](Index ky, Index kx) { return ky == 0 && kx == 0 ? Value(0, 1) : Value(); });
        QVERIFY(near(at(filterMagnitude(turned), 2, 2), 0));
        QVERIFY(std::isnan(kernelRadius(turned).value.data()[0]));
    }

    void whatIsNothingHasNoPhase()
    {
        const Record stripe
            = filterOf(8, 8, [](Index ky, Index kx) { return ky == 0 && kx == 1 ? Value(0, 3) : Value(); });
        const Record phase = filterPhase(stripe);
        QVERIFY(near(at(phase, 4, 5), std::numbers::pi / 2) && near(at(phase, 4, 3), -std::numbers::pi / 2));
        int phases = 0;
        for (const float value : phase.value.values<float>())
            phases += std::isnan(value) ? 0 : 1;
        QCOMPARE(phases, 2);
    }

    void cornersAreInNoRing()
    {
        const Record corner
            = filterOf(8, 8, [](Index ky, Index kx) { return ky == 4 && kx == 1 ? 1.0 : 0.0; }); // .515
        const Record radial = filterRadial(corner);
        for (Index ring = 0; ring < 5; ++ring)
            QVERIFY(near(radial.value.data()[ring], 0));
    }

    void anyFilterEqualsTheSums_data() { addSizes(); }
    void anyFilterEqualsTheSums()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const Tensor numbers = noise({rows, cols / 2 + 1, 2}, "filter");
        const Record filter = filterOf(rows, cols, [&](Index ky, Index kx) {
            const float* pair = numbers.data() + (ky * (cols / 2 + 1) + kx) * 2;
            return Value(static_cast<double>(pair[0]), static_cast<double>(pair[1]));
        });
        const auto values = filter.value.values<std::complex<float>>();
        const Doubles kernel = naiveHalfInverse(Complexes(values.begin(), values.end()), rows, cols);
        const Complexes full = naiveDft2(Complexes(kernel.begin(), kernel.end()), rows, cols, -1);
        const double count = rows * cols;
        const Record magnitude = filterMagnitude(filter), phase = filterPhase(filter),
                     shown = filterKernel(filter);
        for (Index y = 0; y < rows; ++y)
            for (Index x = 0; x < cols; ++x) {
                const auto i = static_cast<std::size_t>(y * cols + x);
                const Index my = (y + rows / 2) % rows, mx = (x + cols / 2) % cols;
                QVERIFY(near(at(magnitude, my, mx), std::abs(full[i]) / count));
                const auto turned = std::polar(std::abs(full[i]), static_cast<double>(at(phase, my, mx)));
                QVERIFY(std::abs(turned - full[i]) < 1e-5 * count); // a turn of 2 pi is no difference
                QVERIFY(near(at(shown, my, mx), kernel[i] / count));
            }
    }

    void otherRecordsAreRefused()
    {
        Record tokens;
        tokens.info.path = "blocks.0.out";
        tokens.info.kind = Kind::Tokens;
        tokens.value = Tensor({2, 2});
        FOVEA_THROWS(filterKernel(tokens), Error, "blocks.0.out", "expected a filter");
    }
};

QTEST_APPLESS_MAIN(TestFilterResponse)
#include "tst_filter_response.moc"
