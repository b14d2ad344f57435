// How fast the window answers, at the size of DeiT-B: 12 layers, 12 heads, 197 tokens. Hover is the time from
// the posted mouse event to the return of the last paintEvent that it causes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "widgets/session/patterns.h"
#include "widgets/views/spatial_view.h"

#include "tests/support/test.h"

#include <QElapsedTimer>
#include <QMouseEvent>
#include <QSettings>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace fovea;

namespace {

constexpr int layers = 12, heads = 12, side = 14, tokens = side * side + 1, events = 1000;

/// Rows as sharp and as local as a trained model's, made by a rule.
Tensor pattern(int layer)
{
    Tensor value({1, heads, tokens, tokens});
    float* out = value.writable().data();
    for (int head = 0; head < heads; ++head)
        for (int q = 0; q < tokens; ++q, out += tokens) {
            float sum = 0;
            for (int k = 0; k < tokens; ++k) {
                const double far = std::abs(q - k) / (4.0 + 3 * head + layer);
                out[k] = static_cast<float>(std::exp(-far) + 0.02 * ((k * 7 + q * 13 + head) % 11));
                sum += out[k];
            }
            std::for_each(out, out + tokens, [sum](float& v) { v /= sum; });
        }
    return value;
}

Slot madeUp()
{
    const LayoutPtr layout = TokenLayout::image(side, side, 224, 224, {"cls"});
    auto step = std::make_shared<StepRecords>();
    for (int layer = 0; layer < layers; ++layer) {
        Record record;
        record.info.path = "blocks." + std::to_string(layer) + ".attn.pattern";
        record.info.kind = Kind::Attention;
        record.value = pattern(layer);
        record.axes = defaultAxes(record.info, record.value.shape());
        record.queries = record.keys = layout;
        step->add(std::make_shared<const Record>(record));
    }
    auto trace = std::make_shared<Trace>();
    trace->steps.push_back(step);
    Slot slot;
    slot.base = trace;
    Tensor picture({224, 224, 3}, DType::U8);
    const auto pixels = picture.writable<std::uint8_t>();
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(i * 31 % 251);
    slot.prepared.picture = picture;
    return slot;
}

/// Runs the loop until nothing is left to be painted.
double milliseconds(const std::function<void()>& act)
{
    QElapsedTimer clock;
    clock.start();
    act();
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

struct Times {
    double median, high, worst;
};

Times report(const char* what, std::vector<double> times)
{
    std::ranges::sort(times);
    const Times t{times[times.size() / 2], times[times.size() * 99 / 100], times.back()};
    std::printf("%-8s median %.2f ms, 99 %% %.2f ms, worst %.2f ms (n = %zu)\n", what, t.median, t.high,
        t.worst, times.size());
    return t;
}

}

class BenchWindow : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
        session_ = std::make_unique<Session>(Services{&registry_, std::make_shared<Pool>(1), {}});
        window_ = std::make_unique<app::MainWindow>(*session_, app::WindowContent{});
        window_->resize(1280, 800);
        window_->show();
        session_->adopt(madeUp());
        for (View* view : window_->findChildren<View*>())
            QTRY_VERIFY(view->isReady());
        QCoreApplication::processEvents();
    }

    void hover()
    {
        auto* view = static_cast<SpatialView*>(window_->view("overlay"));
        const TokenLayout& layout = session_->patterns().queries(0);
        std::vector<double> times;
        for (int i = 0; i < events + 20; ++i) {
            const QPointF at = view->pointOf(layout, 1 + i * 37 % (tokens - 1));
            const double ms = milliseconds([&] {
                QCoreApplication::postEvent(view,
                    new QMouseEvent(QEvent::MouseMove, at, view->mapToGlobal(at), Qt::NoButton, {}, {}));
            });
            QVERIFY(session_->selection().hover.query);
            if (i >= 20) // warm
                times.push_back(ms);
        }
        const Times t = report("hover", times);
        QVERIFY2(t.median < 8, "median of hover to painted");
        QVERIFY2(t.worst < 16, "worst of hover to painted");
    }

    void layerSwitch()
    {
        std::vector<double> times;
        for (int i = 0; i < 60; ++i)
            times.push_back(milliseconds([&] {
                Selection selection = session_->selection();
                selection.layer = (selection.layer + 1) % layers;
                session_->setSelection(selection);
            }));
        QVERIFY2(report("layer", times).worst < 50, "switching layer");
    }

private:
    QTemporaryDir folder_;
    Registry registry_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<app::MainWindow> window_;
};

QTEST_MAIN(BenchWindow)
#include "bench_window.moc"
