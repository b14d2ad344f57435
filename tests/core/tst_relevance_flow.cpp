// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/attention_flow.h"
#include "core/analysis/max_flow.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

#include <queue>

#include <algorithm>
#include <limits>

using namespace fovea;
using namespace fovea::analysis;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
using Maps = std::vector<std::vector<double>>;

bool near(double a, double b, double tolerance = 1e-12) { return std::abs(a - b) <= tolerance; }

/// Edmonds and Karp (1972) on a dense matrix of capacities, source 0, sink 1.
double naiveFlow(std::vector<std::vector<double>> capacity)
{
    const std::size_t n = capacity.size();
    double total = 0;
    for (;;) {
        std::vector<std::size_t> from(n, n);
        std::queue<std::size_t> queue({0});
        from[0] = 0;
        for (; !queue.empty() && from[1] == n; queue.pop())
            for (std::size_t to = 0; to < n; ++to)
                if (from[to] == n && capacity[queue.front()][to] > 1e-15) {
                    from[to] = queue.front();
                    queue.push(to);
                }
        if (from[1] == n)
            return total;
        double amount = infinite;
        for (std::size_t at = 1; at != 0; at = from[at])
            amount = std::min(amount, capacity[from[at]][at]);
        for (std::size_t at = 1; at != 0; at = from[at]) {
            capacity[from[at]][at] -= amount;
            capacity[at][from[at]] += amount;
        }
        total += amount;
    }
}

/// The network of LayeredNetwork as such a matrix: a source over the top layer, the target as sink.
double naiveFlow(std::size_t width, const Maps& layers, const std::vector<double>& supply, std::size_t target)
{
    const std::size_t nodes = (layers.size() + 1) * width;
    std::vector<std::vector<double>> capacity(nodes + 2, std::vector<double>(nodes + 2, 0));
    const auto id = [&](std::size_t layer, std::size_t i) { return 2 + layer * width + i; };
    for (std::size_t l = 0; l < layers.size(); ++l)
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t j = 0; j < width; ++j)
                capacity[id(l + 1, i)][id(l, j)] = layers[l][i * width + j];
    for (std::size_t i = 0; i < width; ++i)
        capacity[0][id(layers.size(), i)] = supply[i];
    capacity[id(0, target)][1] = infinite;
    return naiveFlow(capacity);
}

/// Attention-like maps: rows that sum to 1, or capacities that are often 0 when `isSparse`.
Maps randomMaps(std::size_t layers, std::size_t width, bool isSparse, const std::string& name)
{
    Maps maps;
    for (std::size_t l = 0; l < layers; ++l) {
        const auto w = static_cast<Index>(width);
        const Tensor noise = test::noise({w, w}, name + std::to_string(l), isSparse ? 1.0F : 4.0F);
        std::vector<double> map = noise.toDoubles();
        for (double& v : map)
            v = isSparse ? std::max(v, 0.0) : v;
        if (!isSparse)
            map = test::naiveSoftmax(map, width);
        for (std::size_t i = 0; i < width && !isSparse; ++i)
            for (std::size_t j = 0; j < width; ++j)
                map[i * width + j] = map[i * width + j] / 2 + (i == j ? 0.5 : 0);
        maps.push_back(map);
    }
    return maps;
}

}

class TestRelevanceFlow : public QObject {
    Q_OBJECT

private slots:
    void oneLayerIsItsOwnCapacity()
    {
        LayeredNetwork network(2, {{0.25, 0.75, 0.4, 0.6}});
        QVERIFY(near(network.maximumFlow(std::vector{infinite, 0.0}, 0), 0.25));
        QVERIFY(near(network.maximumFlow(std::vector{infinite, 0.0}, 1), 0.75));
        QVERIFY(near(network.maximumFlow(std::vector{infinite, infinite}, 1), 1.35));
    }

    void theNarrowestCutDecides()
    {
        // From the top's node 0: 3 to node 0, 1 to node 1 of the middle; below, 2 from 0 and 5 from 1 to the
        // target
        LayeredNetwork network(2, {{2, 9, 5, 9}, {3, 1, 0, 0}});
        QVERIFY(near(network.maximumFlow(std::vector{infinite, 0.0}, 0), 3)); // 2 + 1
        QVERIFY(near(network.maximumFlow(std::vector{infinite, 0.0}, 1), 4)); // all that leaves
        QVERIFY(near(network.maximumFlow(std::vector{2.5, 0.0}, 1), 2.5)); // all that enters
    }

    void flowIsTakenBackWhereThatHelps()
    {
        // Three nodes, three layers of edges. Of the two units one has to leave the shortest greedy way: the
        // first path 0-0-0-0 blocks the only way down from the top's second branch until it is pushed to
        // node 1. layer 2 (top): 0 -> 0, 0 -> 1; layer 1: 0 -> 0, 0 -> 1, 1 -> 0; layer 0: 0 -> 0, 1 -> 0
        const Maps layers{
            {1, 0, 0, 1, 0, 0, 0, 0, 0}, {1, 1, 0, 1, 0, 0, 0, 0, 0}, {1, 1, 0, 0, 0, 0, 0, 0, 0}};
        LayeredNetwork network(3, layers);
        QVERIFY(near(network.maximumFlow(std::vector{infinite, 0.0, 0.0}, 0), 2));
    }

    void nothingFlowsWhereNoPathLeads()
    {
        LayeredNetwork network(2, {{1, 0, 1, 0}, {1, 1, 1, 1}});
        QCOMPARE(network.maximumFlow(std::vector{infinite, infinite}, 1), 0.0);
        QCOMPARE(network.maximumFlow(std::vector{0.0, 0.0}, 0), 0.0);
    }

    void agreesWithEdmondsAndKarp_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("isSparse");
        for (const bool isSparse : {false, true})
            for (const int layers : {1, 2, 3, 5})
                for (const int width : {2, 5, 9})
                    QTest::addRow("%d layers of %d, %s", layers, width, isSparse ? "sparse" : "attention")
                        << layers << width << isSparse;
    }

    void agreesWithEdmondsAndKarp()
    {
        QFETCH(int, layers);
        QFETCH(int, width);
        QFETCH(bool, isSparse);
        const auto n = static_cast<std::size_t>(width);
        const Maps maps = randomMaps(static_cast<std::size_t>(layers), n, isSparse, "flow");
        std::vector<double> one(n, 0.0), shared(n, 1 / static_cast<double>(n));
        one[0] = infinite;
        LayeredNetwork network(width, maps);
        for (const auto& supply : {one, shared})
            for (int target = 0; target < width; ++target) {
                const double expected = naiveFlow(n, maps, supply, static_cast<std::size_t>(target));
                const double found = network.maximumFlow(supply, target);
                QVERIFY2(near(found, expected, 1e-9),
                    qPrintable(QString("target %1: %2, expected %3").arg(target).arg(found).arg(expected)));
            }
    }

    void aNetworkIsAsBeforeAfterwards()
    {
        const Maps maps = randomMaps(4, 7, false, "again");
        LayeredNetwork network(7, maps);
        std::vector<double> supply(7, 0.0);
        supply[2] = infinite;
        const double first = network.maximumFlow(supply, 3);
        network.maximumFlow(supply, 5);
        QCOMPARE(network.maximumFlow(supply, 3), first);
    }

    void agreesOnManySparseNetworks() // where flow is taken back and sent on again
    {
        for (int seed = 0; seed < 60; ++seed) {
            const Maps maps = randomMaps(7, 5, true, "many" + std::to_string(seed));
            std::vector<double> supply(5, 0.0);
            supply[0] = supply[3] = infinite;
            LayeredNetwork network(5, maps);
            for (std::size_t target = 0; target < 5; ++target)
                QVERIFY(near(network.maximumFlow(supply, static_cast<int>(target)),
                    naiveFlow(5, maps, supply, target), 1e-9));
        }
    }

    void theFlowsAreShares()
    {
        const Maps maps = randomMaps(3, 6, true, "shares");
        Pool pool(2);
        for (const int from : {0, -1}) {
            const auto flow = attentionFlow(maps, from, pool);
            std::vector<double> supply(6, from < 0 ? 1 / 6.0 : 0.0), expected;
            if (from == 0)
                supply[0] = infinite;
            double sum = 0;
            for (std::size_t j = 0; j < 6; ++j)
                sum += expected.emplace_back(naiveFlow(6, maps, supply, j));
            for (std::size_t j = 0; j < 6; ++j)
                QVERIFY(near(flow[j], expected[j] / sum, 1e-9));
        }
    }

    void aMeanFeedsEveryTokenAlike()
    {
        // Attention to oneself alone: of a unit shared out over four tokens each sends its quarter to itself.
        const Maps identity(2, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        Pool pool(1);
        for (const double share : attentionFlow(identity, -1, pool))
            QVERIFY(near(share, 0.25));
    }

    void flowStops()
    {
        const Maps maps = randomMaps(3, 12, false, "stop");
        Pool pool(2);
        const StopToken stop;
        stop.stop();
        QVERIFY_EXCEPTION_THROWN(attentionFlow(maps, 0, pool, stop), Cancelled);
        QVERIFY_EXCEPTION_THROWN(
            LayeredNetwork(12, maps).maximumFlow(std::vector<double>(12, 1.0), 0, stop), Cancelled);
    }

    void progressEndsAtOne()
    {
        const Maps maps = randomMaps(2, 5, false, "progress");
        Pool pool(1);
        double last = 0;
        attentionFlow(maps, 0, pool, {}, [&](double share) { last = share; });
        QCOMPARE(last, 1.0);
    }
};

QTEST_APPLESS_MAIN(TestRelevanceFlow)
#include "tst_relevance_flow.moc"
