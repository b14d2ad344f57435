// Theory and experiment as a table that keys and screen readers walk: a row for each curve, a column for each
// recorded step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"
#include "widgets/views/theory/phase_view.h"

#include <cmath>

namespace fovea {

std::vector<PhaseView::Row> PhaseView::rows() const
{
    std::vector<Row> all;
    for (std::size_t i = 0; i < panels_.size(); ++i) {
        const analysis::TheoryQuantity& theory = theoryOf(panels_[i]);
        for (const analysis::TheoryCurve& curve : theory.curves)
            all.push_back({i, QString::fromStdString(curve.name), nullptr, &curve});
        for (const auto* edge : {&theory.low, &theory.high})
            if (*edge)
                all.push_back({i, QString::fromStdString((*edge)->name), nullptr, &**edge});
        for (const Series& series : panels_[i].series)
            all.push_back({i, QStringLiteral("%1 %2").arg(panels_[i].title, series.name), &series.course});
    }
    for (const Law& law : laws_)
        all.push_back(
            {panels_.size(), tr("%1 less %2, over %3 at the start").arg(law.found.name, lawName_, foundName_),
                nullptr, nullptr, &law});
    return all;
}

QSize PhaseView::cells() const
{
    return {static_cast<int>(session().player().steps()), static_cast<int>(rows().size())};
}

QPoint PhaseView::current() const
{
    const QPoint cell(static_cast<int>(session().selection().step), row_);
    return holds(cell) ? cell : none;
}

void PhaseView::goTo(QPoint cell)
{
    row_ = cell.y();
    session().player().goTo(static_cast<std::size_t>(cell.x()));
    announce();
}

QString PhaseView::cellText(QPoint cell) const
{
    const std::vector<Row> all = rows();
    if (!holds(cell))
        return {};
    const Row& row = all[static_cast<std::size_t>(cell.y())];
    const Index step = session().slot().trace()->steps[static_cast<std::size_t>(cell.x())]->step();
    const double value = row.course ? row.course->at(step)
        : row.curve                 ? row.curve->at(static_cast<double>(step))
                                    : row.law->offAt(step);
    return QStringList{
        columnName(cell.x()), row.name, std::isfinite(value) ? numberText(value, 4) : tr("no number")}
        .join(QStringLiteral(", "));
}

QString PhaseView::columnName(int column) const
{
    return tr("step %1").arg(session().slot().trace()->steps[static_cast<std::size_t>(column)]->step());
}

QString PhaseView::rowName(int row) const
{
    const std::vector<Row> all = rows();
    return row >= 0 && row < static_cast<int>(all.size()) ? all[static_cast<std::size_t>(row)].name
                                                          : QString();
}

QRectF PhaseView::cellRect(QPoint cell) const
{
    const std::vector<Row> all = rows();
    const std::vector<QRectF> places = placesIn(body(), screenStyle());
    return holds(cell) ? places[all[static_cast<std::size_t>(cell.y())].panel] : body();
}

QPoint PhaseView::cellAt(QPointF point) const
{
    const auto places = missing().isEmpty() ? placesIn(body(), screenStyle()) : std::vector<QRectF>();
    const std::vector<Row> all = rows();
    for (std::size_t row = 0; row < all.size(); ++row)
        if (places.size() > all[row].panel && places[all[row].panel].contains(point))
            return {static_cast<int>(session().selection().step), static_cast<int>(row)};
    return none;
}

}
