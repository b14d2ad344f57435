// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/npy.h"
#include "core/parts/position.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

class TestParts : public QObject {
    Q_OBJECT
private slots:
    // Fixtures by tools/make_nn_goldens.py: torch's bicubic resize of [1, 4, 7, 7].
    void positionsResizeAsPyTorchDoes_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::newRow("larger") << 10 << 10;
        QTest::newRow("smaller and larger") << 5 << 9;
        QTest::newRow("double") << 14 << 14;
    }
    void positionsResizeAsPyTorchDoes()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const std::string folder = std::string(FOVEA_FIXTURES) + "/nn/pos_resize_";
        const Tensor before = io::readNpy(folder + "input.npy");
        const Tensor after = io::readNpy(folder + std::to_string(rows) + "x" + std::to_string(cols) + ".npy");
        Tensor positions({1, 2 + 49, 4});
        const Tensor specials = noise({2 * 4}, "specials");
        std::copy_n(specials.data(), 8, positions.writable().begin());
        for (Index i = 0; i < 49 * 4; ++i)
            positions.writable()[static_cast<std::size_t>(8 + i)] = before.data()[i % 4 * 49 + i / 4];
        const Tensor found = parts::resizedPositions(positions, {7, 7}, {rows, cols});
        QCOMPARE(found.shape(), (Shape{1, 2 + rows * cols, 4}));
        QVERIFY(std::equal(specials.data(), specials.data() + 8, found.data()));
        for (Index i = 0; i < rows * cols * 4; ++i) {
            const float expected = after.data()[i % 4 * rows * cols + i / 4];
            QVERIFY(std::abs(found.data()[8 + i] - expected) < 1e-5F);
        }
    }

    /// The same table as half a spectrum of 7 x 12 or 7 x 13 bins, of two channels.
    void filtersResizeAsPyTorchDoes_data() { positionsResizeAsPyTorchDoes_data(); }
    void filtersResizeAsPyTorchDoes()
    {
        QFETCH(const int, rows);
        QFETCH(const int, cols);
        const std::string folder = std::string(FOVEA_FIXTURES) + "/nn/";
        const Tensor before = io::readNpy(folder + "pos_resize_input.npy");
        const Tensor after = io::readNpy(
            folder + "filter_resize_" + std::to_string(rows) + "x" + std::to_string(cols) + ".npy");
        Tensor pairs({7, 7, 2, 2});
        for (Index i = 0; i < pairs.count(); ++i)
            pairs.writable()[static_cast<std::size_t>(i)] = before.data()[i % 4 * 49 + i / 4];
        for (const Index width : {2 * (cols - 1), 2 * cols - 1}) { // both have so many columns
            const Tensor found = parts::resizedFilter(pairs, {rows, width});
            QCOMPARE(found.shape(), (Shape{rows, cols, 2, 2}));
            for (Index i = 0; i < found.count(); ++i) {
                const float expected = after.data()[i % 4 * rows * cols + i / 4];
                QVERIFY(std::abs(found.data()[i] - expected) < 1e-5F);
            }
        }
        QVERIFY(relativeDifference(parts::resizedFilter(pairs, {7, 12}), pairs) < 1e-7);
        QCOMPARE(parts::resizedFilter(pairs, {1, 1}).shape(), (Shape{1, 1, 2, 2}));
        QCOMPARE(parts::resizedFilter(pairs, {1, 1}).data()[1], pairs.data()[1]);
    }

    void positionsOfTheSameGridStay()
    {
        const Tensor positions = noise({1, 13, 6}, "positions");
        const Tensor same = parts::resizedPositions(positions, {3, 4}, {3, 4});
        QVERIFY(relativeDifference(same, positions) < 1e-7);
    }
};

QTEST_APPLESS_MAIN(TestParts)
#include "tst_parts.moc"
