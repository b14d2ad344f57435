// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/low_pass_sweep_view.h"

#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"
#include "widgets/views/study_pictures.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

using analysis::Cut;
using analysis::SweepPoint;

QString percentText(double share) { return numberText(100 * share, 3); }

}

LowPassSweepView::LowPassSweepView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("low-pass-sweep"), tr("Low-pass sweep"), session, parent)
{
    setButtonTip(tr("Cut the high frequencies out of each layer's filter, and of all, from radius to radius, "
                    "and ask the model about test pictures of a data set each time"));
    renew();
}

void LowPassSweepView::renew()
{
    StudyOptions study = session().display().study;
    study.draws = StudyOptions().draws; // which are of no consequence here
    if (Asked now{session().slot().weights, std::move(study)}; now != asked_) {
        asked_ = std::move(now);
        stop();
        sweep_.reset();
    }
    AskedView::renew();
}

void LowPassSweepView::compute()
{
    if (!isIncomplete() || isRunning())
        return;
    begin(
        tr("Sweeping the radius"),
        [asked = asked_, architecture = session().slot().architecture, services = session().services()](
            const Job::Context& context) -> SweepPtr {
            ExecuteOptions run;
            run.pool = services.pool;
            run.stop = context.stop;
            const auto pictures = openStudy(services, asked.study, *architecture, *asked.weights, run);
            run.progress = context.progress;
            return std::make_shared<const analysis::LowPassSweep>(
                analysis::sweepLowPass(*architecture, *asked.weights, pictures, analysis::usualRadii(), run));
        },
        [this](const SweepPtr& sweep) { sweep_ = sweep; });
}

QString LowPassSweepView::missing() const
{
    if (sweep_)
        return {};
    if (!asked_.weights)
        return tr("A sweep needs a model, not only a trace.");
    if (isRunning())
        return progressText();
    return problem().isEmpty()
        ? tr("What does the answer lose without high frequencies, on %n pictures of %1?", nullptr,
            asked_.study.count)
              .arg(studyDataText(asked_.study, *asked_.weights))
        : problem();
}

QString LowPassSweepView::caption() const
{
    return sweep_ ? tr("%n test pictures of %1", nullptr, sweep_->whole.count)
                        .arg(studyDataText(asked_.study, *asked_.weights))
            + tr(" · uncut: %1 % (%2 to %3)")
                  .arg(percentText(sweep_->whole.mean), percentText(sweep_->whole.low),
                      percentText(sweep_->whole.high))
                  : QString();
}

QStringList LowPassSweepView::badges() const
{
    return {tr("0 beyond the radius"), tr("accuracy in %"), tr("bands: 95 % intervals over pictures"),
        tr("Δ: change of the label's logit"), tr("grey lines: nothing cut")};
}

std::vector<Record> LowPassSweepView::data() const
{
    return sweep_ ? analysis::sweepTables(*sweep_) : std::vector<Record>();
}

QSize LowPassSweepView::cells() const
{
    return sweep_ ? QSize(static_cast<int>(sweep_->radii.size()), rows()) : QSize();
}

QString LowPassSweepView::nameOf(Cut cut)
{
    const QString names[] = {tr("low-pass"), tr("random, equal number"), tr("random, equal energy")};
    return names[static_cast<std::size_t>(cut)];
}

QString LowPassSweepView::columnName(int column) const
{
    return tr("radius %1").arg(numberText(sweep_->radii[static_cast<std::size_t>(column)], 3));
}

QString LowPassSweepView::rowName(int row) const
{
    const int number = sweep_->rows[static_cast<std::size_t>(row)].number;
    return number < 0 ? tr("all layers") : layerName(number);
}

QString LowPassSweepView::cellText(QPoint cell) const
{
    QString text = tr("%1, %2").arg(rowName(cell.y()), columnName(cell.x()));
    for (const Cut cut : analysis::allCuts) {
        const SweepPoint& point
            = sweep_->at(static_cast<std::size_t>(cell.y()), cut, static_cast<std::size_t>(cell.x()));
        text += tr("\n%1: accuracy %2 % (%3 to %4), logit %5")
                    .arg(nameOf(cut), percentText(point.accuracy.mean), percentText(point.accuracy.low),
                        percentText(point.accuracy.high), signedText(point.logit.mean));
    }
    return text;
}

/// A strip about the radius, through both panels.
QRectF LowPassSweepView::cellRect(QPoint cell) const
{
    const PlotFrame above = frameOf(cell.y(), true, body(), screenStyle()),
                    below = frameOf(cell.y(), false, body(), screenStyle());
    const double x = above.xOf(sweep_->radii[static_cast<std::size_t>(cell.x())]);
    return {QPointF(x - 4, above.area.top()), QPointF(x + 4, below.area.bottom())};
}

QPoint LowPassSweepView::cellAt(QPointF point) const
{
    for (int row = 0; sweep_ && row < rows(); ++row) {
        if (!placeOf(row, body(), screenStyle()).contains(point))
            continue;
        const PlotFrame frame = frameOf(row, true, body(), screenStyle());
        const auto away = [&](double radius) { return std::abs(frame.xOf(radius) - point.x()); };
        const auto nearest = std::ranges::min_element(sweep_->radii, {}, away);
        return {static_cast<int>(nearest - sweep_->radii.begin()), row};
    }
    return none;
}

}
