// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QDir>

#include <cmath>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::spectformer::Spectformer spectformer;

QString divergence(const Golden& golden, const Config& config)
{
    ExecuteOptions options;
    options.budget = std::size_t{1} << 30; // all patterns
    const TracePtr trace
        = execute(spectformer, *ruleWeights(spectformer, config), ruleInput(golden.inputShape), options);
    return firstDivergence(*trace, golden, 1e-4);
}

}

class TestSpectformerParity : public QObject {
    Q_OBJECT
private slots:
    void equalsTheOfficialGoldenFiles_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("preset");
        QTest::newRow("XS") << "spectformer_xs.json" << QByteArray("xs");
        QTest::newRow("H-S") << "spectformer_h_s.json" << QByteArray("h-s");
    }
    void equalsTheOfficialGoldenFiles()
    {
        QFETCH(const QString, file);
        QFETCH(const QByteArray, preset);
        const QString path = QString(FOVEA_SHARED) + "/golden/" + file;
        if (!QFile::exists(path))
            QSKIP("the official golden files are not beside this checkout (../shared/golden)");
        QCOMPARE(divergence(readGolden(path), presetConfig(spectformer, preset.toStdString())), QString());
    }

    /// In thousand millions, as traced from the official code (shared/reference/spectformer.md).
    void multipliesAsOftenAsTheOfficialCode()
    {
        const std::pair<const char*, double> traced[] = {{"xs", 3.994}, {"h-s", 4.07}};
        for (const auto& [preset, giga] : traced) {
            const Config config = presetConfig(spectformer, preset);
            const auto macs
                = static_cast<double>(multiplyAccumulates(spectformer, *ruleWeights(spectformer, config)));
            QVERIFY2(std::abs(macs / 1e9 - giga) < (giga == 3.994 ? 0.0006 : 0.006),
                qPrintable(QString("%1: %2").arg(preset).arg(macs)));
        }
    }

    /// tools/make_spectformer_goldens.py ran the official code for them.
    void equalsTheOfficialCode_data()
    {
        QTest::addColumn<QString>("file");
        const QDir folder(QString(FOVEA_FIXTURES) + "/spectformer");
        for (const QString& name : folder.entryList({"*.json"}))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
        QCOMPARE(folder.entryList({"*.json"}).size(), 5);
    }
    void equalsTheOfficialCode()
    {
        QFETCH(const QString, file);
#ifndef NDEBUG
        if (file.endsWith("h_b.json") || file.endsWith("h_l.json"))
            QSKIP("ten billion operations: in release builds, which tools/test makes too");
#endif
        const Golden golden = readGolden(file);
        QCOMPARE(divergence(golden, Config::fromJson(spectformer.schema(), golden.config)), QString());
    }

    void divergenceNamesTheFirstSignal()
    {
        Golden golden = readGolden(QString(FOVEA_FIXTURES) + "/spectformer/odd_grid.json");
        for (Capture& capture : golden.captures)
            if (capture.path == "blocks.1.filter.out" || capture.path == "blocks.4.attn.pattern")
                capture.first[2] += 1e-3 * capture.l2;
        const QString found = divergence(golden, Config::fromJson(spectformer.schema(), golden.config));
        QVERIFY2(found.startsWith("blocks.1.filter.out: element 2"), qPrintable(found));
    }
};

QTEST_APPLESS_MAIN(TestSpectformerParity)
#include "tst_spectformer_parity.moc"
