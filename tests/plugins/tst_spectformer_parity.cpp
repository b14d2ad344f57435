// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QDir>

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
