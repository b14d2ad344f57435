// Grids of configs written as text, and the theory of each.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_grid.h"
#include "widgets/labs/lab_theory.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;

namespace {

const Lab& toyLab() { return *toys::toys().lab("toy_lab"); }

template <class Work>
std::string refusalOf(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing";
}

std::vector<LabGridPanel> toyGrid(const LabGridText& text)
{
    return labGrid(Config(toyLab().schema()), text);
}

}

class TestLabGrid : public QObject {
    Q_OBJECT
private slots:
    void aListHasValuesOfOneFieldOrSeveralFields()
    {
        const auto choices = labChoices("rate=0.1;0.2; both: noise=0.5,rate=0.3", "lines");
        QCOMPARE(choices.size(), std::size_t{3});
        QCOMPARE(choices[0].label, std::string("rate 0.1"));
        QCOMPARE(choices[1].label, std::string("rate 0.2"));
        QCOMPARE(choices[1].name, std::string("rate"));
        QCOMPARE(choices[1].value.value(), .2);
        QCOMPARE(choices[2].label, std::string("both"));
        QCOMPARE(choices[2].fields.size(), std::size_t{2});
        QCOMPARE(choices[2].fields[0].first, std::string("noise")); // as written
        const auto named = labChoices("r = *: rate=0.1; 0.2", "lines");
        QCOMPARE(named[1].label, std::string("r = 0.2"));
        QCOMPARE(named[1].name, std::string("r"));
        QVERIFY(labChoices("  ", "lines").empty());
        QVERIFY(!labChoices("kind=sgd", "lines")[0].value);
    }

    void aGridIsPanelsLinesAndPlaces()
    {
        const auto panels
            = toyGrid({"noise=0.5", "rate=0.1;0.2", "noise=0.1;0.2 | noise=0.3", "rate=0.5;0.6;0.7"});
        QCOMPARE(panels.size(), std::size_t{2});
        QCOMPARE(panels[0].lines.size(), std::size_t{2});
        QCOMPARE(panels[1].lines.size(), std::size_t{1});
        QCOMPARE(panels[1].lines[0].cells.size(), std::size_t{3});
        QCOMPARE(panels[0].lines[1].cells[2].real("noise"), .2); // a line's word before all configs'
        QCOMPARE(panels[0].lines[1].cells[2].real("rate"), .7); // a place's word before a panel's
        QCOMPARE(panels[1].label, std::string("rate 0.2"));
        const auto one = toyGrid({"rate=0.25", "", "", ""});
        QCOMPARE(one.size(), std::size_t{1});
        QCOMPARE(one[0].lines.size(), std::size_t{1});
        QCOMPARE(one[0].lines[0].cells.size(), std::size_t{1});
        QCOMPARE(one[0].lines[0].cells[0].real("rate"), .25);
    }

    void panelsShareTheirAxis()
    {
        const auto refused = [](const std::string& across) {
            return refusalOf([&] { toyGrid({"", "rate=0.1;0.2", "", across}); });
        };
        QCOMPARE(refused("noise=0.1;0.2 | noise=0.3"), std::string("nothing"));
        for (const char* across : {"noise=0.1;0.2 | ", " | noise=0.1;0.2"})
            QCOMPARE(
                refused(across), std::string("field 'across': expected an axis for each panel, or for none"));
    }

    void whatIsWrongIsSaidWithItsField_data()
    {
        QTest::addColumn<int>("list");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no field") << 2 << "0.1;0.2"
                                  << "field 'lines': expected FIELD=VALUE, found '0.1'";
        QTest::newRow("unknown") << 1 << "rat=0.1"
                                 << "field 'panels': this lab has no field 'rat'";
        QTest::newRow("range") << 2 << "rate=7"
                               << "field 'lines': field 'rate': expected 0.0 to 1.0";
        QTest::newRow("across") << 3 << "rate=x"
                                << "field 'across': field 'rate'";
        QTest::newRow("all") << 0 << "rate"
                             << "field 'fields': expected FIELD=VALUE";
        QTest::newRow("lists") << 2 << "rate=0.1|rate=0.2|rate=0.3"
                               << "field 'lines': expected one list";
        QTest::newRow("value of two") << 2 << "rate=0.1,noise=0;0.3"
                                      << "field 'lines': expected FIELD=VALUE";
    }
    void whatIsWrongIsSaidWithItsField()
    {
        QFETCH(const int, list);
        QFETCH(const QString, text);
        QFETCH(const QString, says);
        LabGridText grid;
        (list == 0          ? grid.fields
                : list == 1 ? grid.panels
                : list == 2 ? grid.lines
                            : grid.across)
            = text.toStdString();
        const std::string said = refusalOf([&] { toyGrid(grid); });
        QVERIFY2(said.starts_with(says.toStdString()), said.c_str());
    }

    void seedsAreNumbersAndRanges()
    {
        QCOMPARE(seedsIn("1,2,5-8", "s"), (std::vector<std::uint64_t>{1, 2, 5, 6, 7, 8}));
        QCOMPARE(seedsIn("18446744073709551615", "s").front(), ~std::uint64_t{0});
        for (const char* wrong : {"", "x", "3-1", "1,,2", "1-99999", "-1", "1.5"})
            QVERIFY2(refusalOf([&] { seedsIn(wrong, "s"); }).starts_with("field 's': expected"), wrong);
    }

    void recordsHaveLabelsAndStairs()
    {
        const auto drawn = drawnRecords("h: theory.h; theory.h_star as stairs", "r");
        QCOMPARE(drawn.size(), std::size_t{2});
        QCOMPARE(drawn[0].label, std::string("h"));
        QCOMPARE(drawn[0].path, std::string("theory.h"));
        QVERIFY(!drawn[0].isStairs && drawn[1].isStairs);
        QCOMPARE(drawn[1].path, std::string("theory.h_star"));
        QVERIFY(drawnRecords("", "r").empty());
        QVERIFY(refusalOf([] { drawnRecords("a b", "r"); }).starts_with("field 'r': expected the path"));
    }

    void theTheoryIsTheLabs()
    {
        const auto panels = toyGrid({"", "", "rate=0.1;0.2", ""});
        const TheoryGrid grid = theoryGrid({&toyLab(), panels, {}, ""});
        QCOMPARE(grid.panels.size(), std::size_t{1});
        for (std::size_t i = 0; i < 2; ++i) {
            const Record expected = toyLab().theory(panels[0].lines[i].cells[0]).front();
            QCOMPARE(grid.panels[0].lines[i].curves[0].y, expected.value.toDoubles());
            QCOMPARE(grid.records[0].path, expected.path());
        }
        QVERIFY(grid.mark.empty());
        QVERIFY(refusalOf([&] {
            theoryGrid({&toyLab(), panels, {{"", "theory.nope", false, false}}, ""});
        }).find("no curve 'theory.nope'")
            != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestLabGrid)
#include "tst_lab_grid.moc"
