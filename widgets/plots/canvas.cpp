// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/canvas.h"

#include "widgets/plots/plot_parts.h"

#include <QApplication>
#include <qcustomplot.h>
#include <QHBoxLayout>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

constexpr int leastSide = 32; ///< of a panel, in pixels
constexpr QMargins leastMargins(4, 8, 12, 4); ///< half a number at the ends of the axes

AxisSpec ranged(AxisSpec spec, const QCPAxis* axis)
{
    spec.min = axis->range().lower;
    spec.max = axis->range().upper;
    return spec;
}

bool sameExtent(const AxisSpec& a, const AxisSpec& b)
{
    return a.min == b.min && a.max == b.max && a.logarithmic == b.logarithmic;
}

}

struct Canvas::Content {
    Panel panel;
    AxisSpec x, y; // the whole extent
    QCPAxisRect* rect = nullptr;
    QCPAxis* xAxis() const { return rect->axis(QCPAxis::atBottom); }
    QCPAxis* yAxis() const { return rect->axis(QCPAxis::atLeft); }
};

Canvas::Canvas(QWidget* parent)
    : QWidget(parent)
    , plot_(new QCustomPlot(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);
    plot_->plotLayout()->clear();
    plot_->plotLayout()->setColumnSpacing(0); // the margins are enough
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->setObjectName("plot");
    plot_->setFocusPolicy(Qt::NoFocus); // the view around it has the keyboard
    plot_->installEventFilter(this);
    plot_->plotLayout()->setAutoMargins(QCP::msNone);
    connect(plot_, &QCustomPlot::beforeReplot, this, &Canvas::keepShape);
    connectMouse();
}

Canvas::~Canvas() = default;

void Canvas::connectMouse()
{
    connect(plot_, &QCustomPlot::mousePress, this, &Canvas::pressed);
    connect(plot_, &QCustomPlot::mouseRelease, this, &Canvas::released);
    connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] {
        clicking_ = false;
        fit();
    });
    connect(plot_, &QCustomPlot::mouseMove, this, [this](const QMouseEvent* event) {
        const int panel = panelAt(event->position());
        hoverAt(panel, dataAt(panel, event->position()));
    });
    connect(plot_->selectionRect(), &QCPSelectionRect::accepted, this, [this](const QRect& rect) {
        const int panel = panelAt(pressedAt_);
        if (panel >= 0 && !clicking_)
            brushOver(QRectF(dataAt(panel, rect.topLeft()), dataAt(panel, rect.bottomRight())).normalized());
    });
}

Style Canvas::look() const { return Style::screen(palette(), font(), logicalDpiY()); }

int Canvas::addPanel(Panel panel)
{
    const int number = static_cast<int>(panels_.size());
    panels_.push_back(std::make_unique<Content>());
    Content& content = *panels_.back();
    content.rect = new QCPAxisRect(plot_);
    content.panel = std::move(panel);
    place(content);
    setUpAxes(content, number);
    const auto painted = [this, number](PaintData Panel::*paint) {
        return [this, number, paint](QPainter& painter) {
            if (const PaintData& f = panels_[static_cast<std::size_t>(number)]->panel.*paint)
                f(painter, frame(number), look());
        };
    };
    QCPLayoutElement* clip = content.rect;
    if (!content.panel.hasAxes)
        clip = plot_->plotLayout();
    addPainted(plot_, "main", clip, painted(&Panel::data));
    addPainted(plot_, "overlay", clip, painted(&Panel::marks));
    return number;
}

void Canvas::place(const Content& content)
{
    const Panel& panel = content.panel;
    QCPLayoutGrid* grid = plot_->plotLayout();
    grid->addElement(panel.row, panel.column, content.rect);
    grid->setRowStretchFactor(panel.row, panel.height);
    grid->setColumnStretchFactor(panel.column, panel.width);
    const QString column = QString("column%1").arg(panel.column), row = QString("row%1").arg(panel.row);
    content.rect->setMarginGroup(QCP::msLeft | QCP::msRight, marginGroup(plot_, column));
    content.rect->setMarginGroup(QCP::msTop | QCP::msBottom, marginGroup(plot_, row));
    content.rect->setMinimumSize(leastSide, leastSide);
    content.rect->setMinimumMargins(leastMargins);
    const Qt::Orientations both = Qt::Horizontal | Qt::Vertical, none;
    content.rect->setRangeDrag(panel.drag == Drag::Moves ? both : none);
    content.rect->setRangeZoom(panel.drag == Drag::Nothing ? none : both);
    if (panel.drag == Drag::Brushes)
        plot_->setSelectionRectMode(QCP::srmCustom);
}

void Canvas::setUpAxes(Content& content, int number)
{
    for (QCPAxis* axis : content.rect->axes()) {
        axis->setLayer("axes");
        axis->grid()->setVisible(false);
        axis->setVisible(content.panel.hasAxes);
    }
    for (const auto side : {QCPAxis::atTop, QCPAxis::atRight}) {
        content.rect->axis(side)->setVisible(content.panel.boxed);
        content.rect->axis(side)->setTicks(false);
    }
    const auto ticker = [this, number](bool horizontal) {
        return tickerOf([this, number, horizontal] {
            const PlotFrame now = frame(number);
            return horizontal ? fittingTicks(now.x, now.area.width(), true, look())
                              : fittingTicks(now.y, now.area.height(), false, look());
        });
    };
    content.xAxis()->setTicker(ticker(true));
    content.yAxis()->setTicker(ticker(false));
    keepWithin(content.xAxis(), &content.x);
    keepWithin(content.yAxis(), &content.y);
}

void Canvas::move(int panel, int row, int column)
{
    Content& content = *panels_[static_cast<std::size_t>(panel)];
    if (content.panel.row == row && content.panel.column == column)
        return;
    plot_->plotLayout()->take(content.rect);
    plot_->plotLayout()->simplify(); // an empty row or column would take its share
    content.panel.row = row;
    content.panel.column = column;
    content.rect->setMaximumSize(QWIDGETSIZE_MAX, QWIDGETSIZE_MAX);
    place(content);
}

void Canvas::setShown(int panel, bool isShown)
{
    const Content& content = *panels_[static_cast<std::size_t>(panel)];
    content.rect->setMinimumMargins(isShown ? leastMargins : QMargins());
    for (QCPAxis* axis : {content.xAxis(), content.yAxis()})
        axis->setVisible(isShown && content.panel.hasAxes);
}

void Canvas::setWidth(int panel, double width)
{
    QCPAxisRect* rect = panels_[static_cast<std::size_t>(panel)]->rect;
    const int pixels = static_cast<int>(std::ceil(width));
    rect->setMinimumSize(pixels, rect->minimumSize().height());
    rect->setMaximumSize(pixels, rect->maximumSize().height());
}

void Canvas::setHeight(int panel, double height)
{
    QCPAxisRect* rect = panels_[static_cast<std::size_t>(panel)]->rect;
    const int pixels = static_cast<int>(std::ceil(height));
    rect->setMinimumSize(rect->minimumSize().width(), pixels);
    rect->setMaximumSize(rect->maximumSize().width(), pixels);
}

void Canvas::setShape(int panel, double heightPerWidth)
{
    shaped_ = panel;
    shape_ = heightPerWidth;
    redraw();
}

/// Lays the plot out, and free margins around it so that the panel gets its shape.
void Canvas::keepShape()
{
    if (shaped_ < 0)
        return;
    QCPLayoutGrid* grid = plot_->plotLayout();
    for (const auto phase :
        {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
        grid->update(phase);
    const QSize area = panels_[static_cast<std::size_t>(shaped_)]->rect->size();
    const QSize room = grid->outerRect().size() - (grid->rect().size() - area);
    const double width = std::min<double>(room.width(), room.height() / shape_);
    const int beside = std::max(0, static_cast<int>(std::lround(room.width() - width)));
    const int above = std::max(0, static_cast<int>(std::lround(room.height() - shape_ * width)));
    grid->setMargins({beside / 2, above / 2, beside - beside / 2, above - above / 2});
}

void Canvas::setAxes(int panel, const AxisSpec& x, const AxisSpec& y)
{
    Content& content = *panels_[static_cast<std::size_t>(panel)];
    const bool other = !sameExtent(content.x, x) || !sameExtent(content.y, y);
    content.x = x;
    content.y = y;
    restyle();
    if (other) {
        content.xAxis()->setRange(x.min, x.max);
        content.yAxis()->setRange(y.min, y.max);
    }
}

void Canvas::linkX(int first, int second)
{
    follow(panels_[static_cast<std::size_t>(first)]->xAxis(),
        panels_[static_cast<std::size_t>(second)]->xAxis());
}

void Canvas::linkY(int first, int second)
{
    follow(panels_[static_cast<std::size_t>(first)]->yAxis(),
        panels_[static_cast<std::size_t>(second)]->yAxis());
}

void Canvas::fit()
{
    for (const auto& content : panels_) {
        content->xAxis()->setRange(content->x.min, content->x.max);
        content->yAxis()->setRange(content->y.min, content->y.max);
    }
    redraw();
}

PlotFrame Canvas::frame(int panel) const
{
    const Content& content = *panels_[static_cast<std::size_t>(panel)];
    return {
        QRectF(content.rect->rect()), ranged(content.x, content.xAxis()), ranged(content.y, content.yAxis())};
}

void Canvas::redraw() { plot_->replot(QCustomPlot::rpQueuedReplot); }

void Canvas::redrawMarks()
{
    if (isVisible()) // before, there is nothing to draw into
        plot_->layer("overlay")->replot();
}

int Canvas::panelAt(QPointF position) const
{
    for (std::size_t i = 0; i < panels_.size(); ++i)
        if (panels_[i]->panel.hasAxes && panels_[i]->rect->rect().contains(position.toPoint()))
            return static_cast<int>(i);
    return -1;
}

QPointF Canvas::dataAt(int panel, QPointF position) const
{
    if (panel < 0)
        return {};
    const Content& content = *panels_[static_cast<std::size_t>(panel)];
    return {content.xAxis()->pixelToCoord(position.x()), content.yAxis()->pixelToCoord(position.y())};
}

void Canvas::pressed(QMouseEvent* event)
{
    pressedAt_ = event->position();
    clicking_ = event->button() == Qt::LeftButton;
}

void Canvas::released(QMouseEvent* event)
{
    const int panel = panelAt(event->position());
    const double moved = (event->position() - pressedAt_).manhattanLength();
    if (clicking_ && panel >= 0 && moved < QApplication::startDragDistance())
        clickAt(panel, dataAt(panel, event->position()));
    clicking_ = false;
}

void Canvas::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        restyle();
    QWidget::changeEvent(event);
}

void Canvas::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    redraw(); // once more when the new size is known: ticks are chosen by it
}

bool Canvas::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave)
        hoverAt(-1, {});
    return QWidget::eventFilter(watched, event);
}

void Canvas::restyle()
{
    const Style style = look();
    plot_->setBackground(style.ground);
    plot_->selectionRect()->setPen(QPen(style.accent, style.axisWidth));
    for (const auto& content : panels_)
        restyle(*content, style);
    redraw();
}

void Canvas::restyle(Content& content, const Style& style)
{
    restyleAxis(content.xAxis(), content.x, style);
    restyleAxis(content.yAxis(), content.y, style);
    for (const auto side : {QCPAxis::atTop, QCPAxis::atRight})
        content.rect->axis(side)->setBasePen(QPen(style.ink, style.axisWidth));
}

}
