// The sweep of a lab as people see it: begun when asked, cancelled and taken up again, its runs kept; and the
// theory of many configs beside it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_studies.h"
#include "widgets/labs/sweep_memory.h"
#include "widgets/plots/ticks.h"

#include "core/source/execute.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPushButton>
#include <QTemporaryDir>

#include <cmath>

using namespace fovea;

namespace {

/// A toy that counts how often it is started, and waits where it is told to.
class CountedLab final : public Lab {
public:
    explicit CountedLab(const Lab& counted)
        : counted_(counted)
    {
    }
    Identity identity() const override { return counted_.identity(); }
    Schema schema() const override { return counted_.schema(); }
    std::vector<SignalInfo> signalInfos(const Config& c) const override { return counted_.signalInfos(c); }
    NamedTensors start(const Config& config, std::uint64_t seed) const override
    {
        ++starts;
        while (isHeld && starts > 5)
            QThread::msleep(1);
        return counted_.start(config, seed);
    }
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        return counted_.advance(run, config, state);
    }
    mutable std::atomic<int> starts = 0;
    std::atomic<bool> isHeld = false;

private:
    const Lab& counted_;
};

const Lab& toyLab() { return *toys::toys().lab("toy_lab"); }

class LabRoom {
public:
    explicit LabRoom(const QString& file = {})
    {
        auto counted = std::make_unique<CountedLab>(toyLab());
        lab = counted.get();
        registry.add(std::move(counted));
        session = std::make_unique<Session>(Services{&registry, std::make_shared<Pool>(1), {}});
        SweepMemory::give(*session, std::make_shared<SweepMemory>(file));
        QObject::connect(session.get(), &Session::noted, [this](const QString& text) { notes << text; });
        Config study(labStudySchema());
        study.set("lab_id", std::string("toy_lab"));
        study.set("lab_fields", std::string("noise=0.1"));
        study.set("lab_lines", std::string("rate=0.1;0.4"));
        study.set("lab_across", std::string("noise=0.1;0.2"));
        study.set("lab_records", std::string("loss"));
        study.set("lab_seeds", std::string("3-5"));
        study.set("lab_steps", std::int64_t{7});
        LabStudies::of(*session).setStudy(study);
        view = makeView("lab-sweep", *session);
        view->resize(500, 400);
    }
    ~LabRoom()
    {
        view.reset();
        session.reset();
        Job::waitForAll();
    }
    void make()
    {
        view->compute();
        QTRY_VERIFY(view->isReady());
    }
    QPushButton& button() const { return *view->findChild<QPushButton*>(); }

    Registry registry;
    CountedLab* lab = nullptr;
    std::unique_ptr<Session> session;
    std::unique_ptr<View> view;
    QStringList notes;
};

double lossOf(double rate, double noise, std::uint64_t seed)
{
    Config config(toyLab().schema());
    config.set("rate", rate);
    config.set("noise", noise);
    ExecuteOptions options;
    options.seed = seed;
    return executeLab(toyLab(), config, 8, 1, options)->steps[7]->find("loss")->value.toDoubles()[0];
}

}

class TestLabSweepView : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private slots:
    void initTestCase() { loadFigureFonts(); }

    void theButtonMakesTheRunsAndTheNumbersAreTheirs()
    {
        LabRoom room;
        QVERIFY(room.view->missing().contains("12 runs of Toy lab"));
        QCOMPARE(room.button().text(), QString("Make the 12 runs"));
        QCOMPARE(room.lab->starts.load(), 0);
        room.button().click();
        QTRY_VERIFY(room.view->isReady());
        QVERIFY2(room.view->missing().isEmpty(), qPrintable(room.view->missing()));
        const Record table = room.view->data().at(0);
        QCOMPARE(table.value.shape(), (Shape{4, 4}));
        QCOMPARE(table.axes[0].labels[1], std::string("rate 0.1, 0.2"));
        const std::vector<double> values = table.value.toDoubles();
        const double rates[] = {.1, .1, .4, .4}, noises[] = {.1, .2, .1, .2};
        for (std::size_t i = 0; i < 4; ++i) {
            double mean = 0, squares = 0;
            for (std::uint64_t seed : {3, 4, 5})
                mean += lossOf(rates[i], noises[i], seed) / 3;
            for (std::uint64_t seed : {3, 4, 5})
                squares += std::pow(lossOf(rates[i], noises[i], seed) - mean, 2);
            QCOMPARE(values[4 * i], noises[i]);
            QCOMPARE(values[4 * i + 1], 3.0);
            QVERIFY(std::abs(values[4 * i + 2] - mean) < 1e-12);
            QVERIFY(std::abs(values[4 * i + 3] - std::sqrt(squares / 2)) < 1e-12);
        }
        QVERIFY(room.view->badges().contains("means and deviations over seeds"));
        CellTable* table2 = room.view->cellTable();
        QVERIFY(table2 && table2->cells() == QSize(2, 2));
        QVERIFY(table2->cellText({1, 0}).contains("rate 0.1"));
    }

    void aCancelledSweepGoesOnWhereItWas()
    {
        LabRoom whole;
        whole.make();
        LabRoom room;
        room.lab->isHeld = true;
        room.button().click();
        QTRY_VERIFY(room.lab->starts == 6); // five are over, the sixth waits
        QCOMPARE(room.button().text(), QString("Cancel"));
        room.button().click();
        room.lab->isHeld = false;
        QVERIFY(room.view->isReady() && !room.view->missing().isEmpty());
        Job::waitForAll();
        room.lab->starts = 0;
        room.make();
        QVERIFY2(
            room.lab->starts <= 7 && room.lab->starts >= 6, qPrintable(QString::number(room.lab->starts)));
        QVERIFY(room.view->data()[0].value.identical(whole.view->data()[0].value));
        const Config study = LabStudies::studyOf(*room.session);
        Config other = study;
        other.set("lab_records", std::string("other name: loss"));
        LabStudies::of(*room.session).setStudy(other);
        room.lab->starts = 0;
        room.make();
        QCOMPARE(room.lab->starts.load(), 0);
    }

    void runsAreKeptInAFileAndABrokenOneIsTold()
    {
        const QString file = folder_.filePath("cache/sweeps.txt");
        Tensor first;
        {
            LabRoom room(file);
            room.make();
            first = room.view->data()[0].value;
            QVERIFY(QFile::exists(file) && room.notes.isEmpty());
        }
        {
            LabRoom room(file);
            room.make();
            QCOMPARE(room.lab->starts.load(), 0);
            QVERIFY(room.view->data()[0].value.identical(first));
        }
        QByteArray text = test::contentOf(file);
        const auto digit = text.lastIndexOf("\"loss\":[") + 10;
        text[digit] = text[digit] == '7' ? '8' : '7'; // a number that was not measured
        const auto write = [&](const QByteArray& bytes) {
            QFile broken(file);
            QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write(bytes) >= 0);
        };
        write(text);
        {
            LabRoom room(file);
            room.make();
            QCOMPARE(room.lab->starts.load(), 1);
            QVERIFY(room.view->data()[0].value.identical(first));
            QVERIFY2(room.notes.join(' ').contains("damaged"), qPrintable(room.notes.join(' ')));
        }
        write("something else");
        {
            LabRoom room(file);
            room.make();
            QCOMPARE(room.lab->starts.load(), 12);
            QVERIFY(room.view->data()[0].value.identical(first));
            QVERIFY(room.notes.join(' ').contains("sweeps.txt holds no runs"));
        }
        LabRoom again(file);
        again.make();
        QCOMPARE(again.lab->starts.load(), 0);
    }

    void rowsAreThoseOfTheirPanel()
    {
        LabRoom room;
        Config study = LabStudies::studyOf(*room.session);
        study.set("lab_fields", std::string());
        study.set("lab_panels", std::string("noise=0.1;0.2;0.3"));
        study.set("lab_across", std::string("coordinate"));
        study.set("lab_records", std::string("x as means"));
        LabStudies::of(*room.session).setStudy(study);
        room.make();
        QVERIFY2(room.view->missing().isEmpty(), qPrintable(room.view->missing()));
        CellTable* cells = room.view->cellTable();
        QVERIFY(cells && cells->cells() == QSize(4, 6));
        const auto tables = room.view->data();
        QCOMPARE(tables.size(), std::size_t{3});
        for (int row = 0; row < 6; ++row)
            for (int column = 0; column < 4; ++column) {
                const auto at = static_cast<std::size_t>(4 * (row % 2) + column);
                const double mean = tables[static_cast<std::size_t>(row / 2)].value.toDoubles()[4 * at + 2];
                const QString told = cells->cellText({column, row});
                QVERIFY2(told.contains(numberText(mean, 5)), qPrintable(told + " of " + numberText(mean, 5)));
            }
    }

    void withoutAnAxisTheElementsAreTheAxis()
    {
        LabRoom room;
        Config study = LabStudies::studyOf(*room.session);
        study.set("lab_across", std::string("coordinate"));
        study.set("lab_records", std::string("x as means"));
        LabStudies::of(*room.session).setStudy(study);
        room.make();
        const Record table = room.view->data().at(0);
        QCOMPARE(table.value.shape(), (Shape{8, 4})); // two lines, four elements
        QCOMPARE(table.value.toDoubles()[4], 1.0);
        QVERIFY(room.view->badges().contains("means over seeds"));
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        QTest::newRow("lab") << "lab_id"
                             << "nope"
                             << "field 'lab_id': there is no lab 'nope'";
        QTest::newRow("lines") << "lab_lines"
                               << "rat=1"
                               << "field 'lab_lines': this lab has no field 'rat'";
        QTest::newRow("seeds") << "lab_seeds"
                               << "5-3"
                               << "field 'lab_seeds': expected";
        QTest::newRow("a seed twice") << "lab_seeds"
                                      << "1,2,1"
                                      << "expected each seed once, found 1 twice";
        QTest::newRow("record") << "lab_records"
                                << "nope"
                                << "has no number or vector 'nope'";
        QTest::newRow("matrix") << "lab_records"
                                << "outer"
                                << "has no number or vector 'outer'";
        QTest::newRow("two") << "lab_records"
                             << "loss; x"
                             << "expected one record, found 2";
        QTest::newRow("level") << "lab_level"
                               << "high"
                               << "field 'lab_level': expected a number";
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, value);
        QFETCH(const QString, says);
        LabRoom room;
        Config study = LabStudies::studyOf(*room.session);
        study.set(field.toStdString(), value.toStdString());
        LabStudies::of(*room.session).setStudy(study);
        room.make();
        QVERIFY2(room.view->missing().contains(says), qPrintable(room.view->missing()));
    }

    void anElementThatIsNotThereIsSaid()
    {
        LabRoom room;
        Config study = LabStudies::studyOf(*room.session);
        study.set("lab_element", std::int64_t{3});
        LabStudies::of(*room.session).setStudy(study);
        room.make();
        QVERIFY(room.view->missing().contains("field 'lab_element': expected 0 to 0"));
    }
};

QTEST_MAIN(TestLabSweepView)
#include "tst_lab_sweep_view.moc"
