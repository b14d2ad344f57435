// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <cmath>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::gfnet::Gfnet gfnet;

QString divergence(const Golden& golden, const Config& config)
{
    const TracePtr trace = execute(gfnet, *ruleWeights(gfnet, config), ruleInput(golden.inputShape));
    return firstDivergence(*trace, golden, 1e-4);
}

Golden fixture(const QString& name)
{
    return readGolden(QString(FOVEA_FIXTURES) + "/gfnet/" + name + ".json");
}

}

class TestGfnetParity : public QObject {
    Q_OBJECT
private slots:
    void equalsTheSharedGolden()
    {
        const QString file = QString(FOVEA_SHARED) + "/golden/gfnet_ti.json";
        if (!QFile::exists(file))
            QSKIP("the official golden files are not beside this checkout (../shared/golden)");
        const Golden golden = readGolden(file);
        QVERIFY(golden.captures.size() > 8);
        QCOMPARE(divergence(golden, presetConfig(gfnet, "ti")), QString());
    }

    /// Against the official code, by tools/make_gfnet_goldens.py.
    void equalsTheOfficialCode_data()
    {
        QTest::addColumn<int>("signalCount");
        QTest::newRow("gfnet-h-ti") << 100;
        QTest::newRow("odd_grids") << 30;
        QTest::newRow("plain_blocks") << 28;
        QTest::newRow("odd_grid") << 12;
    }
    void equalsTheOfficialCode()
    {
        QFETCH(const int, signalCount);
        const Golden golden = fixture(QTest::currentDataTag());
        QVERIFY(static_cast<int>(golden.captures.size()) >= signalCount);
        QCOMPARE(divergence(golden, Config::fromJson(gfnet.schema(), golden.config)), QString());
    }

    /// In thousand millions, as traced from the official code (shared/reference/gfnet.md).
    void multipliesAsOftenAsTheOfficialCode_data()
    {
        QTest::addColumn<double>("giga");
        QTest::newRow("ti") << 1.272;
        QTest::newRow("h-ti") << 2.040;
    }
    void multipliesAsOftenAsTheOfficialCode()
    {
        QFETCH(const double, giga);
        const Config config = presetConfig(gfnet, QTest::currentDataTag());
        const auto macs = static_cast<double>(multiplyAccumulates(gfnet, *ruleWeights(gfnet, config)));
        QCOMPARE(std::round(macs / 1e6), std::round(giga * 1e3));
    }

    void aSecondResidualWouldBeNoticed()
    {
        Golden golden = fixture("odd_grid");
        for (Capture& capture : golden.captures)
            if (capture.path == "blocks.1.out")
                capture.first[2] += 1e-3 * capture.l2;
        const QString wrong = divergence(golden, Config::fromJson(gfnet.schema(), golden.config));
        QVERIFY2(wrong.startsWith("blocks.1.out"), qPrintable(wrong));
    }

    void resizedLikeTheOfficialCode()
    {
        Config from(gfnet.schema());
        from.set("image_size", std::int64_t{12});
        from.set("patch_size", std::int64_t{1});
        from.set("dims", std::string("6"));
        from.set("depths", std::string("1"));
        const NamedTensors parameters = ruleWeights(gfnet, from)->parts().parameters;
        const Golden golden = fixture("resized");
        int compared = 0;
        for (const std::int64_t side : {7, 13, 24}) {
            Config to = from;
            to.set("image_size", side);
            const NamedTensors resized = gfnet.resized(from, to, parameters);
            for (const ParameterInfo& info : gfnet.manifest(to))
                QCOMPARE(resized[info.name].shape(), info.shape);
            for (const Capture& capture : golden.captures)
                for (const char* name : {"pos_embed", "blocks.0.filter.complex_weight"})
                    if (capture.path == std::to_string(side) + "." + name + ".out") {
                        QCOMPARE(difference(resized[name].toDoubles(), capture, 1e-6), QString());
                        ++compared;
                    }
        }
        QCOMPARE(compared, 6);
    }
};

QTEST_APPLESS_MAIN(TestGfnetParity)
#include "tst_gfnet_parity.moc"
