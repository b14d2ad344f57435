// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"
#include "widgets/views/core_text.h"
#include "widgets/views/measured_view.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

using analysis::Measure;
using analysis::RelevanceMethod;

QString titleOf(Measure measure)
{
    const QString titles[]
        = {MeasuredView::tr("deletion"), MeasuredView::tr("insertion"), MeasuredView::tr("rank correlation"),
            MeasuredView::tr("pointing game"), MeasuredView::tr("IoU"), MeasuredView::tr("other object")};
    return titles[static_cast<int>(measure)];
}

/// For a narrow column, an arrow to what is good.
QString briefOf(Measure measure)
{
    const QString titles[] = {MeasuredView::tr("del."), MeasuredView::tr("ins."), MeasuredView::tr("rank"),
        MeasuredView::tr("point."), MeasuredView::tr("IoU"), MeasuredView::tr("other")};
    return titles[static_cast<int>(measure)] + QLatin1Char(' ')
        + QChar(analysis::isLowGood(measure) ? 0x2193 : 0x2191);
}

}

void MeasuredView::addMeasures()
{
    std::vector<Measure> measures;
    for (const analysis::StudyResult& result : measured_.results)
        if (std::ranges::find(measures, result.measure) == measures.end())
            measures.push_back(result.measure);
    for (const Measure measure : measures) {
        MeasuredColumn column;
        column.title = titleOf(measure);
        column.brief = briefOf(measure);
        column.hint = analysis::isLowGood(measure) ? tr("low is good") : tr("high is good");
        for (const RelevanceMethod* method : measured_.methods) {
            const auto found = std::ranges::find_if(measured_.results,
                [&](const auto& one) { return one.method == method && one.measure == measure; });
            MeasuredDot dot;
            if (found != measured_.results.end())
                dot = {found->mean.mean, found->mean.low, found->mean.high, NAN,
                    !method->isBaseline && found->beatsBaselines()};
            column.dots.push_back(dot);
        }
        column.fitAxis(measure == Measure::Rank);
        table_.columns.push_back(std::move(column));
    }
}

void MeasuredView::addSanity()
{
    if (asked_.study.draws == 0)
        return;
    MeasuredColumn column;
    column.title = tr("sanity check");
    column.brief = tr("sanity ↓");
    column.hint = tr("above .5 fails");
    column.level = analysis::SanityOptions().limit;
    for (const analysis::Sanity& sanity : sanity_)
        column.dots.push_back({sanity.mostLeft(), NAN, NAN, sanity.betweenPictures, !sanity.fails()});
    column.fitAxis(true);
    column.axis.max = std::max(column.axis.max, 1.0);
    table_.columns.push_back(std::move(column));
}

void MeasuredView::retable()
{
    table_ = {};
    if (!measured_.pictures)
        return;
    for (const RelevanceMethod* method : measured_.methods) {
        table_.rows.append(coreText(method->title));
        table_.baselines += method->isBaseline ? 1 : 0;
    }
    addMeasures();
    addSanity();
}

std::vector<Record> MeasuredView::data() const
{
    std::vector<Record> all;
    if (!measured_.pictures)
        return all;
    all.push_back(analysis::studyTable(measured_.results, measured_.methods));
    if (!sanity_.empty())
        all.push_back(analysis::sanityTable(sanity_));
    return all;
}

QSize MeasuredView::cells() const
{
    return {static_cast<int>(table_.columns.size()), static_cast<int>(table_.rows.size())};
}

QString MeasuredView::columnName(int column) const
{
    return holds({column, 0}) ? table_.columns[static_cast<std::size_t>(column)].title : QString();
}

QString MeasuredView::cellText(QPoint cell) const
{
    if (!holds(cell))
        return {};
    const MeasuredColumn& column = table_.columns[static_cast<std::size_t>(cell.x())];
    QString text = rowName(cell.y()) + QStringLiteral(": ") + column.title + QLatin1Char(' ');
    if (cell.y() >= static_cast<int>(column.dots.size()))
        return text + tr("not yet known");
    const MeasuredDot& dot = column.dots[static_cast<std::size_t>(cell.y())];
    text += numberText(dot.value, 3);
    if (std::isfinite(dot.low))
        text += tr(" (%1 to %2)").arg(numberText(dot.low, 3), numberText(dot.high, 3));
    if (std::isfinite(dot.second))
        text += tr(", between pictures %1").arg(numberText(dot.second, 3));
    return text;
}

}
