// The brush: strokes become edits by mouse and keyboard, are shown at once, undone, and measured with
// controls.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"
#include "widgets/views/reading.h"

#include "core/analysis/filter_response.h"
#include "core/source/execute.h"

#include "tests/support/test.h"
#include "tests/widgets/brush_room.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QSignalSpy>

#include <cmath>

using namespace fovea;

class TestFilterBrushView : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void thePicturesFollowTheStrokeAtOnce()
    {
        BrushRoom room;
        const auto shown = room.brush.data();
        QVERIFY(shown[0].value.identical(shown[1].value));
        room.press(4, 4);
        const auto cut = room.brush.data(); // no run has come back yet
        for (std::size_t i = 0; i < 64; ++i) {
            const float before = cut[0].value.values<float>()[i], after = cut[1].value.values<float>()[i];
            QVERIFY(std::abs(after - (i == 4 * 8 + 4 ? 0 : before)) < 1e-5F);
        }
        room.release(4, 4);
    }

    void controlsAreRunsOfTheSameEditsOnRandomCoefficients()
    {
        BrushRoom room;
        room.press(5, 4);
        room.move(6, 4);
        room.release(6, 4);
        QTRY_VERIFY(room.brush.effects().isKnown());
        const Slot& slot = room.session.slot();
        const auto logits = [&](const char* edit) {
            ExecuteOptions options;
            options.edits = {Edit::parse(edit)};
            return execute(*slot.architecture, *slot.weights, slot.base->input, options)->output;
        };
        const Record shown = room.brush.data().back();
        QCOMPARE(QString::fromStdString(shown.path()), QString("blocks.0.filter.weight.0.logits"));
        QCOMPARE(shown.value.shape(), (Shape{8, 2})); // runs, classes
        const auto values = shown.value.toDoubles();
        const char* runs[]{"ring", "equal-number:0:ring", "equal-number:1:ring", "equal-number:2:ring",
            "equal-energy:0:ring", "equal-energy:1:ring", "equal-energy:2:ring"};
        for (std::size_t label = 0; label < 2; ++label) {
            const float before = slot.base->output.values<float>()[label];
            QCOMPARE(static_cast<float>(values[label]), before);
            for (std::size_t run = 0; run < 7; ++run) {
                const std::string edit = "blocks.0.filter=zero:" + std::string(runs[run]) + ":0.0625..0.3125";
                const float change = logits(edit.c_str()).values<float>()[label] - before;
                QCOMPARE(static_cast<float>(values[(run + 1) * 2 + label]), change);
            }
        }
    }

    void aLowpassIsAStrokeBeyondItsRadius()
    {
        const FrequencyPlane plane{8, 8, 5};
        const auto bins = [&](const char* edit) {
            const auto region = regionOf(Edit::parse(edit));
            return region ? region->bins(plane) : Bins();
        };
        QCOMPARE(bins("a.filter=lowpass:0.3"), bins("a.filter=zero:ring:0.3..1"));
        QCOMPARE(std::ranges::count(bins("a.filter=lowpass:0"), 1), 39); // frequency 0 stays
        const Edit control
            = controlOf(Edit::parse("a.filter=lowpass:0.3"), FrequencyRegion::Draw::EqualNumber, 2);
        QCOMPARE(control.text(), std::string("a.filter=zero:equal-number:2:ring:0.3..1"));
        BrushRoom room;
        room.session.setEdits({Edit::parse("blocks.0.filter=lowpass:0.3")}, "typed");
        QTRY_VERIFY(room.brush.effects().isKnown());
        QVERIFY(room.brush.caption().contains("of 64 frequencies"));
    }

    void whatAFileSaysWronglyIsNoStroke()
    {
        const char* bad[]{"blocks.0.filter=zero:disc:1", "blocks.0.filter=gain:0.5:ring:3..1",
            "blocks.0.filter=lowpass:x", "blocks.0.filter=from:blocks.1:mask:zz"};
        for (const char* text : bad) {
            QVERIFY(!regionOf(Edit::parse(text)));
            QCOMPARE(controlOf(Edit::parse(text), FrequencyRegion::Draw::EqualEnergy, 1), Edit::parse(text));
        }
        Slot slot = slotWithModel("toy_filter"); // as a session or recipe brings it
        slot.edits = {Edit::parse(bad[0])};
        BrushRoom room(slot);
        QVERIFY(room.brush.missing().isEmpty());
        QTRY_VERIFY(room.brush.isReady());
        room.press(4, 4);
        QVERIFY(room.edits().contains(bad[0]));
    }

    void numbersOfAnotherStrokeGoAtOnce()
    {
        BrushRoom room;
        room.press(5, 4);
        room.release(5, 4);
        QTRY_VERIFY(room.brush.effects().isKnown());
        room.press(6, 4);
        QVERIFY(!room.brush.effects().isKnown());
        QVERIFY(room.brush.data().back().value.dim(0) <= 2); // no controls
        room.release(6, 4);
        QTRY_VERIFY(room.brush.effects().isKnown());
        room.session.setEdits({Edit::parse("blocks.1.filter=lowpass:0.2")}, "typed");
        QVERIFY(!room.brush.effects().isKnown());
    }

    void whyThereAreNoControlsIsSaid()
    {
        Slot slot = slotWithModel("toy_filter");
        auto parts = slot.weights->parts();
        Tensor filter = parts.parameters.find("blocks.0.filter.complex_weight")->clone();
        filter.writable()[20] = NAN;
        parts.parameters.set("blocks.0.filter.complex_weight", filter);
        slot.weights = std::make_shared<const Weights>(std::move(parts));
        slot.base = execute(*slot.architecture, *slot.weights, slot.base->input);
        BrushRoom room(slot);
        room.press(5, 4);
        room.release(5, 4);
        QTRY_VERIFY(room.brush.badges().join(' ').contains("'blocks.0.filter.weight' holds NaN"));
        QVERIFY(room.brush.spokenText().contains("holds NaN"));
        room.press(6, 4);
        QVERIFY(!room.brush.spokenText().contains("holds NaN"));
    }

    void aNarrowColumnStillNamesItsClasses()
    {
        const Style style = Style::paper();
        BrushLogits logits;
        logits.before = Tensor::full({2}, 1);
        logits.labels = {"cat", "dog"};
        int whole = 0; // tight ones that have room for whole words
        for (double width = 90; width < 400; width += 10) {
            const BrushLogitsRoom room = BrushLogitsRoom::in({width, 300}, style);
            figure::Page page({400, 300});
            QPainter painter(&page);
            paintLogits(painter, {0, 0, width, room.height}, logits, room, style);
            painter.end();
            const QStringList texts = textsOn(page);
            for (const char* text : {"cat", "dog", "change"})
                QVERIFY2(texts.contains(text), qPrintable(QString::number(width) + texts.join('|')));
            QCOMPARE(texts.contains("logit"), !room.isTight);
            QVERIFY(texts.contains("number") || texts.contains("equal number"));
            whole += !texts.contains("number") && room.isTight ? 1 : 0;
            QCOMPARE(texts.filter(QStringLiteral("…")), QStringList()); // nothing is cut
        }
        QVERIFY(whole > 0);
        QVERIFY(BrushLogitsRoom::in({90, 300}, style).isTight);
        QVERIFY(BrushLogitsRoom::in({390, 300}, style).isWide);
    }

    void theMostProbableClassesAreShownAndANewWinner()
    {
        BrushLogits logits;
        logits.before = Tensor({4});
        logits.after = Tensor({4});
        std::ranges::copy(std::vector{0.5F, 3.0F, -1.0F, 2.0F}, logits.before.writable().begin());
        std::ranges::copy(std::vector{0.5F, 3.0F, 4.0F, 2.0F}, logits.after.writable().begin());
        logits.labels = {"cat", "dog"};
        QCOMPARE(logits.classes(2), (std::vector{1, 3, 2}));
        QCOMPARE(logits.classes(9), (std::vector{1, 3, 0, 2}));
        QCOMPARE(logits.name(1), QString("dog"));
        QCOMPARE(logits.name(2), QString("class 2"));
        logits.after = {};
        QCOMPARE(logits.classes(2), (std::vector{1, 3}));
    }

    void theColoursOfTheBrushedPlaneAreThoseOfItsBar()
    {
        BrushRoom room;
        room.use(BrushTool::Box, BrushAct::Scale);
        Brush strong = room.brush.brush();
        strong.amount = 3;
        room.brush.setBrush(strong);
        room.press(0, 0);
        room.move(7, 7); // all of it
        room.release(7, 7);
        const auto shown = room.brush.data();
        ValueRange before, after;
        before.include(shown[0].value);
        after.include(shown[1].value);
        QVERIFY(after.max > 2 * before.max);
        ValueScale scale = sequentialScale(room.session.display(), {}, {before, before, before});
        QTRY_VERIFY(room.brush.isReady());
        const QImage image = room.brush.grab().toImage();
        for (const QPoint cell : {QPoint(2, 2), {4, 4}, {6, 1}}) {
            const auto value = static_cast<double>(shown[1].value.data()[cell.y() * 8 + cell.x()]);
            QCOMPARE(image.pixelColor(room.at(cell.x(), cell.y())).name(), QColor(scale.color(value)).name());
        }
        const auto arrows = [&] { // triangles, filled: at the ends of bars
            figure::Page page({500, 400});
            QPainter painter(&page);
            room.brush.paint(painter, {0, 0, 500, 400}, Style::paper());
            painter.end();
            return std::ranges::count_if(page.items(), [](const figure::PageItem& item) {
                const auto* shape = std::get_if<figure::ShapeItem>(&item.what);
                return shape && shape->fill.isValid() && shape->path.elementCount() == 4;
            });
        };
        QCOMPARE(arrows(), 1);
        room.key(Qt::Key_Delete);
        QCOMPARE(arrows(), 0);
    }

    void whatItHandsOutHasItsAxes()
    {
        BrushRoom room;
        const auto shown = room.brush.data();
        for (const std::size_t i : {0U, 1U}) {
            QCOMPARE(QString::fromStdString(shown[i].axes[0].name), QString("ky"));
            QCOMPARE(
                shown[i].axes[1].values, (std::vector{-0.5, -0.375, -0.25, -0.125, 0.0, 0.125, 0.25, 0.375}));
        }
        for (const std::size_t i : {2U, 3U})
            QCOMPARE(shown[i].axes[0].values, (std::vector<double>{-4, -3, -2, -1, 0, 1, 2, 3}));
    }

    /// The height that a figure asks for is that of the layout in which it is drawn: its maps keep the width
    /// of their panels, and the numbers stand below them.
    void aFigureIsDrawnAsItsHeightWasAskedFor()
    {
        BrushRoom room;
        room.press(5, 4);
        room.release(5, 4);
        QTRY_VERIFY(room.brush.isReady());
        QTRY_VERIFY(room.brush.effects().isKnown());
        const Style style = Style::paper();
        for (int width = 234; width <= 520; ++width) {
            const double height = room.brush.heightFor(width, style);
            figure::Page page({static_cast<double>(width), height});
            QPainter painter(&page);
            room.brush.paint(painter, {0, 0, static_cast<double>(width), height}, style);
            painter.end();
            for (const figure::PageItem& item : page.items())
                if (const auto* text = std::get_if<figure::TextItem>(&item.what);
                    text && text->text == "change")
                    QVERIFY2(text->placement.map(QPointF(text->x.front(), 0)).x() > 0.45 * width,
                        qPrintable(QString::number(width)));
            QVERIFY(textsOn(page).contains("change"));
        }
    }

    void thePlaneHasItsColumnAndEveryBarANumber()
    {
        BrushRoom room;
        room.brush.resize(475, 455); // in a window of 1280 x 800
        const QRectF before = room.brush.planeArea();
        room.press(5, 4);
        room.move(6, 4);
        room.release(6, 4);
        QTRY_VERIFY(room.brush.isReady());
        QTRY_VERIFY(room.brush.effects().isKnown());
        QCOMPARE(room.brush.planeArea(), before); // whatever the caption and the badges say now
        QVERIFY2(before.width() > 140, qPrintable(QString::number(room.brush.planeArea().width())));
        figure::Page page({475, 455});
        QPainter painter(&page);
        room.brush.paint(painter, {0, 0, 475, 455}, Style::paper());
        painter.end();
        QStringList texts;
        std::vector<QRectF> bars;
        std::vector<QPointF> begins; // of texts
        for (const figure::PageItem& item : page.items()) {
            if (const auto* text = std::get_if<figure::TextItem>(&item.what)) {
                texts << text->text.trimmed();
                begins.push_back(text->placement.map(QPointF(text->x.front(), 0)));
            }
            if (const auto* image = std::get_if<figure::ImageItem>(&item.what)) {
                const QRectF at = image->placement.mapRect(QRectF(0, 0, 1, 1));
                if (at.width() > 2 * at.height())
                    bars.push_back(at);
            }
        }
        QCOMPARE(bars.size(), 3U); // of the plane, of before and after, and of their difference
        for (const QRectF& bar : bars)
            QVERIFY(std::ranges::any_of(
                begins, [&](QPointF text) { return bar.adjusted(-1, 0, 1, 16).contains(text); }));
        QVERIFY2(texts.contains("equal number"), qPrintable(texts.join('|'))); // whole words
        QVERIFY(!texts.contains("number"));
    }

    void aSliderUnderWayAsksForNoControls()
    {
        BrushRoom room;
        QTRY_VERIFY(room.brush.isReady());
        QElapsedTimer since; // the last edit
        bool isEarly = false;
        for (Job* job : room.brush.findChildren<Job*>())
            connect(job, &Job::started, &room.brush, [&, job] {
                isEarly = isEarly || (job->title() == "Cutting at random" && since.elapsed() < 250);
            });
        for (const char* edit : {"blocks.0.filter=gain:0.9", "blocks.0.filter=gain:0.8"}) {
            QSignalSpy shown(&room.session, &Session::traceChanged);
            since.start();
            room.session.setEdits({Edit::parse(edit)}, "slider", "slider");
            QTRY_VERIFY(!shown.isEmpty()); // that run is through, and the brush has seen it
        }
        QTRY_VERIFY(room.brush.effects().isKnown()); // once it rests
        QVERIFY(!isEarly);
    }

    void twoLayersAreSwappedWhateverTheScope()
    {
        BrushRoom room;
        room.use(BrushTool::Ring, BrushAct::Zero, BrushScope::All);
        QCOMPARE(room.brush.brush().scope, BrushScope::All);
        auto* scope = room.brush.findChildren<QComboBox*>().back();
        for (QComboBox* box : room.brush.findChildren<QComboBox*>())
            if (box->accessibleName() == "Where the brush works")
                scope = box;
        const auto offersAll
            = [&] { return scope->model()->index(2, 0).flags().testFlag(Qt::ItemIsEnabled); };
        QVERIFY(offersAll());
        room.use(BrushTool::Ring, BrushAct::Swap, BrushScope::All);
        QCOMPARE(room.brush.brush().scope, BrushScope::Layer);
        QCOMPARE(scope->currentText(), QString("this layer"));
        QVERIFY(!offersAll());
    }

    void aTraceAloneCannotBeBrushed()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        QVERIFY(room.view("filter-brush").missing().contains("needs a model"));
    }

    void controlsOfEqualEnergySayWhatTheyShareWithTheRegion()
    {
        BrushRoom room;
        room.press(5, 4);
        room.move(6, 4);
        room.release(6, 4);
        const FrequencyPlane plane{8, 8, 5};
        const Tensor stored = room.session.slot().base->find("blocks.0.filter.weight")->value;
        const auto filter = stored.values<std::complex<float>>().first(8 * 5);
        const auto binsOf = [&](const std::string& region) {
            return FrequencyRegion::parse(region).bins(plane, filter, "blocks.0.filter.weight", 0);
        };
        const Bins own = binsOf("ring:0.0625..0.3125");
        double shared = 0, size = 0;
        for (int seed = 0; seed < 3; ++seed) {
            const Bins drawn = binsOf("equal-energy:" + std::to_string(seed) + ":ring:0.0625..0.3125");
            for (int y = 0; y < 8; ++y)
                for (int x = 0; x < 8; ++x) { // the whole plane, -f where f is not stored
                    const int bin = x < 5 ? y * 5 + x : (8 - y) % 8 * 5 + 8 - x;
                    const auto at = static_cast<std::size_t>(bin);
                    shared += own[at] && drawn[at] ? 1 : 0;
                    size += own[at] ? 1 : 0;
                }
        }
        QVERIFY(shared > 0 && shared < size);
        const QString wanted = QString("%1 % of its frequencies").arg(std::lround(100 * shared / size));
        QVERIFY2(room.brush.badges().join('|').contains(wanted), qPrintable(room.brush.badges().join('|')));
    }

    void swappingNamesBothLayers()
    {
        Brush brush;
        brush.act = BrushAct::Swap;
        brush.block = "blocks.1";
        const auto edits
            = editsOf(brush, {"blocks.0.filter.weight", "blocks.0", 3, {"blocks.0.filter.weight"}},
                FrequencyRegion::parse("all"));
        QCOMPARE(edits.size(), std::size_t{2});
        QCOMPARE(edits[0].text(), std::string("blocks.0.filter.weight=from:blocks.1:all"));
        QCOMPARE(edits[1].text(), std::string("blocks.1.filter.weight=from:blocks.0:all"));
    }

    void aWedgeBetweenAnyTwoPlacesIsARegion()
    {
        for (const int side : {14, 28}) {
            const FrequencyPlane plane{side, side, side / 2 + 1};
            const int step = side == 14 ? 1 : 3;
            for (int from = 0; from < side * side; from += step)
                for (int to = 0; to < side * side; to += step) {
                    const FrequencyRegion region
                        = regionBetween(BrushTool::Wedge, pointAt(plane, from % side, from / side),
                            pointAt(plane, to % side, to / side), plane);
                    QVERIFY(region.edges[0] >= -180 && region.edges[0] < 180);
                    const FrequencyRegion read = FrequencyRegion::parse(region.text());
                    const double width = read.edges[1] - read.edges[0];
                    QVERIFY(width < 180 - 1e-3 || read.bins(plane).front()); // the half turn has frequency 0
                }
        }
    }

    void theKeyboardBrushesToo()
    {
        BrushRoom room;
        auto* cells = room.brush.cellTable();
        cells->goTo({5, 4});
        QTest::keyClick(&room.brush, Qt::Key_Space);
        QTest::keyClick(&room.brush, Qt::Key_Right);
        QTest::keyClick(&room.brush, Qt::Key_Space);
        QTest::keyClick(&room.brush, Qt::Key_Right);
        QCOMPARE(room.edits(), QStringList("blocks.0.filter.weight=zero:ring:0.0625..0.3125"));
        QCOMPARE(cells->current(), QPoint(7, 4));
        QVERIFY(cells->cellText({6, 4}).contains("brushed"));
        QVERIFY(!cells->cellText({7, 4}).contains("brushed"));
        QTest::keyClick(&room.brush, Qt::Key_Delete);
        QVERIFY(room.edits().isEmpty());
    }
};

QTEST_MAIN(TestFilterBrushView)
#include "tst_filter_brush_view.moc"
