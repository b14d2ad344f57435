// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cost_accuracy_view.h"

#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"
#include "widgets/views/study_pictures.h"

#include "core/analysis/cost_contenders.h"
#include "core/run/pool.h"
#include "core/tensor/error.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <map>

namespace fovea {

namespace {

using analysis::CostPoint;
using analysis::Estimate;

constexpr double calibrating = 0.15; ///< about the share of the work before the first answer counts

QString inPercent(double share) { return numberText(100 * share, 3); }

QString intervalText(const Estimate& estimate, double unit)
{
    return CostAccuracyView::tr("%1 to %2")
        .arg(numberText(unit * estimate.low, 3), numberText(unit * estimate.high, 3));
}

}

CostAccuracyView::CostAccuracyView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("cost-accuracy"), tr("Cost and accuracy"), session, parent)
{
    setButtonTip(
        tr("Ask the model about test pictures of a data set at several thresholds, and other ways to "
           "drop as much, each at its cost"));
    renew();
}

void CostAccuracyView::renew()
{
    const Display& display = session().display();
    StudyOptions study = display.study;
    study.draws = StudyOptions().draws; // which are of no consequence here
    Asked now{session().slot().weights, std::move(study), display.cost.thresholds, display.cost.calibration};
    if (now != asked_) {
        asked_ = std::move(now);
        stop();
        compared_.reset();
    }
    AskedView::renew();
}

QString CostAccuracyView::unfit() const
{
    const QString file = QFileInfo(QString::fromStdString(session().slot().modelPath)).fileName(),
                  id = QString::fromStdString(asked_.weights->architecture());
    for (const char* field : {"threshold", "rule", "keep", "groups"})
        if (!findField(asked_.weights->config().schema(), field))
            return tr("Cost against accuracy needs a model that drops patches below a threshold, as IA-RED² "
                      "does: %1 has no field '%2'.")
                .arg(file.isEmpty() ? id : tr("%1 (%2)").arg(file, id), QLatin1String(field));
    return {};
}

CostAccuracyView::Compared CostAccuracyView::compared(
    std::vector<double> thresholds, const std::vector<CostPoint>& points)
{
    Compared all{std::move(thresholds), {}};
    for (const CostPoint& point : points) {
        auto curve = std::ranges::find(all.curves, point.series, &Curve::series);
        if (curve == all.curves.end())
            curve = all.curves.insert(curve, {point.series, {}});
        curve->points.push_back(point);
    }
    return all;
}

void CostAccuracyView::compute()
{
    if (!isIncomplete() || isRunning())
        return;
    begin(
        tr("Comparing costs"),
        [asked = asked_, cost = session().display().cost, recalled = recalled_,
            architecture = session().slot().architecture,
            services = session().services()](const Job::Context& context) -> ComparedPtr {
            const std::vector<double> thresholds = thresholdsOf(cost);
            ExecuteOptions run;
            run.pool = services.pool ? services.pool : std::make_shared<Pool>(1);
            run.stop = context.stop;
            const auto pictures = openStudy(services, asked.study, *architecture, *asked.weights, run);
            run.progress = [&](double share) { context.progress(calibrating * share); };
            const auto contenders = analysis::costContenders(
                *services.registry, asked.weights, pictures, thresholds, run, asked.calibration);
            run.progress = [&](double share) { context.progress(calibrating + (1 - calibrating) * share); };
            auto all = compared(thresholds, analysis::costAccuracy(contenders, pictures, {}, run));
            all.threads = run.pool->threads();
            if (!recalled.isEmpty())
                takeTimes(all, recalled);
            return std::make_shared<const Compared>(std::move(all));
        },
        [this](const ComparedPtr& all) { compared_ = all; });
}

QString CostAccuracyView::missing() const
{
    if (compared_)
        return {};
    if (!asked_.weights)
        return tr("Cost against accuracy needs a model, not only a trace.");
    if (const QString why = unfit(); !why.isEmpty())
        return why;
    if (isRunning())
        return progressText();
    return problem().isEmpty() ? tr("What does the answer cost, and what is it worth, on %n pictures of %1?",
               nullptr, asked_.study.count)
                                     .arg(studyDataText(asked_.study, *asked_.weights))
                               : problem();
}

QString CostAccuracyView::caption() const
{
    return compared_ ? tr("%n test pictures of %1", nullptr, whole().accuracy.count)
                           .arg(studyDataText(asked_.study, *asked_.weights))
            + tr(" · all patches: %1 % (%2)")
                  .arg(inPercent(whole().accuracy.mean), intervalText(whole().accuracy, 100))
                     : QString();
}

QStringList CostAccuracyView::badges() const
{
    if (!compared_)
        return {};
    QStringList all{tr("bars: 95 % intervals over pictures"),
        tr("rivals have the model's tensors, nothing is trained anew"),
        tr("time: median of single pictures, %n threads", nullptr, compared_->threads)};
    if (isTime())
        all << tr("rivals are equal in multiply-accumulates, not in time");
    return all;
}

std::vector<Record> CostAccuracyView::data() const
{
    std::vector<CostPoint> points;
    for (int row = 0; compared_ && row < rows(); ++row)
        points.insert(points.end(), curveAt(row).points.begin(), curveAt(row).points.end());
    return analysis::costTables(points);
}

QJsonObject CostAccuracyView::measured() const
{
    if (!compared_)
        return {};
    QJsonObject times;
    for (const Curve& curve : compared_->curves) {
        QJsonArray row;
        for (const CostPoint& point : curve.points)
            row.append(point.milliseconds);
        times[QString::fromStdString(curve.series)] = row;
    }
    return {{"milliseconds", times}, {"threads", compared_->threads}};
}

void CostAccuracyView::takeTimes(Compared& compared, const QJsonObject& measured)
{
    const QJsonObject times = measured["milliseconds"].toObject();
    for (Curve& curve : compared.curves) {
        const QJsonArray row = times[QString::fromStdString(curve.series)].toArray();
        if (static_cast<std::size_t>(row.size()) != curve.points.size())
            throw Error("field 'measured.milliseconds." + curve.series + "': expected "
                + std::to_string(curve.points.size()) + " numbers, found " + std::to_string(row.size()));
        for (std::size_t i = 0; i < curve.points.size(); ++i) {
            const QJsonValue time = row[static_cast<qsizetype>(i)];
            if (!time.isDouble() || time.toDouble() <= 0)
                throw Error("field 'measured.milliseconds." + curve.series + "': expected numbers above 0");
            curve.points[i].milliseconds = time.toDouble();
        }
    }
    compared.threads = measured["threads"].toInt(compared.threads);
}

QSize CostAccuracyView::cells() const
{
    return compared_ ? QSize(static_cast<int>(compared_->thresholds.size()), rows()) : QSize();
}

/// Whose cost does not move stands in every column.
const CostPoint& CostAccuracyView::pointAt(QPoint cell) const
{
    const auto& points = curveAt(cell.y()).points;
    return points[std::min(static_cast<std::size_t>(cell.x()), points.size() - 1)];
}

QString CostAccuracyView::nameOf(const std::string& series)
{
    const std::map<std::string, QString> names{{"all", tr("all patches")}, {"threshold", tr("threshold")},
        {"top", tr("top scores")}, {"random", tr("random")}, {"contrast", tr("contrast")},
        {"evit", tr("EViT")}, {"tome", tr("ToMe")}};
    const auto found = names.find(series);
    return found == names.end() ? QString::fromStdString(series) : found->second;
}

QString CostAccuracyView::columnName(int column) const
{
    return tr("threshold %1").arg(numberText(compared_->thresholds[static_cast<std::size_t>(column)], 3));
}

QString CostAccuracyView::settingText(const CostPoint& point) const
{
    if (std::isnan(point.rival))
        return tr("all patches");
    const QString rival = numberText(point.rival, 3), setting = numberText(point.setting, 3);
    if (point.series == "threshold")
        return tr("threshold %1").arg(rival);
    const QString what = point.series == "evit" ? tr("each stage keeps %1 of its patches").arg(setting)
        : point.series == "tome"                ? tr("each block merges %1 patches").arg(setting)
                                                : tr("the last group keeps %1 of all patches").arg(setting);
    return tr("%1 at the cost of threshold %2: %3").arg(nameOf(point.series), rival, what);
}

QString CostAccuracyView::cellText(QPoint cell) const
{
    const CostPoint& point = pointAt(cell);
    QString text = settingText(point)
        + tr("\naccuracy %1 % (%2)").arg(inPercent(point.accuracy.mean), intervalText(point.accuracy, 100));
    if (cell.y() > 0)
        text += tr(", %1 points from all patches (%2)\nlogit %3 (%4)")
                    .arg(signedText(100 * point.gain.mean, 3), intervalText(point.gain, 100),
                        signedText(point.logit.mean, 3), intervalText(point.logit, 1));
    text += tr("\n%1 million multiply-accumulates, %2 ms")
                .arg(numberText(point.macs / 1e6, 4), numberText(point.milliseconds, 3));
    if (point.kept.count > 0)
        text += tr("\nkept at the end: %1 % of the patches").arg(inPercent(point.kept.mean));
    if (point.iou.count > 0)
        text += tr("\nIoU of these and the objects: %1 (%2)")
                    .arg(numberText(point.iou.mean, 3), intervalText(point.iou, 1));
    return text;
}

QRectF CostAccuracyView::cellRect(QPoint cell) const
{
    constexpr double reach = 6;
    const CostPoint& point = pointAt(cell);
    const QPointF at = placeOf(point, frame(body(), screenStyle()));
    return {at - QPointF(reach, reach), at + QPointF(reach, reach)};
}

/// The nearest point, if the mouse is near one.
QPoint CostAccuracyView::cellAt(QPointF point) const
{
    constexpr double reach = 12;
    QPoint nearest = none;
    double least = reach;
    const PlotFrame plot = compared_ ? frame(body(), screenStyle()) : PlotFrame();
    for (int row = 0; compared_ && row < rows(); ++row)
        for (int column = 0; column < static_cast<int>(curveAt(row).points.size()); ++column)
            if (const double away = QLineF(placeOf(pointAt({column, row}), plot), point).length();
                away < least) {
                least = away;
                nearest = {column, row};
            }
    return nearest;
}

}
