// The global filter against FFTW's own time for the two transforms with the same plans, as a ratio of the
// medians of alternating runs, one thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fft/plan.h"
#include "core/nn/global_filter.h"

#include "tests/bench/peer.h"
#include "tests/support/naive.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

constexpr int pairs = 8; // of channels in a tile, as core/nn/filter_tile.h has it

/// Both transforms of all tiles of tokens [side * side, channels], and nothing else.
class Transforms {
public:
    Transforms(int side, int channels)
        : channels_(channels)
        , spectrum_({side * side, 2 * pairs})
    {
        using Kind = fft::FftJob::Kind;
        const auto rows = [&](Kind kind, int from, int to) {
            return &fft::planFor({kind, {fft::Loop{}, fft::Loop{side, from, to}},
                {fft::Loop{side, side * from, side * to}, fft::Loop{pairs, 1, 1}}, false});
        };
        const auto columns = [&](Kind kind) {
            const int across = side * pairs;
            return &fft::planFor({kind, {fft::Loop{}, fft::Loop{side, across, across}},
                {fft::Loop{}, fft::Loop{across, 1, 1}}, true});
        };
        plans_ = {rows(Kind::Forward, channels / 2, pairs), columns(Kind::Forward), columns(Kind::Backward),
            rows(Kind::Backward, pairs, channels / 2)};
    }
    void operator()(const float* x, float* y)
    {
        float* z = spectrum_.writable().data();
        for (int c = 0; c < channels_; c += 2 * pairs) {
            (*plans_[0])(x + c, z);
            (*plans_[1])(z, z);
            (*plans_[2])(z, z);
            (*plans_[3])(z, y + c);
        }
    }

private:
    int channels_;
    Tensor spectrum_;
    std::array<const fft::FftPlan*, 4> plans_{};
};

}

class BenchFilter : public QObject {
    Q_OBJECT
private slots:
    void itCostsLittleMoreThanItsTransforms_data()
    {
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("channels");
        for (const auto& [side, channels] : {std::pair{14, 256}, {14, 384}, {56, 64}, {28, 128}, {7, 512}})
            QTest::addRow("%d x %d, %d channels", side, side, channels) << side << channels;
    }
    void itCostsLittleMoreThanItsTransforms()
    {
        QFETCH(const int, side);
        QFETCH(const int, channels);
        NamedTensors tensors;
        tensors.set("k", noise({side, side / 2 + 1, channels, 2}, "k"));
        const Weights weights = weightsOf(tensors);
        const Tensor x = noise({1, side * side, channels}, "x");
        Tensor y(x.shape());
        Run run(weights);
        Transforms transforms(side, channels);
        const auto filter = [&] {
            for (int i = 0; i < 20; ++i)
                nn::globalFilter(run, x, run.weight("k"), side, side, "k");
        };
        const auto bare = [&] {
            for (int i = 0; i < 20; ++i)
                transforms(x.data(), y.writable().data());
        };
        filter();
        bare();
        std::vector<double> ours, theirs;
        for (int i = 0; i < 31; ++i) {
            ours.push_back(milliseconds(filter) / 20);
            theirs.push_back(milliseconds(bare) / 20);
        }
        const double ratio = median(ours) / median(theirs);
        qInfo("filter %.3f ms, transforms %.3f ms, ratio %.2f", median(ours), median(theirs), ratio);
        QVERIFY(ratio <= 1.3);
    }
};

QTEST_APPLESS_MAIN(BenchFilter)
#include "bench_filter.moc"
