// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/methods_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/measured_plot.h"
#include "widgets/views/reading.h"

#include "core/analysis/patch_map.h"

#include <algorithm>
#include <cmath>

namespace fovea {

MethodsView::MethodsView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("methods-compared"), tr("Methods"), session, parent)
{
    setButtonTip(tr("Compute every relevance map of this picture and the numbers beside it"));
    connect(&session, &Session::sanityMeasured, this, [this](const analysis::KnownSanity& found) {
        comparison_ = withSanity(comparison_, this->session(), asked_.options, found);
        refresh();
    });
    renew();
}

MethodsView::Asked MethodsView::asked() const
{
    const Display& display = session().display();
    return {session().slot().trace(), display.relevanceClass, display.relevance};
}

void MethodsView::renew()
{
    picture_ = QImage();
    if (Asked now = asked(); now != asked_) {
        asked_ = std::move(now);
        stop();
        comparison_.reset();
        chosen_ = 0;
    }
    AskedView::renew();
}

void MethodsView::compute()
{
    if (!isIncomplete() || isRunning())
        return;
    std::vector<const analysis::RelevanceMethod*> all;
    for (const analysis::RelevanceMethod& method : analysis::relevanceMethods())
        all.push_back(&method);
    begin(tr("Comparing relevance methods"), comparing(session(), asked_.className, all, asked_.options),
        [this](const Compared& compared) {
            comparison_ = compared.comparison;
            tellProblems(compared, session());
        });
}

QString MethodsView::missing() const
{
    if (comparison_)
        return {};
    if (!session().slot().weights)
        return tr("A comparison needs a model, not only a trace.");
    if (!session().slot().trace())
        return tr("A comparison needs an input.");
    if (isRunning())
        return progressText();
    return problem().isEmpty() ? tr("Which patches does each method put first, and what is it worth?")
                               : problem();
}

bool MethodsView::hasMasks() const { return comparison_ && (comparison_->hasMask || comparison_->hasOthers); }

bool MethodsView::hasSigned() const
{
    return comparison_ && std::ranges::any_of(comparison_->maps, [](const auto& one) {
        return one.map && one.method->isSigned;
    });
}

bool MethodsView::isScored() const { return asked_.options.text("removal") != "none"; }

MethodsShown MethodsView::shown() const
{
    MethodsShown shown{count(), 1, 1 + (isScored() ? 1 : 0) + (hasMasks() ? 1 : 0)};
    for (int i = 0; i < shown.count; ++i)
        if (const auto& map = comparison_->maps[static_cast<std::size_t>(i)].map)
            if (const Area extent = map->queries->extent(); extent.width > 0 && extent.height > 0) {
                shown.aspect = std::clamp(extent.height / extent.width, 0.2, 5.0);
                break;
            }
    return shown;
}

MethodsPlaces MethodsView::placesIn(const QRectF& body, const Style& style) const
{
    return MethodsPlaces::within(body, shown(), style);
}

double MethodsView::heightFor(double width, const Style& style) const
{
    return comparison_
        ? MethodsPlaces::heightFor(width - 2 * style.gap, shown(), style) + frameHeight(width, style)
        : width;
}

QString MethodsView::caption() const
{
    const int last = isScored() ? 1 : 0; // the class, and how patches were removed
    return comparison_ ? QString::fromStdString(comparison_->caption).section(QStringLiteral(" · "), 0, last)
                       : QString();
}

/// As a comparison's caption has them: a dozen that nobody changed would leave the maps no room.
static QStringList usualSettings()
{
    QStringList all;
    for (const Field& field : analysis::relevanceSchema()) {
        const QString name = QString::fromStdString(field.name).replace(QLatin1Char('_'), QLatin1Char(' '));
        all << name + QLatin1Char(' ') + QString::fromStdString(textOf(field.standard));
    }
    return all;
}

QStringList MethodsView::badges() const
{
    QStringList all;
    if (isScored())
        all << tr("deletion (low is good), insertion, rank correlation");
    if (hasMasks())
        all << (comparison_->hasOthers ? tr("pointing game, IoU, other objects (low is good)")
                                       : tr("pointing game, IoU"));
    all << tr("sanity (above .5 fails), between pictures");
    if (std::ranges::any_of(comparison_->maps, [](const analysis::ComparedMap& one) {
            return one.map && !one.method->isBaseline && !one.sanity;
        }))
        all << tr("–: not measured, see Measured");
    if (comparison_->random)
        all << tr("strong: beyond %1 % of random orders")
                   .arg(numberText(100 * comparison_->random->share, 3));
    const QStringList usual = usualSettings();
    for (const QString& setting :
        QString::fromStdString(comparison_->caption).split(QStringLiteral(" · ")).mid(isScored() ? 2 : 1))
        if (!usual.contains(setting))
            all << setting;
    return all + pictureBadges(session().slot());
}

QJsonObject MethodsView::measured() const { return comparison_ ? measuredOf(*comparison_) : QJsonObject(); }

std::vector<Record> MethodsView::data() const
{
    std::vector<Record> all;
    if (!comparison_)
        return all;
    for (const analysis::ComparedMap& one : comparison_->maps)
        if (one.map)
            all.push_back(*one.map);
    all.push_back(comparison_->scores);
    all.push_back(comparison_->correlations);
    all.insert(all.end(), comparison_->more.begin(), comparison_->more.end());
    return all;
}

QSize MethodsView::cells() const
{
    const int columns = this->columns();
    return {columns, (count() + columns - 1) / columns};
}

QString MethodsView::cellText(QPoint cell) const
{
    const int index = cell.y() * columns() + cell.x();
    if (index < 0 || index >= count())
        return {};
    const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(index)];
    const QString title = coreText(one.method->title);
    if (!one.map)
        return title + QStringLiteral(": ") + QString::fromStdString(one.problem);
    QString text = title;
    if (std::isfinite(one.scores.deletion))
        text = tr("%1: deletion %2, insertion %3, rank correlation %4 (95 % interval over patches %5 to %6)")
                   .arg(title, shortNumber(one.scores.deletion), shortNumber(one.scores.insertion),
                       shortNumber(one.scores.rank), shortNumber(one.scores.rankLow),
                       shortNumber(one.scores.rankHigh));
    if (std::isfinite(one.scores.mask.iou))
        text += tr("; pointing game %1, IoU %2")
                    .arg(shortNumber(one.scores.mask.pointing), shortNumber(one.scores.mask.iou));
    if (std::isfinite(one.scores.others))
        text += tr("; pointing at other objects %1").arg(shortNumber(one.scores.others));
    if (const auto& random = comparison_->random)
        text
            += tr("; %1 % of random orders: deletion %2 to %3, insertion %4 to %5, rank correlation %6 to %7")
                   .arg(numberText(100 * random->share, 3), shortNumber(random->low.deletion),
                       shortNumber(random->high.deletion), shortNumber(random->low.insertion),
                       shortNumber(random->high.insertion), shortNumber(random->low.rank),
                       shortNumber(random->high.rank));
    return text + QStringLiteral("; ") + sanityText(one);
}

void MethodsView::goTo(QPoint cell)
{
    chosen_ = std::clamp(cell.y() * columns() + cell.x(), 0, std::max(count() - 1, 0));
    refresh();
}

QRectF MethodsView::cellRect(QPoint cell) const
{
    const MethodsPlaces at = placesIn(body(), screenStyle());
    const int index = cell.y() * at.columns + cell.x();
    return index < count() ? at.mapOf(index) : QRectF();
}

QPoint MethodsView::cellAt(QPointF point) const
{
    const MethodsPlaces at = placesIn(body(), screenStyle());
    const int index = at.at(point);
    return index < 0 ? none : QPoint(index % at.columns, index / at.columns);
}

}
