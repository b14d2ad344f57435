// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/removal_curves_view.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/plots/text.h"
#include "widgets/views/core_text.h"
#include "widgets/views/measured_plot.h"
#include "widgets/views/reading.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr double sideBySide = 1.4; // of width over height: below it one panel stands over the other

double pitch(const Style& style) { return 1.5 * style.textSize; }

}

RemovalCurvesView::RemovalCurvesView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("removal-curves"), tr("Removal"), session, parent)
{
    setButtonTip(tr("Take the patches away in the method's order, in random orders, by brightness and from "
                    "the centre on, and ask the model each time"));
    connect(&session, &Session::sanityMeasured, this, [this](const analysis::KnownSanity& found) {
        comparison_ = withSanity(comparison_, this->session(), asked_.options, found);
        refresh();
    });
    renew();
}

RemovalCurvesView::Asked RemovalCurvesView::asked() const
{
    const Display& display = session().display();
    return {session().slot().trace(), display.relevanceClass, display.removalMethod, display.relevance};
}

void RemovalCurvesView::renew()
{
    if (Asked now = asked(); now != asked_) {
        asked_ = std::move(now);
        stop();
        comparison_.reset();
    }
    AskedView::renew();
}

void RemovalCurvesView::compute()
{
    if (!isIncomplete() || isRunning())
        return;
    const auto methods = analysis::withBaselines({&analysis::relevanceMethod(asked_.method)});
    begin(tr("Removing patches"), comparing(session(), asked_.className, methods, asked_.options),
        [this](const Compared& compared) {
            comparison_ = compared.comparison;
            tellProblems(compared, session());
        });
}

QString RemovalCurvesView::missing() const
{
    if (!session().slot().weights)
        return tr("Removing patches needs a model, not only a trace.");
    if (!session().slot().trace())
        return tr("Removing patches needs an input.");
    if (isRunning())
        return progressText();
    if (asked_.options.text("removal") == "none")
        return tr("No patches are removed: choose a removal in the panel Relevance.");
    if (!comparison_)
        return problem().isEmpty() ? tr("What happens to the answer when the patches that a method puts "
                                        "first are taken away?")
                                   : problem();
    const analysis::ComparedMap& first = comparison_->maps.front();
    return first.map
        ? QString()
        : tr("The method does not fit this model: %1").arg(QString::fromStdString(first.problem));
}

const analysis::RemovalCurve& RemovalCurvesView::curve(int row, bool isDeletion) const
{
    const auto& curves = comparison_->maps[static_cast<std::size_t>(row)].scores.curves;
    return isDeletion ? curves.deletion : curves.insertion;
}

QString RemovalCurvesView::titleOf(bool isDeletion)
{
    return isDeletion ? tr("deletion: low is good") : tr("insertion: high is good");
}

double RemovalCurvesView::heightFor(double width, const Style& style) const
{
    return (width > 5 * style.unitsPerInch ? 0.42 : 1.3) * width + frameHeight(width, style);
}

QRectF RemovalCurvesView::placeOf(bool isDeletion, const QRectF& body) const
{
    const bool isWide = body.width() > sideBySide * body.height();
    constexpr double part = 0.48;
    const QSizeF size
        = isWide ? QSizeF(part * body.width(), body.height()) : QSizeF(body.width(), part * body.height());
    return isDeletion ? QRectF(body.topLeft(), size)
                      : QRectF(body.bottomRight() - QPointF(size.width(), size.height()), size);
}

/// The title, and a line for each curve.
double RemovalCurvesView::headingHeight(const Style& style) const
{
    return (1 + static_cast<double>(comparison_->maps.size()) / 2) * pitch(style) + style.gap;
}

/// Two beside one another.
QRectF RemovalCurvesView::keyOf(int row, const QRectF& place, const Style& style) const
{
    const double width = place.width() / 2;
    return {place.left() + row % 2 * width, place.top() + (1 + row / 2) * pitch(style), width, pitch(style)};
}

Mark RemovalCurvesView::markOf(int row, const Style& style) const
{
    constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DotLine, Qt::DashLine, Qt::DashDotLine};
    const auto index = static_cast<std::size_t>(row);
    return {row == 0 ? style.ink : curveColor(index, style.ground), (row == 0 ? 1.6 : 1.0) * style.lineWidth,
        dashes[index % std::size(dashes)]};
}

/// Between the low and the high ends, point by point.
void RemovalCurvesView::drawRange(
    QPainter& painter, bool isDeletion, const PlotFrame& frame, const Style& style) const
{
    if (!comparison_->random)
        return;
    const analysis::RandomRange& random = *comparison_->random;
    const auto& low = isDeletion ? random.low.curves.deletion : random.low.curves.insertion;
    const auto& high = isDeletion ? random.high.curves.deletion : random.high.curves.insertion;
    QPolygonF band;
    for (std::size_t i = 0; i < low.patches.size(); ++i)
        band.append(
            frame.at(static_cast<double>(low.patches[i]) / comparison_->patches, high.probability[i]));
    for (std::size_t i = low.patches.size(); i-- > 0;)
        band.append(frame.at(static_cast<double>(low.patches[i]) / comparison_->patches, low.probability[i]));
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.grid);
    painter.drawPolygon(band);
    painter.setBrush(Qt::NoBrush);
}

/// How the curve looks, its name and its mean height.
void RemovalCurvesView::drawKey(
    QPainter& painter, int row, bool isDeletion, const QRectF& place, const Style& style) const
{
    const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(row)];
    const Mark mark = markOf(row, style);
    const QRectF key = keyOf(row, place, style);
    const double dash = 1.6 * style.textSize, y = key.center().y();
    painter.setPen(QPen(mark.color, mark.width, mark.dash, Qt::FlatCap));
    painter.drawLine(QPointF(key.left(), y), QPointF(key.left() + dash, y));
    const QRectF room = key.adjusted(dash + style.gap, 0, 0, 0);
    const QString number
        = QLatin1Char(' ') + shortNumber(isDeletion ? one.scores.deletion : one.scores.insertion);
    const bool fits = textWidth(rowName(row) + number, style.smallFont(), style.unitsPerInch) <= room.width();
    painter.setPen(style.ink);
    paintText(painter, room, Qt::AlignLeft | Qt::AlignVCenter,
        (fits ? rowName(row) : QString::fromStdString(one.method->name)) + number, style.smallFont());
}

void RemovalCurvesView::drawPanel(
    QPainter& painter, bool isDeletion, const QRectF& place, const Style& style) const
{
    painter.setPen(style.ink);
    paintText(painter, {place.topLeft(), QSizeF(place.width(), pitch(style))},
        Qt::AlignLeft | Qt::AlignVCenter, titleOf(isDeletion), style.textFont());
    const AxisSpec across{isDeletion ? tr("share of patches removed") : tr("share of patches present"), 0, 1};
    const AxisSpec up{tr("probability"), 0, 1};
    const PlotFrame frame
        = PlotFrame::within(place.adjusted(0, headingHeight(style), 0, 0), across, up, style);
    drawRange(painter, isDeletion, frame, style);
    for (int row = static_cast<int>(comparison_->maps.size()) - 1; row >= 0; --row) { // the method on top
        const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(row)];
        if (!one.map)
            continue;
        std::vector<double> x;
        for (const int patches : curve(row, isDeletion).patches)
            x.push_back(static_cast<double>(patches) / comparison_->patches);
        paintCurve(painter, frame, x, curve(row, isDeletion).probability, markOf(row, style));
        drawKey(painter, row, isDeletion, place, style);
    }
    paintAxes(painter, frame, style);
}

void RemovalCurvesView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    for (const bool isDeletion : {true, false})
        drawPanel(painter, isDeletion, placeOf(isDeletion, body), style);
}

QString RemovalCurvesView::caption() const
{
    return comparison_ ? QString::fromStdString(comparison_->caption).section(QStringLiteral(" · "), 0, 1)
                       : QString();
}

QStringList RemovalCurvesView::badges() const
{
    QStringList all{tr("numbers: mean height of the curve")};
    if (comparison_->random)
        all << tr("grey: %1 % of random orders, at each point, draws: %2")
                   .arg(numberText(100 * comparison_->random->share, 3))
                   .arg(comparison_->random->draws);
    all << sanityText(comparison_->maps.front());
    return all
        + QString::fromStdString(comparison_->maps.front().map->info.help).split(QStringLiteral(" · "));
}

QJsonObject RemovalCurvesView::measured() const
{
    return comparison_ ? measuredOf(*comparison_) : QJsonObject();
}

std::vector<Record> RemovalCurvesView::data() const
{
    if (!comparison_)
        return {};
    std::vector<Record> all{comparison_->scores};
    all.insert(all.end(), comparison_->more.begin(), comparison_->more.end());
    return all;
}

QSize RemovalCurvesView::cells() const
{
    return {2, comparison_ ? static_cast<int>(comparison_->maps.size()) : 0};
}

QString RemovalCurvesView::rowName(int row) const
{
    return holds({0, row}) ? coreText(comparison_->maps[static_cast<std::size_t>(row)].method->title)
                           : QString();
}

QString RemovalCurvesView::cellText(QPoint cell) const
{
    if (!holds(cell))
        return {};
    const bool isDeletion = cell.x() == 0;
    const analysis::RelevanceScores& scores = comparison_->maps[static_cast<std::size_t>(cell.y())].scores;
    QString text = tr("%1, %2: mean probability %3")
                       .arg(rowName(cell.y()), titleOf(isDeletion),
                           shortNumber(isDeletion ? scores.deletion : scores.insertion));
    if (const auto& random = comparison_->random)
        text += tr(" (%1 % of random orders: %2 to %3)")
                    .arg(numberText(100 * random->share, 3),
                        shortNumber(isDeletion ? random->low.deletion : random->low.insertion),
                        shortNumber(isDeletion ? random->high.deletion : random->high.insertion));
    return text;
}

QRectF RemovalCurvesView::cellRect(QPoint cell) const
{
    return keyOf(cell.y(), placeOf(cell.x() == 0, body()), screenStyle());
}

QPoint RemovalCurvesView::cellAt(QPointF point) const
{
    for (int column = 0; column < 2; ++column)
        for (int row = 0; row < cells().height(); ++row)
            if (cellRect({column, row}).contains(point))
                return {column, row};
    return none;
}

}
