// The brush and what happens around it: another layer, another model, another tab.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/source/execute.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"
#include "tests/widgets/brush_room.h"

#include <QComboBox>
#include <QStackedWidget>

using namespace fovea;

namespace {

const char *const first = "blocks.0.filter.weight", *const second = "blocks.1.filter.weight";

/// The toy's run as if the second filter were of a 4 x 4 grid.
Slot withASmallerSecondFilter()
{
    Slot slot = slotWithModel("toy_filter");
    Trace trace = *slot.base;
    auto step = std::make_shared<StepRecords>();
    for (const RecordPtr& record : slot.base->steps[0]->all()) {
        auto copy = std::make_shared<Record>(*record);
        if (record->path() == second) {
            copy->value = Tensor({2, 4, 3}, DType::C64);
            copy->queries = TokenLayout::image(4, 4, 8, 8);
        }
        step->add(copy);
    }
    trace.steps = {};
    trace.steps.push_back(step);
    slot.base = std::make_shared<const Trace>(std::move(trace));
    return slot;
}

Slot withChannels(const char* preset)
{
    Slot slot;
    slot.architecture = toys::toys().architecture("toy_filter");
    Weights::Parts parts;
    parts.architecture = "toy_filter";
    parts.config = presetConfig(*slot.architecture, preset);
    parts.parameters = freshParameters(slot.architecture->manifest(parts.config), 1, {});
    const Index channels = slot.architecture->inputShape(parts.config).extents().front();
    slot.weights = std::make_shared<const Weights>(std::move(parts));
    slot.base = execute(*slot.architecture, *slot.weights, test::noise({1, channels, 8, 8}, "picture"));
    return slot;
}

/// Four blocks of filters on 8 x 8 tokens, whose `filter.out` is shown.
Slot spectralSlot()
{
    static const plugin::spectformer::Spectformer spectformer;
    Slot slot;
    slot.architecture = &spectformer;
    Weights::Parts parts;
    parts.architecture = "spectformer";
    parts.config = presetConfig(spectformer, "micro_shapes");
    parts.parameters = freshParameters(spectformer.manifest(parts.config), 0, {});
    slot.weights = std::make_shared<const Weights>(std::move(parts));
    ExecuteOptions options;
    options.record = {"*.filter.weight"};
    slot.base = execute(spectformer, *slot.weights, test::noise({1, 3, 64, 64}, "picture"), options);
    return slot;
}

/// The window with two tabs, the brush in one of them.
class Tabs {
public:
    explicit Tabs(FilterBrushView& brush)
    {
        window_.addWidget(&brush);
        window_.addWidget(new QWidget);
        window_.resize(700, 500);
        window_.show();
    }
    ~Tabs() { window_.widget(0)->setParent(nullptr); } // the room's
    void showBrush(bool on) { window_.setCurrentIndex(on ? 0 : 1); }

private:
    QStackedWidget window_;
};

Tensor shownOf(const FilterBrushView& brush, const QString& end)
{
    for (const Record& record : brush.data())
        if (QString::fromStdString(record.path()).endsWith(end))
            return record.value;
    return {};
}

/// One channel of a block's filter.out, computed by itself.
std::vector<double> mapOf(const Slot& slot, const std::string& block, Index channel)
{
    ExecuteOptions options;
    options.record = {block + ".filter.out"};
    const TracePtr trace = execute(*slot.architecture, *slot.weights, slot.base->input, options);
    const auto all = trace->find(block + ".filter.out")->value;
    std::vector<double> map;
    for (Index i = channel; i < all.count(); i += all.dim(1))
        map.push_back(static_cast<double>(all.data()[i]));
    return map;
}

}

class TestFilterBrushLayers : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void aStrokeEndsWhereAnotherPlaneBegins()
    {
        BrushRoom room(withASmallerSecondFilter());
        room.use(BrushTool::Free);
        room.select(second);
        QCOMPARE(room.brush.cellTable()->cells(), QSize(4, 4));
        room.brush.cellTable()->goTo({3, 3});
        room.key(Qt::Key_Space);
        room.select(first); // 8 x 8
        const QStringList edits = room.edits();
        for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Down, Qt::Key_Down})
            room.key(key);
        QCOMPARE(room.edits(), edits); // the brush is up
        QCOMPARE(room.brush.cellTable()->current(), QPoint(5, 5));
        room.select(second);
        QCOMPARE(room.brush.cellTable()->current(), QPoint(3, 3)); // held within
    }

    void aStrokeStaysInItsChannel()
    {
        BrushRoom room;
        room.select(first, 0);
        room.use(BrushTool::Ring, BrushAct::Zero, BrushScope::Channel);
        room.press(6, 4);
        room.release(6, 4);
        const QStringList edits = room.edits();
        QVERIFY(edits.size() == 1 && edits[0].contains(".0=zero"));
        room.select(first, 1);
        room.use(BrushTool::Wedge, BrushAct::Zero, BrushScope::Channel);
        QCOMPARE(room.edits(), edits);
        room.press(6, 4);
        room.release(6, 4);
        QCOMPARE(room.edits().size(), 2);
    }

    void anotherToolLeavesTheOrder()
    {
        BrushRoom room;
        room.use(BrushTool::Ring);
        room.press(6, 4);
        room.release(6, 4);
        auto edits = room.session.slot().edits;
        edits.push_back(Edit::parse("blocks.0.filter=gain:2:all"));
        room.session.setEdits(edits, "typed");
        room.use(BrushTool::Box);
        QVERIFY(room.session.slot().edits == edits);
    }

    void aStrokeEndsWithItsModel()
    {
        BrushRoom room;
        room.use(BrushTool::Free);
        const QPoint place = room.at(5, 5);
        room.key(Qt::Key_Space);
        room.session.adopt(slotWithModel("toy_drop")); // it has no filters
        QVERIFY(!room.brush.missing().isEmpty());
        room.drag(place);
        room.key(Qt::Key_Space);
        QVERIFY(room.edits().isEmpty());
    }

    void aStrokeEndsWhenTheKeyboardGoes()
    {
        BrushRoom room;
        room.key(Qt::Key_Space);
        QFocusEvent away(QEvent::FocusOut);
        QCoreApplication::sendEvent(&room.brush, &away);
        const QStringList edits = room.edits();
        room.key(Qt::Key_Right);
        QCOMPARE(room.edits(), edits);
    }

    void onAnotherLayerTheLastStrokeStays()
    {
        BrushRoom room;
        room.press(5, 4);
        room.release(5, 4);
        room.select(second);
        room.press(5, 4);
        room.release(5, 4);
        QCOMPARE(room.edits(),
            (QStringList{"blocks.0.filter.weight=zero:ring:0.0625..0.1875",
                "blocks.1.filter.weight=zero:ring:0.0625..0.1875"}));
    }

    void onlyLayersThatFitCanBeSwappedWith()
    {
        BrushRoom room(withASmallerSecondFilter());
        Brush brush;
        brush.act = BrushAct::Swap;
        room.brush.setBrush(brush);
        for (const auto* box : room.brush.findChildren<QComboBox*>())
            QVERIFY(box->findData(QStringLiteral("blocks.1")) < 0);
        room.press(5, 4);
        room.release(5, 4);
        QVERIFY(room.edits().isEmpty());
        BrushRoom alike;
        alike.brush.setBrush(brush);
        alike.press(5, 4);
        alike.release(5, 4);
        QCOMPARE(alike.edits().size(), 2);
    }

    void behindATabNothingIsTouchedThatIsNotThere()
    {
        BrushRoom room(withChannels("rgb"));
        Tabs tabs(room.brush);
        room.select(first, 2); // the third of three
        const Tensor before = shownOf(room.brush, ".2.kernel.before");
        tabs.showBrush(false);
        room.session.adopt(slotWithModel("toy_filter")); // of two
        room.session.setEdits({Edit::parse("blocks.0.filter=lowpass:0.3")}, "typed");
        QVERIFY(shownOf(room.brush, ".2.kernel.before").identical(before)); // not a third of two
        tabs.showBrush(true);
        QVERIFY(room.brush.caption().contains("channel 1"));
        QVERIFY(shownOf(room.brush, ".0.magnitude.before").defined() == false);
        QVERIFY(shownOf(room.brush, ".1.magnitude.before").defined());
    }

    void behindATabItWaitsUntilItIsSeen()
    {
        BrushRoom room(spectralSlot());
        Tabs tabs(room.brush);
        QTRY_VERIFY(shownOf(room.brush, ".filtered.before").defined());
        tabs.showBrush(false);
        room.select(second, 3);
        QVERIFY(!shownOf(room.brush, "blocks.1.filter.weight.3.kernel.before").defined());
        tabs.showBrush(true);
        QTRY_VERIFY(shownOf(room.brush, "blocks.1.filter.weight.3.filtered.before").defined());
        const auto map = shownOf(room.brush, ".filtered.before").toDoubles(),
                   wanted = mapOf(room.session.slot(), "blocks.1", 3);
        QCOMPARE(map.size(), wanted.size());
        for (std::size_t i = 0; i < map.size(); ++i)
            QVERIFY(std::abs(map[i] - wanted[i]) < 1e-5);
    }

    void mapsAreMeasuredWhenTheyAreFirstSeen()
    {
        Room room(spectralSlot());
        auto& brush = static_cast<FilterBrushView&>(room.view("filter-brush"));
        brush.resize(800, 560);
        QVERIFY(!shownOf(brush, ".filtered.before").defined());
        brush.show();
        QTRY_VERIFY(shownOf(brush, ".filtered.before").defined());
    }

    void aMapOfAnotherLayerIsNotTaken()
    {
        BrushRoom room(spectralSlot());
        QVERIFY(!room.brush.isReady());
        room.brush.hide(); // so that nothing is begun for the other
        room.select(second, 3);
        QTRY_VERIFY(room.brush.isReady());
        QVERIFY(!shownOf(room.brush, ".filtered.before").defined());
    }

    void tokensOfAnEditedRunTakeThePlaceOfThoseBefore() // nothing flickers while one drags
    {
        Room room(spectralSlot());
        View& view = room.view("token-spectrum");
        QTRY_VERIFY(view.isReady());
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        const Tensor before = view.data()[0].value;
        bool stays = false, comes = false;
        connect(&room.session, &Session::traceChanged, &view, [&] {
            comes = true;
            stays = !view.isReady() && view.missing().isEmpty() && view.data()[0].value.identical(before);
        });
        room.session.setEdits({Edit::parse("blocks.0.filter=gain:0.5")}, {});
        QTRY_VERIFY(comes && view.isReady());
        QVERIFY(stays);
        room.session.adopt(slotWithModel("toy_filter")); // but for another run
        QVERIFY(!view.missing().isEmpty() || !view.data()[0].value.identical(before));
    }

    void theMapFollowsTheStroke()
    {
        BrushRoom room(spectralSlot());
        room.press(4, 4); // the mean over all tokens
        room.release(4, 4);
        QTRY_VERIFY(room.brush.effects().isKnown());
        QTRY_VERIFY(shownOf(room.brush, ".filtered.after").defined());
        double sum = 0, most = 0;
        for (const double value : shownOf(room.brush, ".filtered.after").toDoubles()) {
            sum += value;
            most = std::max(most, std::abs(value));
        }
        QVERIFY(most > 0);
        QVERIFY(std::abs(sum) < 1e-4 * most * 64);
    }
};

QTEST_MAIN(TestFilterBrushLayers)
#include "tst_filter_brush_layers.moc"
