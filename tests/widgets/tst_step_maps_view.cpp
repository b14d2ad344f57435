// A map at several steps side by side: which steps, which map, on which scale.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"
#include "widgets/session/session.h"
#include "widgets/views/view_table.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <array>

using namespace fovea;

namespace {

/// Attention of two heads on three words, of which head h at step s gives (s + h) / 100 to the first.
RecordPtr patternAt(const std::string& path, Index step)
{
    auto record = std::make_shared<Record>();
    record->info.path = path;
    record->info.kind = Kind::Attention;
    record->info.role = "attention after softmax";
    Tensor value({1, 2, 3, 3});
    for (Index i = 0; i < 18; ++i) {
        const auto share = static_cast<float>(step + i / 9) / 100;
        value.writable()[static_cast<std::size_t>(i)] = i % 3 == 0 ? share : (1 - share) / 2;
    }
    record->value = value;
    record->axes = defaultAxes(record->info, value.shape());
    record->queries = record->keys = TokenLayout::text({"a", "b", "c"});
    return record;
}

TracePtr traceOf(const std::vector<Index>& steps)
{
    auto trace = std::make_shared<Trace>();
    for (const Index step : steps) {
        auto records = std::make_shared<StepRecords>(step);
        records->add(patternAt("layers.0.pattern", step));
        records->add(patternAt("layers.1.pattern", step + 50));
        trace->steps.push_back(records);
    }
    return trace;
}

void adopt(Session& session, const TracePtr& trace)
{
    Slot slot;
    slot.base = trace;
    session.adopt(slot);
}

std::vector<std::string> pathsOf(const View& view)
{
    std::vector<std::string> paths;
    for (const Record& record : view.data())
        paths.push_back(record.path());
    return paths;
}

}

class TestStepMapsView : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        session_ = std::make_unique<Session>(Services{&toys::toys(), std::make_shared<Pool>(1), {}});
        view_ = makeView("step-maps", *session_);
    }
    void cleanup()
    {
        view_.reset();
        session_.reset();
    }

    void itShowsTheLowestLayerAtEveryRecordedStep()
    {
        adopt(*session_, traceOf({0, 10, 30}));
        QCOMPARE(pathsOf(*view_),
            (std::vector<std::string>{
                "layers.0.pattern.step.0", "layers.0.pattern.step.10", "layers.0.pattern.step.30"}));
        const Record last = view_->data().back();
        QCOMPARE(last.value.shape(), (Shape{3, 3}));
        QCOMPARE(last.value.data()[0], 0.3F);
        QCOMPARE(last.value.data()[4], 0.35F);
    }

    void itFollowsTheSelectedSignalAndHead()
    {
        adopt(*session_, traceOf({0, 10}));
        Selection selection = session_->selection();
        selection.record = "layers.1.pattern";
        selection.head = 1;
        session_->setSelection(selection);
        const Record first = view_->data().front();
        QCOMPARE(first.path(), std::string("layers.1.pattern.step.0"));
        QCOMPARE(first.value.data()[0], 0.51F); // step 0 + 50, head 1
    }

    void ofManyStepsSixAreShownTheFirstAndTheLastAmongThem()
    {
        std::vector<Index> steps;
        for (Index step = 0; step <= 20; ++step)
            steps.push_back(step);
        adopt(*session_, traceOf(steps));
        std::vector<std::string> expected;
        for (const int step : {0, 4, 8, 12, 16, 20})
            expected.push_back("layers.0.pattern.step." + std::to_string(step));
        QCOMPARE(pathsOf(*view_), expected);
        QVERIFY(view_->badges().contains("6 of 21 recorded steps"));
    }

    /// The right arrow goes from map to map, and the session to its step.
    void aCellIsAStep()
    {
        adopt(*session_, traceOf({0, 10, 30}));
        view_->resize(600, 300);
        CellTable& cells = *view_->cellTable();
        QCOMPARE(cells.cells(), QSize(3, 1));
        cells.goTo({2, 0});
        QCOMPARE(session_->selection().step, std::size_t{2});
        QCOMPARE(cells.current(), QPoint(2, 0));
        QCOMPARE(cells.columnName(2), QString("step 30"));
        QCOMPARE(cells.cellAt(cells.cellRect({1, 0}).center()), QPoint(1, 0));
        QVERIFY(cells.cellText({1, 0}).startsWith("step 10: entropy"));
    }

    /// Brighter where more is looked at, in all maps alike: viridis from 0 to the largest of all.
    void allMapsHaveOneScale()
    {
        adopt(*session_, traceOf({0, 90}));
        view_->resize(600, 300);
        QImage image(600, 300, QImage::Format_RGB32);
        QPainter painter(&image);
        view_->render(&painter);
        const auto cellOf = [&](int panel, double x, double y) {
            const QRectF place = view_->cellTable()->cellRect({panel, 0});
            return qGray(
                image.pixel((place.topLeft() + QPointF(place.width() * x, place.height() * y)).toPoint()));
        };
        QVERIFY(cellOf(1, 1.0 / 6, 0.5) > cellOf(0, 0.5, 0.5) + 40); // .9 and .5
        QVERIFY(cellOf(0, 0.5, 0.5) > cellOf(1, 0.5, 0.5) + 20); // .5 and .05
        QVERIFY(cellOf(0, 1.0 / 6, 0.5) < cellOf(0, 0.5, 0.5)); // 0
    }

    void withoutMapsItSaysWhatIsMissing()
    {
        QVERIFY(view_->missing().contains("Start a new run"));
        auto trace = std::make_shared<Trace>();
        trace->steps.push_back(std::make_shared<StepRecords>(0));
        adopt(*session_, trace);
        QVERIFY(view_->missing().contains("keeps no attention"));
    }

private:
    std::unique_ptr<Session> session_;
    std::unique_ptr<View> view_;
};

QTEST_MAIN(TestStepMapsView)
#include "tst_step_maps_view.moc"
