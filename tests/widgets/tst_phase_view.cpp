// Theory beside the experiment, through the real view, the real time bar and the real lab: what is drawn is
// held against the paper's closed forms, not against the lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/step_track.h"
#include "widgets/panels/time_bar.h"
#include "widgets/session/player.h"
#include "widgets/views/theory/phase_view.h"
#include "widgets/views/theory/theory_meter_view.h"

#include "plugins/lab_scan_snap/scan_snap.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"
#include "tests/widgets/page_texts.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>
#include <numbers>

using namespace fovea;

namespace {

constexpr int patience = 60000;

/// Whose growth is known: ln chi = 1 - exp(-(s / scale)), so that its rate falls to a share at a known step.
class Grower final : public Lab {
public:
    Identity identity() const override { return {"grower", "Grower", "", "", {}, ""}; }
    Schema schema() const override { return {{"scale", 10.0, "", 1, 1000}}; }
    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"growth", Kind::Scalar, "growth", -1, ""}};
    }
    NamedTensors start(const Config&, std::uint64_t) const override
    {
        NamedTensors state;
        state.set("s", Tensor::full({1}, 0));
        return state;
    }
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        const double s = static_cast<double>(state["s"].values<float>()[0]);
        run.show("growth", Tensor::of<double>({1}, std::array{-std::expm1(-s / config.real("scale"))}));
        NamedTensors after;
        after.set("s", Tensor::full({1}, static_cast<float>(s + 1)));
        return after;
    }
};

const Registry& labs()
{
    static const Registry& all = []() -> const Registry& {
        static Registry registry;
        registry.add(std::make_unique<plugin::scan_snap::ScanSnap>());
        registry.add(std::make_unique<Grower>());
        toys::addLab(registry);
        return registry;
    }();
    return all;
}

/// What a figure of the view says.
QStringList textsOf(const View& view)
{
    figure::Page page({500, 400});
    QPainter painter(&page);
    view.paint(painter, QRectF(0, 0, 500, 400), Style::paper());
    painter.end();
    return textsOn(page);
}

/// One common token and three distinct ones of each of ten classes that follow one query; M = 1000.
const Answers figureThree{{"num_last", "1"}, {"num_next_per_last", "10"}, {"num_common", "1"},
    {"num_unique_per_next", "3"}, {"vocabulary", "1000"}, {"eta_y", "0.5"}, {"eta_z", "0.5"},
    {"momentum", "0"}, {"rho_0", "0.5"}};
/// Two classes, rates and overlap as the theorems want them.
const Answers insideRange{{"num_last", "1"}, {"num_next_per_last", "2"}, {"num_common", "1"},
    {"num_unique_per_next", "3"}, {"vocabulary", "1000"}, {"eta_y", "0.9"}, {"eta_z", "0.09"},
    {"simulator", "population"}, {"momentum", "0"}};

}

class TestPhaseView : public QObject {
    Q_OBJECT

private slots:
    void init() { session_ = std::make_unique<Session>(Services{&labs(), std::make_shared<Pool>(1), {}}); }
    void cleanup()
    {
        session_.reset();
        Job::waitForAll();
    }

    void theDrawnTheoryIsThePapers()
    {
        Answers fields = figureThree;
        fields["simulator"] = "ode";
        start("scan_snap", fields, 101);
        PhaseView view(*session_, nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(view.isReady() && view.missing().isEmpty(), patience);
        // Section 7.6 of the sheet: M h, gamma and 4 Gamma at t = 50 and 100, to the printed digits
        const auto at
            = [&](const char* path, std::size_t t) { return curve(view, path).value.toDoubles()[t]; };
        QVERIFY(std::abs(1000 * at("theory.h", 50) - 2.4914) < 5e-5);
        QVERIFY(std::abs(1000 * at("theory.h", 100) - 4.8749) < 5e-5);
        QVERIFY(std::abs(at("theory.gamma", 50) - 2.4592) < 5e-5);
        QVERIFY(std::abs(at("theory.gamma", 100) - 4.3056) < 5e-5);
        QVERIFY(std::abs(4 * at("theory.Gamma", 50) - 123.895) < 5e-4);
        QVERIFY(std::abs(4 * at("theory.Gamma", 100) - 474.345) < 5e-4);
        // B = ln(1 + 4 Gamma / C0) / 4 with C0 = .5^4 / 10
        QVERIFY(std::abs(at("theory.B", 100) - std::log1p(474.345 / 0.00625) / 4) < 1e-6);
        QVERIFY(std::abs(at("theory.chi_high", 100) - std::sqrt(1 + 474.345 / 0.00625)) < 1e-2);
        // the reduced equations' own decoder is that of theory
        QVERIFY(std::abs(at("h.A", 100) - at("theory.h", 100)) < 1e-12);
        QVERIFY(std::abs(at("gamma.A", 100) - at("theory.gamma", 100)) < 1e-9);
        QVERIFY2(view.caption().contains("t = steps"), qPrintable(view.caption()));
    }

    void theTimeMapIsStated()
    {
        start("scan_snap", {}, 3); // momentum .9
        PhaseView view(*session_, nullptr);
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        QVERIFY2(view.caption().contains(QString::fromUtf8("t = steps / (1 - momentum) = 10 × steps")),
            qPrintable(view.caption()));
        const auto drawn = curve(view, "theory.h").value.toDoubles();
        // exp(M h) + (M - 1) M h = M eta_Y t / K + 1 at t = 10 * 2, K = 2, M = 34
        QVERIFY(std::abs(std::exp(34 * drawn[2]) + 33 * 34 * drawn[2] - (34 * 20 / 2.0 + 1)) < 1e-9);
    }

    void inTheReducedEquationsTheLawHolds()
    {
        start("scan_snap",
            {{"simulator", "ode"}, {"num_last", "1"}, {"num_next_per_last", "3"}, {"num_common", "1"},
                {"num_unique_per_next", "3"}, {"vocabulary", "200"}},
            101);
        PhaseView view(*session_, nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(view.isReady() && view.missing().isEmpty(), patience);
        int laws = 0;
        double grown = 0;
        for (const Record& record : view.data()) {
            if (!record.path().starts_with("law."))
                continue;
            ++laws;
            const std::vector<double> y = record.value.toDoubles(), &x = record.axes[0].values;
            QCOMPARE(y.size(), std::size_t{101});
            QCOMPARE(x[0], 1.0);
            for (std::size_t i = 0; i < y.size(); ++i)
                QVERIFY2(std::abs(y[i] - x[i]) < 1e-6, record.path().c_str());
            grown = std::max(grown, x.back());
        }
        QCOMPARE(laws, 6); // two of three tokens of each class: the third is the dominant one
        QVERIFY(grown > 1.3);
    }

    void inTrainingItIsSeenToDeviate()
    {
        start("scan_snap", {}, 60, 2);
        PhaseView view(*session_, nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(view.isReady() && view.missing().isEmpty(), patience);
        double worst = 0;
        for (const Record& record : view.data())
            if (record.path().starts_with("law."))
                worst = std::max(
                    worst, std::abs(record.value.toDoubles().back() - record.axes[0].values.back()));
        QVERIFY(worst > 0.01);
    }

    void theoryIsDashedOutsideItsRangeOnly()
    {
        start("scan_snap", {}, 3);
        PhaseView view(*session_, nullptr);
        QTRY_VERIFY(view.isReady() && view.missing().isEmpty());
        QVERIFY(view.isDashed());
        const QString said = view.badges().join(" | ");
        QVERIFY2(said.contains("one query") && said.contains("|lambda_1(E)| < 1 / K"), qPrintable(said));
        QVERIFY(!said.contains("normalised"));
        session_->player().clear();
        start("scan_snap", insideRange, 3);
        QTRY_VERIFY(view.isReady() && !view.isDashed());
        QVERIFY2(view.badges().isEmpty(), qPrintable(view.badges().join(" | ")));
        // a rate changed on the way: theory is of one config
        Config other = session_->player().run()->config;
        other.set("eta_z", 0.05);
        session_->player().branch(other);
        QTRY_COMPARE(session_->player().tree().runs.size(), std::size_t{2});
        QTRY_VERIFY(view.isReady() && view.isDashed());
        QVERIFY(view.badges().join(" ").contains("step 3"));
    }

    void aLabWithoutTheorySaysSo()
    {
        start("grower", {}, 3);
        PhaseView view(*session_, nullptr);
        QTRY_VERIFY(view.isReady());
        QVERIFY2(view.missing().contains("No theory"), qPrintable(view.missing()));
    }

    void theMeterHoldsNumbersAgainstBounds()
    {
        start("scan_snap", {}, 20, 2);
        TheoryMeterView meter(*session_, nullptr);
        QTRY_VERIFY(meter.isReady() && meter.missing().isEmpty());
        const Record conditions = meter.data().front();
        const auto& names = conditions.axes[0].labels;
        const auto row = [&](const std::string& name) {
            const auto at = std::ranges::find(names, name) - names.begin();
            const std::vector<double> all = conditions.value.toDoubles();
            return std::vector<double>(all.begin() + 3 * at, all.begin() + 3 * at + 3);
        };
        // Syn-Small: f_1 . f_2 = .72202 at the start against 1 / 2, and against sqrt(6 / 34)
        const auto largest = row("|lambda_1(E)| < 1 / K"), least = row("|lambda_i(E)| >= sqrt(6 / M)");
        QVERIFY(largest[0] == 0 && std::abs(largest[1] - 0.72202) < 1e-5 && largest[2] == 0.5);
        QVERIFY(least[0] == 1 && std::abs(least[1] - 0.72202) < 1e-5
            && std::abs(least[2] - std::sqrt(6.0 / 34)) < 1e-12);
        QVERIFY(row("M > 100")[1] == 34 && row("M > 100")[2] == 100);
        QVERIFY(std::isnan(row("normalised")[1]));
        // in words, not by colour alone; and what is off at the step of the time bar
        const QStringList texts = textsOf(meter);
        QCOMPARE(texts.count("fails"), 7); // signs come from a font of their own
        QCOMPARE(texts.count("holds"), 5);
        session_->player().goTo(7);
        const double error = session_->player().run()->trace->find("law_error", 7)->value.toDoubles()[0];
        QCOMPARE(meter.data()[1].value.toDoubles()[0], error);
        QVERIFY(textsOf(meter).join("|").contains("at step 7"));
    }

    void marksStandAtTheirSteps()
    {
        TimeBar bar(*session_);
        bar.resize(900, 60);
        bar.show();
        start("grower", {}, 10);
        auto* track = bar.findChild<StepTrack*>();
        QVERIFY(track->marks().empty()); // it still grows fast
        // growth from s to s + 1 is (1 - 1 / e^(1 / 10)) e^(-s / 10): below a share of the first from
        // s > 10 ln(1 / share)
        session_->player().setTarget(28);
        session_->player().play();
        QTRY_VERIFY(!session_->player().isPlaying());
        QCOMPARE(track->marks().size(), std::size_t{1}); // 10 ln 10 = 23.03, live while it grows
        QCOMPARE(track->marks()[0].step, 24.0);
        QCOMPARE(track->marks()[0].low, 17.0); // 10 ln 5 = 16.1
        QVERIFY(std::isnan(track->marks()[0].high)); // 10 ln 20 = 29.96 is not there yet
        session_->player().setTarget(60);
        session_->player().play();
        QTRY_VERIFY(!session_->player().isPlaying());
        QCOMPARE(track->marks()[0].high, 30.0);
        QCOMPARE(track->marks()[0].text, QString("snap found at step 24 (10 %), band 17 to 30"));
        QCOMPARE(track->accessibleDescription(), track->marks()[0].text);
        const QPointF place = track->placeOf(track->marks()[0]);
        QVERIFY(std::abs((place.x() - 8) / (track->width() - 16) - 24 / 59.0) < 1e-9);
    }

    void predictedMarksStandBesideFoundOnes()
    {
        TimeBar bar(*session_);
        bar.resize(900, 60);
        bar.show();
        Answers fields = figureThree;
        fields["simulator"] = "ode";
        fields["rk4_step"] = "1";
        start("scan_snap", fields, 400);
        auto* track = bar.findChild<StepTrack*>();
        const auto named = [&](const QString& name, bool isFound) {
            for (const TrackMark& mark : track->marks())
                if (mark.name == name && mark.isFound == isFound)
                    return mark;
            return TrackMark{NAN, 0, 0, {}, {}, {}, false};
        };
        QTRY_VERIFY(std::isfinite(named("t0'", false).step));
        // K ln M / eta_Y, and 2 (1 + omega_1) of it with omega_1 = .319804 (sheet, section 2)
        const double scanned = 10 * std::log(1000.0) / 0.5;
        QVERIFY(std::abs(named("t0'", false).step - scanned) < 1e-9);
        QVERIFY(std::abs(named("t0", false).step - 2 * 1.319804 * scanned) < 1e-3);
        const TrackMark snap = named("snap", false);
        QVERIFY(snap.low < snap.step && snap.step < snap.high);
        QVERIFY2(snap.text.startsWith("snap predicted at step "), qPrintable(snap.text));
        QVERIFY2(named("t0'", false).text.contains("scanning ends"), qPrintable(named("t0'", false).text));
        // a tip over the mark tells it
        const QPoint place = track->placeOf(snap).toPoint();
        QHelpEvent help(QEvent::ToolTip, place, track->mapToGlobal(place));
        QApplication::sendEvent(track, &help);
        QTRY_VERIFY(QToolTip::text().contains("snap predicted"));
        QToolTip::hideText();
    }

private:
    void start(const char* lab, const Answers& fields, Index steps, std::uint64_t seed = 0)
    {
        Config config(labs().lab(lab)->schema());
        for (const auto& [name, value] : fields)
            config.setText(name, value);
        session_->player().start({lab, config, seed, steps, 1});
        QTRY_VERIFY_WITH_TIMEOUT(
            session_->player().run() && session_->player().run()->done == steps, patience);
        QTRY_VERIFY(!session_->player().isPlaying());
    }
    static Record curve(const View& view, const std::string& path)
    {
        for (const Record& record : view.data())
            if (record.path() == path)
                return record;
        qWarning("there is no %s", path.c_str());
        return {};
    }

    std::unique_ptr<Session> session_;
};

QTEST_MAIN(TestPhaseView)
#include "tst_phase_view.moc"
