// The brush's hands: its bar of tools, keys, the mouse, and the cells that a screen reader tells.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/ticks.h"
#include "widgets/views/filter_brush_view.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>

#include <algorithm>

namespace fovea {

void FilterBrushView::buildBar()
{
    bar_ = new QWidget(this);
    auto* rows = new QVBoxLayout(bar_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    auto *upper = new QHBoxLayout, *lower = new QHBoxLayout;
    rows->addLayout(upper);
    rows->addLayout(lower);
    const struct {
        QString text, tip;
    } tools[]{{tr("Ring"), tr("Drag from one radius to another")},
        {tr("Wedge"), tr("Drag from one angle to another")}, {tr("Box"), tr("Drag from corner to corner")},
        {tr("Free"), tr("Drag over single frequencies")}};
    auto* group = new QButtonGroup(bar_);
    for (std::size_t i = 0; i < tools_.size(); ++i) {
        auto* button = tools_[i] = new QToolButton;
        button->setText(tools[i].text);
        button->setToolTip(tools[i].tip);
        button->setAccessibleName(tools[i].text);
        button->setCheckable(true);
        group->addButton(button);
        upper->addWidget(button);
        connect(button, &QToolButton::clicked, this, &FilterBrushView::readBar);
    }
    auto* clear = new QToolButton;
    clear->setText(tr("Clear"));
    clear->setToolTip(
        tr("Remove the strokes of this brush, on every layer (Delete). Edits that were written, or came "
           "with a session, stay."));
    upper->addStretch(1);
    upper->addWidget(clear);
    connect(clear, &QToolButton::clicked, this, &FilterBrushView::clearStrokes);
    act_ = new QComboBox;
    act_->addItems({tr("zero"), tr("scale"), tr("random phase"), tr("magnitude only"), tr("swap with")});
    act_->setAccessibleName(tr("What the brush does"));
    amount_ = new QDoubleSpinBox;
    amount_->setRange(-10, 10);
    amount_->setSingleStep(0.1);
    amount_->setAccessibleName(tr("Factor"));
    block_ = new QComboBox;
    block_->setAccessibleName(tr("The other layer"));
    scope_ = new QComboBox;
    scope_->addItems({tr("this channel"), tr("this layer"), tr("all layers")});
    scope_->setAccessibleName(tr("Where the brush works"));
    for (QWidget* widget : std::initializer_list<QWidget*>{act_, amount_, block_, scope_})
        lower->addWidget(widget);
    lower->addStretch(1);
    for (QComboBox* box : {act_, block_, scope_})
        connect(box, &QComboBox::activated, this, &FilterBrushView::readBar);
    connect(amount_, &QDoubleSpinBox::valueChanged, this, &FilterBrushView::readBar);
}

/// What the bar says is what the brush is.
void FilterBrushView::showBar()
{
    bar_->setVisible(missing().isEmpty());
    for (std::size_t i = 0; i < tools_.size(); ++i)
        tools_[i]->setChecked(static_cast<int>(i) == static_cast<int>(brush_.tool));
    act_->setCurrentIndex(static_cast<int>(brush_.act));
    static_cast<QStandardItemModel*>(scope_->model()) // two layers are swapped, whatever the scope
        ->item(static_cast<int>(BrushScope::All))
        ->setEnabled(brush_.act != BrushAct::Swap);
    scope_->setCurrentIndex(static_cast<int>(brush_.scope));
    const QSignalBlocker quiet(amount_);
    amount_->setValue(brush_.amount);
    amount_->setVisible(brush_.act == BrushAct::Scale);
    block_->setVisible(brush_.act == BrushAct::Swap);
    if (missing().isEmpty())
        offerBlocks();
    bar_->setGeometry(bodyBelowBar(body()).adjusted(0, -bar_->sizeHint().height() - 4, 0, 0).toRect().left(),
        static_cast<int>(body().top()), static_cast<int>(body().width()), bar_->sizeHint().height());
}

/// The other layers whose filters can take the place of this one: those of its shape. Where they are offered
/// already the box is left alone: it may be open.
void FilterBrushView::offerBlocks()
{
    const Record& own = *bank_.weight(layer_);
    std::vector<std::pair<QString, QString>> offered, wanted;
    for (int i = 0; i < block_->count(); ++i)
        offered.emplace_back(block_->itemText(i), block_->itemData(i).toString());
    for (int layer = 0; layer < bank_.layers(); ++layer)
        if (const Record& other = *bank_.weight(layer);
            other.info.block != own.info.block && other.value.shape() == own.value.shape())
            wanted.emplace_back(bank_.name(layer), QString::fromStdString(other.info.block));
    if (wanted.empty())
        wanted.emplace_back(tr("no layer fits"), QString());
    if (offered != wanted)
        block_->clear();
    for (std::size_t i = 0; offered != wanted && i < wanted.size(); ++i)
        block_->addItem(wanted[i].first, wanted[i].second);
    const int at = block_->findData(QString::fromStdString(brush_.block));
    block_->setCurrentIndex(std::max(0, at));
    brush_.block = block_->currentData().toString().toStdString();
}

void FilterBrushView::readBar()
{
    Brush brush = brush_;
    for (std::size_t i = 0; i < tools_.size(); ++i)
        if (tools_[i]->isChecked())
            brush.tool = static_cast<BrushTool>(i);
    brush.act = static_cast<BrushAct>(act_->currentIndex());
    brush.scope = static_cast<BrushScope>(scope_->currentIndex());
    brush.amount = amount_->value();
    brush.block = block_->currentData().toString().toStdString();
    setBrush(brush);
}

bool FilterBrushView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key(); // the window has shortcuts of its own
        if (key == Qt::Key_Space || key == Qt::Key_Delete || (key == Qt::Key_Escape && isDown_)) {
            event->accept();
            return true;
        }
    }
    return View::event(event);
}

void FilterBrushView::keyPressEvent(QKeyEvent* event)
{
    if (!missing().isEmpty())
        return View::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Space:
        if (isDown_)
            return lift();
        return putDown(cursor_, event->modifiers() & Qt::ShiftModifier);
    case Qt::Key_Delete:
        return clearStrokes();
    case Qt::Key_Escape:
        if (isDown_)
            return cancelStroke();
        break;
    default:
        break;
    }
    View::keyPressEvent(event);
}

void FilterBrushView::mousePressEvent(QMouseEvent* event)
{
    const QPoint cell = cellUnder(event->position());
    if (event->button() != Qt::LeftButton || cell == none)
        return View::mousePressEvent(event);
    putDown(cell, event->modifiers() & Qt::ShiftModifier);
}

void FilterBrushView::mouseMoveEvent(QMouseEvent* event)
{
    if (!isDown_ || !missing().isEmpty() || !(event->buttons() & Qt::LeftButton))
        return View::mouseMoveEvent(event);
    const CellLattice plane{planeArea(), cells()}; // beyond the plane its edge is meant
    const QRectF in = plane.area.adjusted(0.5, 0.5, -0.5, -0.5);
    const QPoint cell = plane.at({std::clamp(event->position().x(), in.left(), in.right()),
        std::clamp(event->position().y(), in.top(), in.bottom())});
    if (cell != none && cell != to_)
        moveTo(cell);
}

void FilterBrushView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !isDown_)
        return View::mouseReleaseEvent(event);
    lift();
}

void FilterBrushView::focusOutEvent(QFocusEvent* event)
{
    View::focusOutEvent(event);
    if (isDown_)
        lift();
}

void FilterBrushView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    showBar();
}

QSize FilterBrushView::cells() const
{
    return {static_cast<int>(shows_.plane.cols), static_cast<int>(shows_.plane.rows)};
}

void FilterBrushView::goTo(QPoint cell)
{
    if (isDown_)
        return moveTo(cell);
    cursor_ = cell;
    update();
    announce();
}

QString FilterBrushView::columnName(int column) const
{
    return tr("kx %1").arg(signedText(pointOf({column, 0}).x));
}

QString FilterBrushView::rowName(int row) const { return tr("ky %1").arg(signedText(pointOf({0, row}).y)); }

QString FilterBrushView::cellText(QPoint cell) const
{
    const auto at = static_cast<std::size_t>(cell.y() * shows_.plane.cols + cell.x());
    const QString text
        = tr("%1, %2: magnitude %3")
              .arg(columnName(cell.x()), rowName(cell.y()),
                  numberText(static_cast<double>(pictures_.after.magnitude.values<float>()[at]), 3));
    const bool isIn
        = !pictures_.region.empty() && pictures_.region[static_cast<std::size_t>(binOf(cell))] != 0;
    return isIn ? tr("%1, brushed").arg(text) : text;
}

QRectF FilterBrushView::cellRect(QPoint cell) const { return CellLattice{planeArea(), cells()}.rectOf(cell); }

QPoint FilterBrushView::cellAt(QPointF point) const { return CellLattice{planeArea(), cells()}.at(point); }

}
