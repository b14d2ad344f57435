// Spectra of token maps and their profiles, against sums in double precision and the official numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/spectrum_profile.h"
#include "core/analysis/token_spectrum.h"
#include "core/tensor/error.h"

#include "tests/support/naive_fft.h"
#include "tests/support/test.h"

#include <numbers>

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

bool near(float found, double expected, double within = 1e-5)
{
    return std::abs(static_cast<double>(found) - expected) < within;
}

/// Tokens [cls + rows * cols, channels], of(patch, channel); the class token holds 1000.
template <class Of>
Record tokensOf(int rows, int cols, int channels, Of of, bool hasClass = true)
{
    Record record;
    record.info.path = "blocks.0.out";
    record.info.kind = Kind::Tokens;
    record.queries = TokenLayout::image(
        rows, cols, cols, rows, hasClass ? std::vector<std::string>{"cls"} : std::vector<std::string>());
    const int first = hasClass ? 1 : 0;
    record.value = Tensor::full({first + rows * cols, channels}, 1000);
    const auto out = record.value.writable();
    for (int patch = 0; patch < rows * cols; ++patch)
        for (int c = 0; c < channels; ++c)
            out[static_cast<std::size_t>((first + patch) * channels + c)] = static_cast<float>(of(patch, c));
    return record;
}

/// A Grid of magnitudes with frequency 0 in the middle, of(ky, kx) in cycles per token.
template <class Of>
Record spectrumOf(Index rows, Index cols, Of of)
{
    Record record;
    record.info.path = "s";
    record.info.kind = Kind::Grid;
    record.value = Tensor({1, rows, cols});
    auto out = record.value.writable().begin();
    for (Index y = 0; y < rows; ++y)
        for (Index x = 0; x < cols; ++x)
            *out++ = static_cast<float>(of(static_cast<double>(y - rows / 2) / static_cast<double>(rows),
                static_cast<double>(x - cols / 2) / static_cast<double>(cols)));
    return record;
}

double wave(int t, int channel)
{
    return std::sin(1 + 0.7 * t + 1.3 * channel + 0.11 * t * t * (channel + 1)) + 0.5;
}

}

class TestSpectra : public QObject {
    Q_OBJECT
private slots:
    void aTokenMapsSpectrumEqualsTheSums()
    {
        const int rows = 5, cols = 6;
        const Record tokens = tokensOf(rows, cols, 2, wave);
        const Record spectrum = tokenSpectrum(tokens);
        QCOMPARE(spectrum.value.shape(), Shape({2, rows, cols}));
        QCOMPARE(spectrum.path(), std::string("blocks.0.out.spectrum"));
        QCOMPARE(spectrum.axes[1].values.front(), -0.4);
        for (int c = 0; c < 2; ++c) {
            Complexes plane;
            for (int t = 0; t < rows * cols; ++t)
                plane.emplace_back(wave(t, c));
            const Complexes full = naiveDft2(plane, rows, cols, -1);
            for (int y = 0; y < rows; ++y)
                for (int x = 0; x < cols; ++x)
                    QVERIFY(
                        near(spectrum.value
                                 .data()[(c * rows + (y + rows / 2) % rows) * cols + (x + cols / 2) % cols],
                            std::abs(full[static_cast<std::size_t>(y * cols + x)]) / std::sqrt(rows * cols)));
        }
    }

    void logAmplitudesAreTheOfficialOnes() // of fourier_analysis.ipynb's functions, in torch 1.13
    {
        const auto check = [](int n, const std::vector<double>& expected) {
            const Record found = relativeLogAmplitude(tokensOf(n, n, 3, wave));
            QCOMPARE(found.value.count(), static_cast<Index>(expected.size()));
            for (std::size_t k = 0; k < expected.size(); ++k)
                QVERIFY2(near(found.value.data()[k], expected[k], 2e-5),
                    qPrintable(QString::number(found.value.data()[k])));
        };
        check(6, {0, -1.419531, -1.420092});
        check(7, {0, -2.294063, -2.492957, -1.580498});
    }

    void tokensThatFillNoGridAreRefused()
    {
        const Record whole = tokensOf(3, 4, 1, wave);
        QVERIFY(fillsGrid(whole));
        FOVEA_THROWS(relativeLogAmplitude(whole), Error, "blocks.0.out", "square grid, found 3 x 4");
        Record dropped = whole;
        const std::vector<int> left{0, 1, 2, 5};
        dropped.queries = whole.queries->selected(left);
        dropped.value = Tensor::zeros({4, 1});
        QVERIFY(!fillsGrid(dropped));
        FOVEA_THROWS(tokenSpectrum(dropped), Error, "blocks.0.out", "fill a grid");
        QVERIFY(fillsGrid(tokensOf(3, 4, 1, wave, false)));
    }

    void aSectorHoldsTheWavesOfItsDirection()
    {
        const auto sectorOf = [](double ky, double kx) {
            const Record profile = angularProfile(spectrumOf(8, 8, [=](double y, double x) {
                return (y == ky && x == kx) || (y == -ky && x == -kx) ? 1.0 : 0.0;
            }));
            Index best = 0;
            for (Index s = 1; s < 12; ++s)
                if (profile.value.data()[s] > profile.value.data()[best])
                    best = s;
            return profile.axes[1].values[static_cast<std::size_t>(best)];
        };
        QCOMPARE(sectorOf(0, 0.25), 0.0); // from left to right
        QCOMPARE(sectorOf(0.25, 0), 90.0); // from top to bottom
        QCOMPARE(sectorOf(0.125, 0.125), 45.0);
        QCOMPARE(sectorOf(0.125, -0.125), 135.0);
        const Record flat = angularProfile(spectrumOf(9, 9, [](double y, double x) {
            return y == 0 && x == 0 ? 100.0 : 2.0;
        })); // frequency 0 has no direction
        for (Index s = 0; s < 12; ++s)
            QVERIFY(near(flat.value.data()[s], 2) || std::isnan(flat.value.data()[s]));
    }

    void theLastRingHoldsTheShorterSidesNyquist() // where the longer side, being odd, has none
    {
        for (const auto& [rows, cols] : {std::pair<Index, Index>(7, 4), {4, 7}, {5, 4}, {15, 14}}) {
            const Index longest = std::max(rows, cols), last = longest / 2;
            double sum = 0, count = 0;
            const Record profile = radialProfile(spectrumOf(rows, cols, [&](double y, double x) {
                const double radius = std::hypot(y, x), value = 1 + 3 * y * y + x;
                if (radius >= (static_cast<double>(last) - 0.5) / static_cast<double>(longest)
                    && radius <= 0.5) {
                    sum += value;
                    count += 1;
                }
                return value;
            }));
            QCOMPARE(profile.value.shape(), Shape({1, last + 1}));
            QVERIFY2(near(profile.value.data()[last], sum / count), qPrintable(QString::number(rows)));
        }
    }

    void aFlatSpectrumIsItsOwnLevel()
    {
        const Record flat = relativeProfile(spectrumOf(6, 8, [](double, double) { return 7.0; }));
        QCOMPARE(flat.value.shape(), Shape({1, 5}));
        for (Index ring = 0; ring < 5; ++ring)
            QVERIFY(near(flat.value.data()[ring], 1));
        const Record mean = relativeProfile(
            spectrumOf(6, 8, [](double y, double x) { return y == 0 && x == 0 ? 3.0 : 0.0; }));
        QVERIFY(near(mean.value.data()[0], std::sqrt(48.0))); // all the energy at one of 48 frequencies
        QVERIFY(near(mean.value.data()[1], 0));
        const Record nothing = relativeProfile(spectrumOf(4, 4, [](double, double) { return 0.0; }));
        QVERIFY(std::isnan(nothing.value.data()[0]));
    }

    void aMeanLeavesOutWhatIsNoNumber()
    {
        Record rows;
        rows.info.path = "r";
        rows.info.kind = Kind::Matrix;
        rows.value = Tensor::of<float>({2, 2}, std::vector<float>{1, NAN, 3, 5});
        const Record mean = channelMean(rows);
        QCOMPARE(mean.value.shape(), Shape({1, 2}));
        QVERIFY(near(mean.value.data()[0], 2) && near(mean.value.data()[1], 5));
    }
};

QTEST_APPLESS_MAIN(TestSpectra)
#include "tst_spectra.moc"
