// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/action_palette.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace fovea {

namespace {

constexpr int wide = 480, high = 360;

QString plainName(const QAction* action) { return action->text().remove(QLatin1Char('&')); }

}

ActionPalette::ActionPalette(QWidget* window)
    : QFrame(window)
    , line_(new QLineEdit)
    , list_(new QTreeWidget)
{
    setObjectName(QStringLiteral("actionPalette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(line_);
    layout->addWidget(list_);
    line_->setPlaceholderText(tr("Find an action"));
    line_->setAccessibleName(tr("Find an action"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setColumnCount(2);
    list_->setHeaderHidden(true);
    list_->setRootIsDecorated(false);
    list_->header()->setStretchLastSection(false);
    list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list_->setAccessibleName(tr("Actions"));
    list_->setFocusPolicy(Qt::NoFocus);
    line_->installEventFilter(this);
    connect(line_, &QLineEdit::textChanged, this, &ActionPalette::refresh);
    connect(line_, &QLineEdit::returnPressed, this, &ActionPalette::run);
    connect(list_, &QTreeWidget::itemClicked, this, &ActionPalette::run);
    hide();
}

std::optional<int> ActionPalette::rank(const QString& typed, const QString& name)
{
    int rank = 0;
    for (const QString& word : typed.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (!name.contains(word, Qt::CaseInsensitive))
            return std::nullopt;
        const QRegularExpression beginning(QStringLiteral("(^|\\W)") + QRegularExpression::escape(word),
            QRegularExpression::CaseInsensitiveOption);
        if (!name.contains(beginning))
            rank = 1;
    }
    return rank;
}

void ActionPalette::open(const QList<QAction*>& actions)
{
    actions_ = actions;
    if (isHidden())
        before_ = window()->focusWidget();
    line_->clear();
    refresh();
    const QWidget* around = parentWidget();
    setGeometry((around->width() - wide) / 2, 64, std::min(wide, around->width()),
        std::min(high, around->height() - 64));
    show();
    raise();
    line_->setFocus();
}

void ActionPalette::refresh()
{
    list_->clear();
    for (const int wanted : {0, 1})
        for (QAction* action : actions_) {
            if (!action->isEnabled() || rank(line_->text(), plainName(action)) != wanted)
                continue;
            auto* item = new QTreeWidgetItem(
                list_, {plainName(action), action->shortcut().toString(QKeySequence::NativeText)});
            item->setData(0, Qt::UserRole, QVariant::fromValue(action));
            item->setForeground(1, palette().placeholderText());
        }
    if (list_->topLevelItemCount() == 0)
        (new QTreeWidgetItem(list_, {tr("No action fits")}))->setFlags(Qt::NoItemFlags);
    list_->setCurrentItem(list_->topLevelItem(0));
}

void ActionPalette::giveBack()
{
    hide();
    if (before_)
        before_->setFocus();
}

void ActionPalette::run()
{
    const QTreeWidgetItem* item = list_->currentItem();
    giveBack(); // an action may ask which view has the keyboard
    if (auto* action = item ? item->data(0, Qt::UserRole).value<QAction*>() : nullptr)
        action->trigger();
}

bool ActionPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut)
        hide();
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
        event->accept(); // it closes this; the pin is not released
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape)
            giveBack();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const QModelIndex now = list_->currentIndex();
            const QModelIndex next = now.siblingAtRow(now.row() + (key == Qt::Key_Down ? 1 : -1));
            if (next.isValid())
                list_->setCurrentIndex(next);
        }
        if (key == Qt::Key_Escape || key == Qt::Key_Down || key == Qt::Key_Up)
            return true;
    }
    return QFrame::eventFilter(watched, event);
}

}
