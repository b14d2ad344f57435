// Runs so long that their large records were thinned.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/vector_family.h"

#include "core/source/recording.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPainter>

using namespace fovea;

namespace {

constexpr Index stride = 32;

RecordPtr recordOf(const std::string& path, Kind kind, const std::vector<double>& values)
{
    auto record = std::make_shared<Record>();
    record->info = {path, kind, "role", -1, ""};
    record->value = kind == Kind::Scalar ? Tensor::of<double>({}, values)
                                         : Tensor::of<double>({static_cast<Index>(values.size())}, values);
    record->axes = defaultAxes(record->info, record->value.shape());
    return record;
}

/// A vector at every 32nd step from the second one on, where it is 0 and 1 in turn.
TracePtr thinnedTrace()
{
    Trace trace;
    for (Index number = 0; number <= 16 * stride + 1; ++number) {
        auto step = std::make_shared<StepRecords>(number);
        step->add(recordOf("loss", Kind::Scalar, {1}));
        if (number % stride == 1)
            step->add(recordOf("x", Kind::Vector, std::vector<double>(3, number / stride % 2 == 0 ? 0 : 1)));
        trace.steps.push_back(step);
    }
    return std::make_shared<const Trace>(trace);
}

QImage drawn(const View& view, QSize size)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    view.paint(painter, QRectF(QPointF(), size), Style::paper());
    return image;
}

TracePtr versionOf(const std::shared_ptr<const void>& run, const StepList& steps)
{
    auto trace = std::make_shared<Trace>();
    trace->steps = steps;
    trace->run = run;
    return trace;
}

StepPtr largeStep(Index number, double value)
{
    auto step = std::make_shared<StepRecords>(number);
    step->add(recordOf("x", Kind::Vector, std::vector<double>(RecordingOptions::lightBytes, value)));
    return step;
}

}

class TestLongRuns : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    /// No line is empty ground: each has the last vector up to it. Before the first there is one line.
    void everyLineHasTheLastVector()
    {
        Room room(slotOf(thinnedTrace()));
        const QImage image = drawn(room.view("step-rows"), {400, 400});
        const QRgb away = Style::paper().grid.rgb();
        int lines = 0;
        for (int y = 0; y < image.height(); ++y) {
            int empty = 0;
            for (int x = 0; x < image.width(); ++x)
                empty += image.pixel(x, y) == away ? 1 : 0;
            lines += empty > 20 ? 1 : 0;
        }
        QVERIFY2(lines <= 1, qPrintable(QString::number(lines)));
    }

    /// The curve goes up and down as often as the vector does, however few pixels a step has.
    void aCourseHasEveryVector()
    {
        Room room(slotOf(thinnedTrace()));
        const QImage image = drawn(room.view("step-courses"), {300, 300});
        int most = 0;
        for (int y = 0; y < image.height(); ++y) {
            int crossings = 0;
            for (int x = 1; x < image.width(); ++x) {
                const auto isColoured = [&](int at) { return QColor(image.pixel(at, y)).saturation() > 60; };
                crossings += isColoured(x) && !isColoured(x - 1) ? 1 : 0;
            }
            most = std::max(most, crossings);
        }
        QVERIFY2(most >= 15, qPrintable(QString::number(most)));
    }

    /// Once lightened a step has no large vector any more, but the run is the same.
    void extentsOutliveALightenedStep()
    {
        StepList steps;
        ElementExtents extents;
        const auto run = std::make_shared<const char>();
        for (Index number = 0; number < 5; ++number) {
            if (number > 1)
                steps.replace(steps.size() - 1, steps.back()->lightened(RecordingOptions::lightBytes));
            steps.push_back(largeStep(number, number == 2 ? 7 : 1));
            extents.follow(versionOf(run, steps), "x");
        }
        QCOMPARE(extents.range().max, 7.0);
        QCOMPARE(extents.steps(), (std::vector<Index>{0, 4})); // that still have it
        StepList other{steps.front()}; // a branch with the same numbers, lightened too
        for (Index number = 1; number < 6; ++number)
            other.push_back(largeStep(number, 2)->lightened(number < 5 ? RecordingOptions::lightBytes : -1));
        extents.follow(versionOf(std::make_shared<const char>(), other), "x");
        QCOMPARE(extents.range().max, 2.0);
    }
};

QTEST_MAIN(TestLongRuns)
#include "tst_long_runs.moc"
