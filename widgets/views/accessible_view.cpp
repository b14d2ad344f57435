// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/accessible_view.h"

#include "widgets/views/cell_table.h"
#include "widgets/views/view.h"

#include <QAccessibleWidget>

#include <map>

namespace fovea {

namespace {

class AccessibleCell;

/// Nothing can be selected but by the cursor, which is the one selected cell.
class AccessibleView final : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit AccessibleView(View* view)
        : QAccessibleWidget(view, QAccessible::Graphic)
        , view_(view)
    {
    }
    ~AccessibleView() override { forgetCells(); }

    /// nullptr when the view has no cells now.
    CellTable* table() const { return view_->cellTable(); }
    View* view() const { return view_; }
    QAccessibleInterface* cell(QPoint cell) const;

    QAccessible::Role role() const override { return table() ? QAccessible::Table : QAccessible::Graphic; }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Description ? view_->spokenText() : QAccessibleWidget::text(kind);
    }
    int childCount() const override { return cellCount() + QAccessibleWidget::childCount(); }
    QAccessibleInterface* child(int index) const override
    {
        const int columns = columnCount(), cells = columns * rowCount();
        return index >= 0 && index < cells ? cell({index % columns, index / columns})
                                           : QAccessibleWidget::child(index - cells);
    }
    int indexOfChild(const QAccessibleInterface* child) const override;
    QAccessibleInterface* childAt(int x, int y) const override;
    QAccessibleInterface* focusChild() const override
    {
        QAccessibleInterface* focused = view_->hasFocus() && table() ? cell(table()->current()) : nullptr;
        return focused ? focused : QAccessibleWidget::focusChild();
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TableInterface && table())
            return static_cast<QAccessibleTableInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }

    QAccessibleInterface* caption() const override { return nullptr; }
    QAccessibleInterface* summary() const override { return nullptr; }
    QAccessibleInterface* cellAt(int row, int column) const override { return cell({column, row}); }
    int columnCount() const override { return table() ? table()->cells().width() : 0; }
    int rowCount() const override { return table() ? table()->cells().height() : 0; }
    QString columnDescription(int column) const override { return table()->columnName(column); }
    QString rowDescription(int row) const override { return table()->rowName(row); }

    int selectedCellCount() const override { return static_cast<int>(selectedCells().size()); }
    QList<QAccessibleInterface*> selectedCells() const override
    {
        QAccessibleInterface* now = table() ? cell(table()->current()) : nullptr;
        return now ? QList<QAccessibleInterface*>{now} : QList<QAccessibleInterface*>();
    }
    int selectedColumnCount() const override { return 0; }
    int selectedRowCount() const override { return 0; }
    QList<int> selectedColumns() const override { return {}; }
    QList<int> selectedRows() const override { return {}; }
    bool isColumnSelected(int) const override { return false; }
    bool isRowSelected(int) const override { return false; }
    bool selectRow(int) override { return false; }
    bool selectColumn(int) override { return false; }
    bool unselectRow(int) override { return false; }
    bool unselectColumn(int) override { return false; }
    void modelChange(QAccessibleTableModelChangeEvent*) override { forgetCells(); }

private:
    int cellCount() const { return columnCount() * rowCount(); }
    void forgetCells()
    {
        for (const auto& [place, id] : cells_)
            QAccessible::deleteAccessibleInterface(id);
        cells_.clear();
    }

    View* view_;
    mutable std::map<std::pair<int, int>, QAccessible::Id> cells_; // those that were asked for
};

class AccessibleCell final : public QAccessibleInterface,
                             public QAccessibleTableCellInterface,
                             public QAccessibleActionInterface {
public:
    AccessibleCell(const AccessibleView* owner, QPoint place)
        : owner_(owner)
        , place_(place)
    {
    }
    QPoint place() const { return place_; }

    bool isValid() const override
    {
        return owner_->isValid() && owner_->table() && owner_->table()->holds(place_);
    }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override
    {
        return QAccessible::queryAccessibleInterface(owner_->view());
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::Cell; }
    QString text(QAccessible::Text kind) const override
    {
        return isValid() && (kind == QAccessible::Name || kind == QAccessible::Value)
            ? owner_->table()->cellText(place_)
            : QString();
    }
    void setText(QAccessible::Text, const QString&) override { }
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect here = owner_->table()->cellRect(place_).toRect();
        return {owner_->view()->mapToGlobal(here.topLeft()), here.size()};
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        state.readOnly = state.focusable = state.selectable = true;
        state.selected = isSelected();
        state.focused = state.selected && owner_->view()->hasFocus();
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TableCellInterface)
            return static_cast<QAccessibleTableCellInterface*>(this);
        if (type == QAccessible::ActionInterface)
            return static_cast<QAccessibleActionInterface*>(this);
        return nullptr;
    }

    bool isSelected() const override { return isValid() && owner_->table()->current() == place_; }
    QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
    QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
    int columnIndex() const override { return place_.x(); }
    int rowIndex() const override { return place_.y(); }
    int columnExtent() const override { return 1; }
    int rowExtent() const override { return 1; }
    QAccessibleInterface* table() const override { return parent(); }

    QStringList actionNames() const override { return {setFocusAction()}; }
    void doAction(const QString& name) override
    {
        if (name != setFocusAction() || !isValid())
            return;
        owner_->view()->setFocus();
        owner_->table()->goTo(place_);
    }
    QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    const AccessibleView* owner_;
    QPoint place_;
};

QAccessibleInterface* AccessibleView::cell(QPoint place) const
{
    if (!table() || !table()->holds(place))
        return nullptr;
    const auto [found, isNew] = cells_.try_emplace({place.x(), place.y()}, 0);
    if (isNew)
        found->second = QAccessible::registerAccessibleInterface(new AccessibleCell(this, place));
    return QAccessible::accessibleInterface(found->second);
}

int AccessibleView::indexOfChild(const QAccessibleInterface* child) const
{
    if (const auto* cell = dynamic_cast<const AccessibleCell*>(child))
        return cell->place().y() * columnCount() + cell->place().x();
    const int index = QAccessibleWidget::indexOfChild(child);
    return index < 0 ? index : cellCount() + index;
}

QAccessibleInterface* AccessibleView::childAt(int x, int y) const
{
    QAccessibleInterface* found
        = table() ? cell(table()->cellAt(view_->mapFromGlobal(QPoint(x, y)))) : nullptr;
    return found ? found : QAccessibleWidget::childAt(x, y);
}

QAccessibleInterface* accessibleOf(const QString& className, QObject* object)
{
    return className == QLatin1String("fovea::View") ? new AccessibleView(static_cast<View*>(object))
                                                     : nullptr;
}

}

void installAccessibleViews()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(accessibleOf);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

std::unique_ptr<QAccessibleEvent> cursorEvent(View& view, QPoint before)
{
    const CellTable* table = view.cellTable();
    if (!table || !table->holds(table->current()))
        return std::make_unique<QAccessibleEvent>(&view, QAccessible::DescriptionChanged);
    const QPoint cell = table->current();
    std::unique_ptr<QAccessibleEvent> event;
    if (cell == before)
        event = std::make_unique<QAccessibleValueChangeEvent>(&view, table->cellText(cell));
    else
        event = std::make_unique<QAccessibleEvent>(&view, QAccessible::Focus);
    event->setChild(cell.y() * table->cells().width() + cell.x());
    return event;
}

}
