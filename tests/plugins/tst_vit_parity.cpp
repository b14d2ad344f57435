// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QDir>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;

QString divergence(const Golden& golden, const Config& config)
{
    ExecuteOptions options;
    options.budget = std::size_t{1} << 30; // all patterns, whatever the preset
    const TracePtr trace = execute(vit, *ruleWeights(vit, config), ruleInput(golden.inputShape), options);
    return firstDivergence(*trace, golden, 1e-4);
}

}

class TestVitParity : public QObject {
    Q_OBJECT
private slots:
    /// A block of n tokens 12 n C^2 + 2 n^2 C (MLP of 4 C), patches and head beside them.
    void multipliesAsOftenAsItsShapesSay()
    {
        const Config config = presetConfig(vit, "deit_tiny_patch16_224");
        const Index n = 197, c = 192;
        const Index expected = 12 * (12 * n * c * c + 2 * n * n * c) + 196 * 768 * c + c * 1000;
        QCOMPARE(multiplyAccumulates(vit, *ruleWeights(vit, config)), expected);
    }

    // The numbers in shared/golden/README.md.
    void ruleGivesItsKnownNumbers()
    {
        QCOMPARE(ruleSeed("input"), 4191711099U);
        QCOMPARE(ruleSeed("blocks.0.attn.qkv.weight"), 768105552U);
        const double input[] = {0.59806627, 0.37034849, 0.96052945, -0.9915207};
        for (std::uint32_t i = 0; i < 4; ++i)
            QVERIFY(std::abs(ruleNumber(ruleSeed("input"), i) - input[i]) < 1e-7);
        const Tensor norm = ruleParameter("norm.weight", {4}), bias = ruleParameter("head.bias", {4});
        const float weights[] = {0.8070F, 1.1282F, 0.8605F, 0.8006F},
                    biases[] = {0.1188F, 0.1463F, 0.1257F, 0.1313F};
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(std::abs(norm.data()[i] - weights[i]) < 1e-4F);
            QVERIFY(std::abs(bias.data()[i] - biases[i]) < 1e-4F);
        }
    }

    void equalsOfficialDeit()
    {
        const QString file = QString(FOVEA_SHARED) + "/golden/deit_tiny_patch16_224.json";
        if (!QFile::exists(file))
            QSKIP("the official golden files are not beside this checkout (../shared/golden)");
        QCOMPARE(divergence(readGolden(file), presetConfig(vit, "deit_tiny_patch16_224")), QString());
    }

    void equalsPyTorch_data()
    {
        QTest::addColumn<QString>("file");
        const QDir folder(QString(FOVEA_FIXTURES) + "/vit");
        for (const QString& name : folder.entryList({"*.json"}))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
        QVERIFY(folder.entryList({"*.json"}).size() >= 7);
    }
    void equalsPyTorch()
    {
        QFETCH(const QString, file);
        const Golden golden = readGolden(file);
#ifndef NDEBUG
        if (golden.inputShape[2] > 224)
            QSKIP("a hundred billion operations: in release builds, which tools/test makes too");
#endif
        QCOMPARE(divergence(golden, Config::fromJson(vit.schema(), golden.config)), QString());
    }

    void divergenceNamesTheFirstSignal()
    {
        Golden golden = readGolden(QString(FOVEA_FIXTURES) + "/vit/distilled.json");
        for (Capture& capture : golden.captures)
            if (capture.path == "blocks.1.attn.out" || capture.path == "logits")
                capture.first[2] += 1e-3 * capture.l2;
        const QString found = divergence(golden, Config::fromJson(vit.schema(), golden.config));
        QVERIFY2(found.startsWith("blocks.1.attn.out: element 2"), qPrintable(found));
    }
};

QTEST_APPLESS_MAIN(TestVitParity)
#include "tst_vit_parity.moc"
