// The colouring of a large map: the project's own limit, no peer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/painters.h"

#include "core/run/random.h"

#include "tests/support/test.h"

#include <QElapsedTimer>

using namespace fovea;

namespace {

/// Rows that sum to 1, from random scores: as hard to compress as real attention, or harder.
Tensor randomAttention(Index tokens, std::uint64_t seed)
{
    Tensor t({tokens, tokens});
    const RandomPlace place{seed, 0, hashOf("bench"), 0};
    const auto values = t.writable();
    for (std::size_t row = 0; row < values.size(); row += static_cast<std::size_t>(tokens)) {
        const auto attention = values.subspan(row, static_cast<std::size_t>(tokens));
        float sum = 0;
        for (std::size_t i = 0; i < attention.size(); ++i)
            sum += attention[i] = static_cast<float>(std::exp(place.normal(row + i)));
        for (float& value : attention)
            value /= sum;
    }
    return t;
}

ValueScale scaleFor(const Tensor& values)
{
    ValueScale scale;
    ValueRange range;
    range.include(values);
    scale.fit(range);
    return scale;
}

}

class BenchMap : public QObject {
    Q_OBJECT
private slots:
    void largeMapIsColouredAtOnce()
    {
        const Tensor map = randomAttention(4096, 1);
        const ValueScale scale = scaleFor(map);
        qint64 least = 1'000'000;
        for (int round = 0; round < 5; ++round) {
            QElapsedTimer timer;
            timer.start();
            const QImage image = mapImage(map, scale);
            least = std::min(least, timer.elapsed());
        }
        qInfo("4096 x 4096: %lld ms", static_cast<long long>(least));
        QVERIFY(least < 100);
    }
};

QTEST_MAIN(BenchMap)
#include "bench_map.moc"
