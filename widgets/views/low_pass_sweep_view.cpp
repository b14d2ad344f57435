// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/low_pass_sweep_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/text.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

using analysis::Cut;
using analysis::Estimate;
using analysis::SweepPoint;

const Estimate& of(const SweepPoint& point, bool isAccuracy)
{
    return isAccuracy ? point.accuracy : point.logit;
}

QString nameOf(Cut cut)
{
    const QString names[] = {LowPassSweepView::tr("low-pass"), LowPassSweepView::tr("random, equal number"),
        LowPassSweepView::tr("random, equal energy")};
    return names[static_cast<std::size_t>(cut)];
}

Mark markOf(Cut cut, const Style& style)
{
    if (cut == Cut::LowPass)
        return {style.ink, 1.6 * style.lineWidth};
    const bool isNumber = cut == Cut::EqualNumber;
    return {
        curveColor(isNumber ? 1 : 2, style.ground), style.lineWidth, isNumber ? Qt::DashLine : Qt::DotLine};
}

double keyHeight(const Style& style) { return 1.5 * style.textSize; }

/// How many places stand beside one another, so that they come nearest to their best shape.
int columnsFor(int places, const QSizeF& room)
{
    constexpr double wide = 1.5, high = 1.9; // inches that a place wants
    int best = 1;
    double most = 0;
    for (int columns = 1; columns <= places; ++columns) {
        const int lines = (places + columns - 1) / columns;
        const double size = std::min(room.width() / columns / wide, room.height() / lines / high);
        if (size > most) {
            most = size;
            best = columns;
        }
    }
    return best;
}

QString percentText(double share) { return numberText(100 * share, 3); }

}

LowPassSweepView::LowPassSweepView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("low-pass-sweep"), tr("Low-pass sweep"), session, parent)
{
    setButtonTip(tr("Cut the high frequencies out of each layer's filter, and of all, from radius to radius, "
                    "and ask the model about test pictures of a data set each time"));
    renew();
}

QString LowPassSweepView::dataName() const
{
    const std::string& data = asked_.study.data;
    return QString::fromStdString(data.empty() ? train::usualData(*asked_.weights) : data);
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
        [asked = asked_, name = dataName().toStdString(), architecture = session().slot().architecture,
            services = session().services()](const Job::Context& context) -> SweepPtr {
            if (!services.openData)
                throw Error("no data set can be opened here");
            ExecuteOptions run;
            run.pool = services.pool;
            run.stop = context.stop;
            const auto data = services.openData(name, context.stop);
            const auto pictures
                = train::studyPictures(*data, *architecture, *asked.weights, 0, asked.study.count, run);
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
              .arg(coreText(analysis::dataText(dataName().toStdString())))
        : problem();
}

double LowPassSweepView::heightFor(double width, const Style& style) const
{
    if (!sweep_)
        return width;
    const double inch = style.unitsPerInch;
    const int columns = std::clamp(static_cast<int>(width / (1.5 * inch)), 1, rows());
    const int lines = (rows() + columns - 1) / columns;
    return lines * 1.9 * inch + keyHeight(style) + frameHeight(width, style);
}

QRectF LowPassSweepView::placeOf(int row, const QRectF& body, const Style& style) const
{
    const QRectF room = body.adjusted(0, keyHeight(style), 0, 0); // below the key
    const int columns = columnsFor(rows(), room.size() / style.unitsPerInch),
              lines = (rows() + columns - 1) / columns;
    const QSizeF size(room.width() / columns, room.height() / lines);
    const QPointF at(room.left() + row % columns * size.width(), room.top() + row / columns * size.height());
    return QRectF(at, size).adjusted(0, 0, -style.gap, -style.gap / 2);
}

/// One for all places, so that they can be compared.
AxisSpec LowPassSweepView::valueAxis(bool isAccuracy) const
{
    if (isAccuracy)
        return {tr("accuracy"), 0, 100};
    AxisSpec axis{tr("Δ logit"), 0, 0};
    for (const SweepPoint& point : sweep_->points)
        for (const double value : {point.logit.mean, point.logit.low, point.logit.high})
            if (std::isfinite(value)) {
                axis.min = std::min(axis.min, value);
                axis.max = std::max(axis.max, value);
            }
    const double pad = 0.05 * std::max(axis.max - axis.min, 1e-3);
    axis.min -= pad;
    axis.max += pad;
    return axis;
}

/// Both panels of a place have one left edge, which the wider numbers set; the lower one has the numbers of
/// x.
PlotFrame LowPassSweepView::frameOf(int row, bool isAccuracy, const QRectF& body, const Style& style) const
{
    const QRectF place = placeOf(row, body, style).adjusted(0, keyHeight(style), 0, 0);
    const AxisSpec x{tr("radius (cycles per token)"), 0, sweep_->radii.back()};
    const QRectF one = PlotFrame::within(place, x, valueAxis(true), style).area,
                 other = PlotFrame::within(place, x, valueAxis(false), style).area;
    PlotFrame frame{one & other, x, valueAxis(isAccuracy), place.right()};
    const double half = (frame.area.height() - 1.5 * style.textSize) / 2;
    if (!isAccuracy) {
        frame.area.setTop(frame.area.bottom() - half);
        return frame;
    }
    frame.area.setHeight(half);
    frame.x.bare = true;
    frame.x.label.clear();
    return frame;
}

/// The mean over pictures, and its interval as a band.
void LowPassSweepView::drawCurve(
    QPainter& painter, int row, Cut cut, bool isAccuracy, const PlotFrame& frame, const Style& style) const
{
    const Mark mark = markOf(cut, style);
    const double unit = isAccuracy ? 100 : 1;
    std::vector<double> means;
    QPolygonF upper, band;
    for (std::size_t i = 0; i < sweep_->radii.size(); ++i) {
        const Estimate& one = of(sweep_->at(static_cast<std::size_t>(row), cut, i), isAccuracy);
        means.push_back(unit * one.mean);
        if (std::isfinite(one.low)) {
            band.append(frame.at(sweep_->radii[i], unit * one.low));
            upper.prepend(frame.at(sweep_->radii[i], unit * one.high));
        }
    }
    QColor pale = mark.color;
    pale.setAlphaF(0.15F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(pale);
    painter.drawPolygon(band + upper);
    painter.setBrush(Qt::NoBrush);
    paintCurve(painter, frame, sweep_->radii, means, mark);
}

void LowPassSweepView::drawPanel(
    QPainter& painter, int row, bool isAccuracy, const QRectF& body, const Style& style) const
{
    const PlotFrame frame = frameOf(row, isAccuracy, body, style);
    paintLevel(painter, frame, isAccuracy ? 100 * sweep_->whole.mean : 0, {style.faint, style.axisWidth});
    for (const Cut cut : {Cut::EqualEnergy, Cut::EqualNumber, Cut::LowPass}) // the cut itself on top
        drawCurve(painter, row, cut, isAccuracy, frame, style);
    paintAxes(painter, frame, style);
}

/// What the three lines are, above all places.
void LowPassSweepView::drawKey(QPainter& painter, const QRectF& body, const Style& style) const
{
    const double dash = 1.6 * style.textSize, y = body.top() + keyHeight(style) / 2;
    double x = body.left();
    for (const Cut cut : analysis::allCuts) {
        const Mark mark = markOf(cut, style);
        painter.setPen(QPen(mark.color, mark.width, mark.dash, Qt::FlatCap));
        painter.drawLine(QPointF(x, y), QPointF(x + dash, y));
        x += dash + style.gap / 2;
        const double width = textWidth(nameOf(cut), style.smallFont(), style.unitsPerInch);
        painter.setPen(style.ink);
        paintText(painter, {x, body.top(), std::min(width + 1, body.right() - x), keyHeight(style)},
            Qt::AlignLeft | Qt::AlignVCenter, nameOf(cut), style.smallFont());
        x += width + 1.5 * style.gap;
    }
}

void LowPassSweepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    drawKey(painter, body, style);
    for (int row = 0; row < rows(); ++row) {
        const QRectF place = placeOf(row, body, style);
        painter.setPen(style.ink);
        paintText(painter,
            {frameOf(row, true, body, style).area.left(), place.top(), place.width(), keyHeight(style)},
            Qt::AlignLeft | Qt::AlignVCenter, rowName(row), style.textFont());
        for (const bool isAccuracy : {true, false})
            drawPanel(painter, row, isAccuracy, body, style);
    }
}

QString LowPassSweepView::caption() const
{
    return sweep_ ? tr("%n test pictures of %1", nullptr, sweep_->whole.count)
                        .arg(coreText(analysis::dataText(dataName().toStdString())))
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
