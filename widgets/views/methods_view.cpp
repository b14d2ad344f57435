// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/methods_view.h"

#include "widgets/plots/painters.h"
#include "widgets/views/core_text.h"
#include "widgets/views/input_picture.h"
#include "widgets/views/reading.h"

#include "core/analysis/patch_map.h"

#include <QMouseEvent>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// From 0 to each map's largest value, or as far on both sides of it.
ValueScale shareScale(bool isSigned, const QString& quantity)
{
    ValueScale scale;
    scale.quantity = quantity;
    const auto kind = isSigned ? ColorMap::Kind::Diverging : ColorMap::Kind::Sequential;
    scale.colors = &ColorMap::named(ColorMap::names(kind).first());
    scale.mode = ScaleMode::Fixed;
    scale.min = isSigned ? -1 : 0;
    scale.max = 1;
    return scale;
}

/// The values over the largest, by magnitude.
TokenValues sharesOf(const Record& map)
{
    TokenValues shares;
    double most = 0;
    for (const float v : map.value.values<float>())
        most = std::isfinite(v) ? std::max(most, std::abs(static_cast<double>(v))) : most;
    for (const float v : map.value.values<float>())
        shares.values.push_back(most > 0 ? static_cast<float>(static_cast<double>(v) / most) : v);
    return shares;
}

/// ".83", "-.12"
QString shortNumber(double value)
{
    return std::isfinite(value) ? QString::number(value, 'f', 2)
                                      .replace(QLatin1String("0."), QLatin1String("."))
                                      .replace(QLatin1Char('-'), QChar(0x2212))
                                : QStringLiteral("–");
}

}

MethodsView::MethodsView(Session& session, QWidget* parent)
    : View(QStringLiteral("methods-compared"), tr("Methods"), session, parent)
    , job_(new Job(this))
    , start_(new QPushButton(this))
{
    start_->setToolTip(tr("Compute every relevance map of this picture and the numbers beside it"));
    connect(start_, &QPushButton::clicked, this, [this] {
        if (!job_->isRunning())
            return compute();
        job_->cancel();
        refresh();
    });
    connect(job_, &Job::progressed, this, [this](double share) {
        percent_ = static_cast<int>(100 * share);
        update();
    });
    connect(job_, &Job::failed, this, [this](const QString& text) {
        problem_ = text;
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
        job_->cancel();
        comparison_.reset();
        problem_.clear();
        chosen_ = 0;
    }
    placeButton();
}

void MethodsView::compute()
{
    const Slot slot = session().slot();
    if (!slot.weights || !slot.trace() || comparison_ || job_->isRunning())
        return;
    problem_.clear();
    percent_ = 0;
    job_->start(
        tr("Comparing relevance methods"),
        [slot, asked = asked_, pool = session().pool()](const Job::Context& context) {
            const analysis::RelevanceQuestion question{slot.architecture, slot.weights.get(), asked.trace,
                analysis::classNamed(asked.className, *slot.weights, asked.trace->output)};
            std::vector<const analysis::RelevanceMethod*> all;
            for (const analysis::RelevanceMethod& method : analysis::relevanceMethods())
                all.push_back(&method);
            ExecuteOptions run;
            run.pool = pool;
            run.stop = context.stop;
            run.progress = context.progress;
            return std::make_shared<const analysis::MethodComparison>(
                analysis::compareMethods(question, all, asked.options, run));
        },
        [this](const Comparison& comparison) { take(comparison); });
    refresh();
}

void MethodsView::take(const Comparison& comparison)
{
    comparison_ = comparison;
    refresh();
}

void MethodsView::placeButton()
{
    const bool isRunning = job_->isRunning();
    start_->setText(isRunning ? tr("Cancel") : tr("Compare methods"));
    start_->setVisible(session().slot().weights && session().slot().trace() && !comparison_);
    start_->adjustSize();
    start_->move((width() - start_->width()) / 2, height() / 2 + 16);
}

void MethodsView::paintEvent(QPaintEvent* event)
{
    View::paintEvent(event);
    if (!comparison_ || !hasFocus())
        return;
    const Style style = screenStyle(); // the cursor, which a figure has not
    QPainter painter(this);
    painter.setPen(QPen(style.accent, 1.6 * style.lineWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(placesIn(body(), style).mapOf(chosen_));
}

void MethodsView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    placeButton();
}

QString MethodsView::missing() const
{
    if (comparison_)
        return {};
    if (!session().slot().weights)
        return tr("A comparison needs a model, not only a trace.");
    if (!session().slot().trace())
        return tr("A comparison needs an input.");
    if (job_->isRunning())
        return tr("Comparing relevance methods: %1 %").arg(percent_);
    return problem_.isEmpty() ? tr("Which patches does each method put first, and what is it worth?")
                              : problem_;
}

double MethodsView::aspect() const
{
    for (const analysis::ComparedMap& one : comparison_->maps)
        if (one.map)
            if (const Area extent = one.map->queries->extent(); extent.width > 0 && extent.height > 0)
                return std::clamp(extent.height / extent.width, 0.2, 5.0);
    return 1;
}

MethodsPlaces MethodsView::placesIn(const QRectF& body, const Style& style) const
{
    return MethodsPlaces::within(body, count(), comparison_ ? aspect() : 1, style);
}

double MethodsView::heightFor(double width, const Style& style) const
{
    return comparison_ ? MethodsPlaces::heightFor(width - 2 * style.gap, count(), aspect(), style)
            + frameHeight(width, style)
                       : width;
}

QString MethodsView::numbersOf(const analysis::ComparedMap& map) const
{
    return QStringLiteral("%1  %2  %3")
        .arg(shortNumber(map.scores.deletion), shortNumber(map.scores.insertion),
            shortNumber(map.scores.rank));
}

void MethodsView::drawMap(QPainter& painter, const MethodsPlaces& at, int index, const Style& style) const
{
    const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(index)];
    const QFont font = style.smallFont();
    painter.setPen(one.method->isBaseline ? style.faint : style.ink);
    paintText(
        painter, at.titleOf(index), Qt::AlignLeft | Qt::AlignVCenter, coreText(one.method->title), font);
    const QRectF place = at.mapOf(index);
    if (!one.map) {
        painter.fillRect(place, style.grid);
        painter.setPen(style.faint);
        paintText(painter, place, Qt::AlignCenter, tr("does not fit"), font);
        return;
    }
    TokenMap map;
    map.tokens = one.map->queries.get();
    map.values = sharesOf(*one.map);
    map.scale = shareScale(one.method->isSigned, {});
    map.opacity = session().display().opacity;
    map.picture = picture_;
    paintMap(painter, place,
        picture_.isNull() ? gridImage(*map.tokens, map.values, map.scale) : veiledPicture(map), style);
    painter.setPen(style.faint);
    if (std::isfinite(one.scores.deletion))
        paintText(painter, at.numbersOf(index), Qt::AlignLeft | Qt::AlignVCenter, numbersOf(one), font);
}

void MethodsView::drawMatrix(QPainter& painter, const MethodsPlaces& at, const Style& style) const
{
    const ValueScale colors = shareScale(true, tr("rank correlation"));
    const Tensor& values = comparison_->correlations.value;
    paintMap(painter, at.matrix, mapImage(values, colors), style);
    const double step = at.matrix.width() / std::max(count(), 1);
    const QFont font = style.smallFont();
    const bool hasRoom = step > 1.2 * textWidth(QStringLiteral("−.00"), font, style.unitsPerInch);
    for (int i = 0; i < count(); ++i) {
        const analysis::ComparedMap& one = comparison_->maps[static_cast<std::size_t>(i)];
        const QString name = QString::fromStdString(one.method->name);
        painter.setPen(style.faint);
        paintText(painter,
            {at.matrix.left() - at.label, at.matrix.top() + i * step, at.label - style.gap / 2, step},
            Qt::AlignRight | Qt::AlignVCenter, name, font);
        paintTextUpwards(painter,
            {at.matrix.left() + i * step, at.matrix.bottom() + style.gap / 2, step, at.label - style.gap / 2},
            Qt::AlignRight | Qt::AlignVCenter, name, font);
        for (int j = 0; hasRoom && j < count(); ++j) {
            const auto value = static_cast<double>(values.data()[i * count() + j]);
            painter.setPen(readableOn(QColor(colors.color(value))));
            paintText(painter, {at.matrix.left() + j * step, at.matrix.top() + i * step, step, step},
                Qt::AlignCenter, shortNumber(value), font);
        }
    }
    paintColorBar(painter, at.matrixBar, colors, style);
}

void MethodsView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    if (picture_.isNull())
        picture_ = inputPicture(session().slot());
    const MethodsPlaces at = placesIn(body, style);
    for (int index = 0; index < count(); ++index)
        drawMap(painter, at, index, style);
    paintColorBar(painter, at.bar, shareScale(false, tr("share of each map's largest")), style);
    drawMatrix(painter, at, style);
}

QString MethodsView::caption() const
{
    return comparison_ ? QString::fromStdString(comparison_->caption).section(QStringLiteral(" · "), 0, 1)
                       : QString();
}

QStringList MethodsView::badges() const
{
    QStringList all{
        tr("numbers: deletion (low is good), insertion"), tr("and rank correlation with single removals")};
    all += QString::fromStdString(comparison_->caption).split(QStringLiteral(" · ")).mid(2);
    return all + pictureBadges(session().slot()) << tr("signed maps: red for, blue against the class");
}

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
    return std::isfinite(one.scores.deletion)
        ? tr("%1: deletion %2, insertion %3, rank correlation %4")
              .arg(title, shortNumber(one.scores.deletion), shortNumber(one.scores.insertion),
                  shortNumber(one.scores.rank))
        : title;
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
    if (!comparison_)
        return none;
    const MethodsPlaces at = placesIn(body(), screenStyle());
    const int index = at.at(point);
    return index < 0 ? none : QPoint(index % at.columns, index / at.columns);
}

QString MethodsView::tipAt(QPointF point) const
{
    const QPoint cell = cellAt(point);
    return cell == none ? View::tipAt(point) : cellText(cell);
}

void MethodsView::mousePressEvent(QMouseEvent* event)
{
    const QPoint cell = cellAt(event->position());
    if (event->button() != Qt::LeftButton || cell == none)
        return View::mousePressEvent(event);
    goTo(cell);
}

}
