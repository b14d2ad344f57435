// Each view gets a toy's trace, then a selection: what it says it shows must equal the record.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"
#include "widgets/views/head_grid_places.h"
#include "widgets/views/view_table.h"

#include "core/analysis/attention_stats.h"
#include "core/analysis/rollout.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QImage>
#include <QPainter>
#include <QSet>

#include <cmath>

using namespace fovea;

namespace {

Services noFiles() { return {&toys::toys(), std::make_shared<Pool>(1), {}}; }

void adopt(Session& session, const TracePtr& trace)
{
    Slot slot;
    slot.base = trace;
    session.adopt(slot);
}

QImage painted(const View& view)
{
    QImage image(400, 300, QImage::Format_RGB32);
    QPainter painter(&image);
    Style style = Style::paper();
    style.mapDpi = 0;
    view.paint(painter, image.rect(), style);
    return image;
}

int colors(const QImage& image)
{
    QSet<QRgb> found;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            found.insert(image.pixel(x, y));
    return static_cast<int>(found.size());
}

bool hasGreen(const QImage& image)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (const QColor color = image.pixel(x, y);
                color.green() > color.red() + 40 && color.green() > color.blue() + 40)
                return true;
    return false;
}

const Record* named(const std::vector<Record>& records, const std::string& path)
{
    const auto found
        = std::ranges::find_if(records, [&](const Record& record) { return record.path() == path; });
    return found == records.end() ? nullptr : &*found;
}

}

class TestViews : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void overlayShowsTheRow()
    {
        Session session(noFiles());
        adopt(session, toys::toyTrace("toy_windows"));
        const auto view = makeView("overlay", session);
        Selection selection;
        selection.head = 1;
        selection.pin.query = Spot{{}, {11, 3}}; // token 8 * 1 + 5, in window 1
        session.setSelection(selection);
        const Record shown = view->data().front();
        const Record& record = *session.record("stages.0.pattern");
        const TokenPosition at = findQuery(record, 13);
        QCOMPARE(at.group, 1);
        const auto row = attentionRow(record, {at.group, 1}, at.position);
        for (int j = 0; j < static_cast<int>(row.size()); ++j)
            QCOMPARE(shown.value.values<float>()[static_cast<std::size_t>(keyToken(record, 1, j))],
                row[static_cast<std::size_t>(j)]);
        int seen = 0;
        for (const float value : shown.value.values<float>())
            seen += std::isfinite(value) ? 1 : 0;
        QCOMPARE(seen, static_cast<int>(row.size())); // all others are marked as not seen
    }

    void overlayShowsTheColumn()
    {
        Session session(noFiles());
        adopt(session, toys::toyTrace("toy_windows"));
        const auto view = makeView("overlay", session);
        Selection selection;
        selection.layer = 1;
        selection.direction = Direction::KeyColumn;
        selection.pin.key = Spot{{}, {12, 4}}; // the pooled grid has 2 x 2 keys
        session.setSelection(selection);
        const auto column = attentionColumn(*session.record("stages.1.pattern"), {0, 0}, 1);
        const Record shown = view->data().front();
        QVERIFY(std::ranges::equal(shown.value.values<float>(), column));
    }

    void headGridShowsEveryHead()
    {
        Session session(noFiles());
        adopt(session, toys::toyTrace("toy_windows"));
        const auto view = makeView("head-grid", session);
        Selection selection;
        selection.pin.query = Spot{{}, {2, 2}};
        session.setSelection(selection);
        const auto records = view->data();
        const Record* shown = named(records, "stages.1.pattern.rows");
        QVERIFY(shown);
        const Record& record = *session.record("stages.1.pattern");
        for (const int head : {0, 1})
            QVERIFY(std::ranges::equal(
                shown->value.at(head).values<float>(), attentionRow(record, {0, head}, 0)));
        fovea::Display display;
        display.wholeMatrices = true;
        session.setDisplay(display);
        QVERIFY(named(view->data(), "stages.1.pattern"));
    }

    void headGridGrowsIntoItsRoom_data()
    {
        QTest::addColumn<QSizeF>("room");
        QTest::addColumn<double>("least"); // side of a thumbnail
        QTest::newRow("flat") << QSizeF(760, 220) << 55.0;
        QTest::newRow("a dock of a large screen") << QSizeF(760, 446) << 70.0;
        QTest::newRow("square") << QSizeF(620, 620) << 90.0;
        QTest::newRow("narrow") << QSizeF(200, 620) << 40.0;
    }
    void headGridGrowsIntoItsRoom() // 12 layers of 3 heads
    {
        QFETCH(QSizeF, room);
        QFETCH(double, least);
        Style style = Style::paper();
        style.textSize = 12; // pixels
        style.smallTextSize = 10;
        style.unitsPerInch = 96;
        const QRectF body(QPointF(20, 30), room);
        const HeadGridShape shape{12, 3, 1, true};
        const auto at = HeadGridPlaces::within(body, shape, ValueScale(), style);
        QVERIFY2(at.step.width() > least,
            qPrintable(QString::number(at.step.width()) + ' ' + QString::number(at.bands)));
        QVERIFY(body.contains(at.cells));
        std::vector<QRectF> cells;
        for (int layer = 0; layer < shape.layers; ++layer)
            for (int head = 0; head < shape.heads; ++head) {
                const QRectF cell = at.of(layer, head);
                QVERIFY(at.cells.contains(cell));
                QCOMPARE(at.at(cell.center()), std::pair(layer, head));
                for (const QRectF& other : cells)
                    QVERIFY(!other.intersects(cell));
                cells.push_back(cell);
            }
        QCOMPARE(at.at({body.left(), body.bottom()}), std::pair(-1, -1));
    }

    void matrixShowsThePattern()
    {
        Session session(noFiles());
        adopt(session, toys::toyTrace("toy_windows"));
        const auto view = makeView("matrix", session);
        Selection selection;
        selection.group = 2;
        selection.head = 1;
        session.setSelection(selection);
        const Record& record = *session.record("stages.0.pattern");
        const auto records = view->data();
        QVERIFY(records.front().value.identical(record.value.at(2).at(1).clone()));
        double sum = 0; // attention received by all keys together
        for (const double received : named(records, "stages.0.pattern.received")->value.toDoubles())
            sum += received;
        QVERIFY(std::abs(sum - 1) < 1e-6);
    }

    void everyRecordHasAView_data()
    {
        QTest::addColumn<QString>("toy");
        for (const char* toy : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"})
            QTest::newRow(toy) << QString(toy);
    }
    void everyRecordHasAView()
    {
        QFETCH(QString, toy);
        Session session(noFiles());
        adopt(session, toys::toyTrace(toy.toStdString()));
        for (const RecordPtr& record : session.slot().trace()->matching("*")) {
            Selection selection;
            selection.record = record->path();
            session.setSelection(selection);
            const auto view = makeView("record", session);
            const auto shown = view->data();
            QVERIFY2(
                shown.size() == 1 && shown.front().value.identical(record->value), record->path().c_str());
            QVERIFY2(colors(painted(*view)) > 2, record->path().c_str());
            QVERIFY(!view->accessibleName().isEmpty());
        }
    }

    void everyViewSurvivesEveryToy()
    {
        for (const char* toy : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"}) {
            Session session(noFiles());
            for (const ViewEntry& entry : viewTable()) {
                const auto view = makeView(entry.id, session);
                painted(*view); // with nothing to show
                adopt(session, toys::toyTrace(toy));
                QTRY_VERIFY(view->isReady());
                QVERIFY(colors(painted(*view)) > 1);
            }
        }
    }

    void anotherLayerIsAnotherPicture()
    {
        Session session(noFiles());
        adopt(session, toys::toyTrace("toy_drop"));
        for (const char* id : {"overlay", "matrix"}) {
            const auto view = makeView(id, session);
            session.setSelection({});
            const QImage before = painted(*view);
            QCOMPARE(painted(*view), before);
            Selection selection;
            selection.layer = 1;
            session.setSelection(selection);
            QVERIFY(painted(*view) != before);
        }
    }

    void scatterHoldsTheStatistics()
    {
        Session session(noFiles());
        const TracePtr trace = toys::toyTrace("toy_windows");
        adopt(session, trace);
        const auto view = makeView("head-scatter", session);
        QTRY_VERIFY(view->isReady());
        const Record expected = analysis::headStatistics(*trace->find("stages.1.pattern"));
        QVERIFY(view->data().at(1).value.identical(expected.value));
    }

    void scatterHasColoursWhereThereAreSpecialTokens()
    {
        for (const auto& [toy, hasSpecial] : {std::pair("toy_windows", false), {"toy_drop", true}}) {
            Session session(noFiles());
            const TracePtr trace = toys::toyTrace(toy);
            adopt(session, trace);
            const RecordPtr pattern = analysis::patternsOf(*trace, 0).front();
            QCOMPARE(pattern->keys->isSpecial(0), hasSpecial);
            const auto view = makeView("head-scatter", session);
            QTRY_VERIFY(view->isReady());
            QCOMPARE(view->badges().join(' ').contains("colours"), hasSpecial);
            QCOMPARE(hasGreen(painted(*view)), hasSpecial); // which the colour bar has
        }
    }

    void classesAreProbabilities()
    {
        Session session(noFiles());
        const TracePtr trace = toys::toyTrace("toy_drop");
        adopt(session, trace);
        const auto values = makeView("classes", session)->data().front().value.toDoubles();
        const auto logits = trace->output.toDoubles();
        double sum = 0;
        for (const double logit : logits)
            sum += std::exp(logit);
        const auto best = static_cast<std::size_t>(values[0]);
        QVERIFY(std::abs(values[1] - std::exp(logits[best]) / sum) < 1e-6);
        QVERIFY(std::ranges::all_of(logits, [&](double logit) { return logit <= logits[best]; }));
    }
};

QTEST_MAIN(TestViews)
#include "tst_views.moc"
