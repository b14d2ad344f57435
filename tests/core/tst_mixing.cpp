// How far filters and attention mix, and the spectrum of attention, against cases solved by hand and sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_spectrum.h"
#include "core/analysis/mixing.h"
#include "core/tensor/error.h"

#include "tests/support/naive_fft.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

bool near(float found, double expected) { return std::abs(static_cast<double>(found) - expected) < 1e-5; }

/// A filter of one channel with that kernel on rows x cols: its half spectrum by sums.
Record filterWith(Index rows, Index cols, const Doubles& kernel)
{
    Record record;
    record.info.path = "f.weight";
    record.info.kind = Kind::Filter;
    record.info.domain = "half-spectrum";
    record.queries = TokenLayout::image(
        static_cast<int>(rows), static_cast<int>(cols), static_cast<double>(cols), static_cast<double>(rows));
    const Complexes half = naiveHalf(kernel, rows, cols);
    record.value = Tensor({1, rows, cols / 2 + 1}, DType::C64);
    std::ranges::transform(half, record.value.writable<std::complex<float>>().begin(),
        [](const auto& v) { return std::complex<float>(v); });
    return record;
}

/// Attention of one head, the class token first, a(query, key) of patches; the class token gets `special` of
/// each patch's row and looks at itself alone.
template <class Of>
Record attentionWith(int rows, int cols, double special, Of a)
{
    Record record;
    record.info.path = "blocks.0.attn.pattern";
    record.info.kind = Kind::Attention;
    record.queries = record.keys = TokenLayout::image(rows, cols, cols * 16, rows * 16, {"cls"});
    const int n = 1 + rows * cols;
    record.value = Tensor::zeros({1, 1, n, n});
    const auto out = record.value.writable();
    out[0] = 1;
    for (int i = 1; i < n; ++i) {
        out[static_cast<std::size_t>(i * n)] = static_cast<float>(special);
        for (int j = 1; j < n; ++j)
            out[static_cast<std::size_t>(i * n + j)] = static_cast<float>((1 - special) * a(i - 1, j - 1));
    }
    record.axes = defaultAxes(record.info, record.value.shape());
    return record;
}

float relative(const Record& mixing) { return mixing.value.data()[2]; }

}

class TestMixing : public QObject {
    Q_OBJECT
private slots:
    void aPointMixesNothingAndAFlatKernelAll()
    {
        for (const auto& [rows, cols] : {std::pair<Index, Index>(6, 8), {7, 7}, {5, 4}}) {
            Doubles point(static_cast<std::size_t>(rows * cols), 0.0), flat(point.size(), 0.3);
            point[0] = -2;
            QVERIFY(near(relative(mixingDistance(filterWith(rows, cols, point))), 0));
            QVERIFY(near(relative(mixingDistance(filterWith(rows, cols, flat))), 1));
        }
    }

    void aKernelIsWeighedBySquaresOnTheTorus()
    {
        Doubles kernel(64, 0.0); // of 8 x 8: 1 at the origin, 2 at (0, 7), which is one to the left
        kernel[0] = 1;
        kernel[7] = 2;
        const Record mixing = mixingDistance(filterWith(8, 8, kernel));
        QVERIFY(near(mixing.value.data()[0], std::sqrt(4.0 / 5)));
        const double uniform = std::sqrt(2 * (0 + 1 + 4 + 9 + 16 + 9 + 4 + 1) / 8.0);
        QVERIFY(near(mixing.value.data()[1], uniform));
        QVERIFY(near(relative(mixing), std::sqrt(4.0 / 5) / uniform));
        QCOMPARE(mixing.path(), std::string("f.weight.mixing"));
    }

    void attentionIsMeasuredByItsUniformOne()
    {
        const Record uniform = attentionWith(4, 6, 0.25, [](int, int) { return 1.0 / 24; });
        const Record own = attentionWith(4, 6, 0.25, [](int i, int j) { return i == j ? 1.0 : 0.0; });
        QVERIFY(near(relative(mixingDistance(uniform)), 1));
        QVERIFY(near(relative(mixingDistance(own)), 0));
        Record tokens;
        tokens.info.path = "blocks.0.out";
        tokens.info.kind = Kind::Tokens;
        FOVEA_THROWS(mixingDistance(tokens), Error, "blocks.0.out", "a filter or an attention pattern");
    }

    void uniformAttentionPassesFrequencyZeroAlone()
    {
        const Record spectrum
            = attentionSpectrum(attentionWith(4, 6, 0.25, [](int, int) { return 1.0 / 24; }));
        QCOMPARE(spectrum.value.shape(), Shape({1, 4, 6}));
        QCOMPARE(spectrum.path(), std::string("blocks.0.attn.pattern.magnitude"));
        for (Index i = 0; i < 24; ++i)
            QVERIFY(near(spectrum.value.data()[i], i == 2 * 6 + 3 ? 0.75 : 0)); // what patches are left
        const Record own
            = attentionSpectrum(attentionWith(4, 6, 0, [](int i, int j) { return i == j ? 1.0 : 0.0; }));
        for (const float m : own.value.values<float>())
            QVERIFY(near(m, 1));
    }

    void attentionToTheRightIsAShift()
    {
        const Record kernel = attentionKernel(attentionWith(4, 6, 0, [](int i, int j) {
            return i / 6 == j / 6 && (i + 2) % 6 == j % 6 ? 1.0 : 0.0; // two to the right, on the torus
        }));
        for (Index y = 0; y < 4; ++y)
            for (Index x = 0; x < 6; ++x)
                QVERIFY(near(kernel.value.data()[y * 6 + x], y == 2 && x == 3 + 2 ? 1 : 0));
        QCOMPARE(kernel.axes[2].values[5], 2.0);
    }

    void anyPatternEqualsTheSums()
    {
        const int rows = 3, cols = 4, n = rows * cols;
        const Tensor weights = noise({n, n}, "pattern");
        const auto a = [&](int i, int j) { return std::abs(static_cast<double>(weights.data()[i * n + j])); };
        Complexes shifts(static_cast<std::size_t>(n));
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j)
                shifts[static_cast<std::size_t>(
                    (j / cols - i / cols + rows) % rows * cols + (j % cols - i % cols + cols) % cols)]
                    += a(i, j) / n;
        const Complexes full = naiveDft2(shifts, rows, cols, -1);
        const Record spectrum = attentionSpectrum(attentionWith(rows, cols, 0, a));
        for (int y = 0; y < rows; ++y)
            for (int x = 0; x < cols; ++x)
                QVERIFY(near(spectrum.value.data()[(y + rows / 2) % rows * cols + (x + cols / 2) % cols],
                    std::abs(full[static_cast<std::size_t>(y * cols + x)])));
    }

    void aClassTokensQuestionHasNoShift()
    {
        Record record = attentionWith(2, 2, 0, [](int, int) { return 0.25; });
        record.value = Tensor::full({1, 1, 1, 5}, 0.2F);
        const std::vector<int> first{0};
        record.queries = record.queries->selected(first);
        QVERIFY(!hasShifts(record));
        QVERIFY(std::isnan(relative(mixingDistance(record))));
        FOVEA_THROWS(attentionSpectrum(record), Error, "blocks.0.attn.pattern", "one grid of patches");
    }
};

QTEST_APPLESS_MAIN(TestMixing)
#include "tst_mixing.moc"
