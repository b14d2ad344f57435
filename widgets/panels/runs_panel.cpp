// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_panel.h"

#include "widgets/plots/curve_colors.h"
#include "widgets/session/player.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTimer>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace fovea {

namespace {

enum Column { Name, Change, Steps, Versus, ColumnCount };
constexpr int dotSide = 12, lazyMs = 150;

}

RunsPanel::RunsPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , tree_(new QTreeWidget)
    , remove_(new QPushButton(tr("Remove")))
    , lazy_(new QTimer(this))
{
    setObjectName(QStringLiteral("runs"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(8);
    column->addWidget(tree_, 1);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    row->addStretch(1);
    row->addWidget(remove_);
    column->addLayout(row);
    tree_->setColumnCount(ColumnCount);
    tree_->setHeaderLabels({tr("Run"), tr("Change"), tr("Steps"), tr("Compare")});
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setIndentation(16);
    tree_->setAccessibleName(tr("Runs of the lab"));
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(Name, QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(Change, QHeaderView::Stretch);
    tree_->header()->setSectionResizeMode(Steps, QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(Versus, QHeaderView::ResizeToContents);
    tree_->setToolTip(tr("A click shows a run; its box compares it with the shown one, in lockstep"));
    remove_->setToolTip(tr("Forgets the chosen run"));
    connect(tree_, &QTreeWidget::currentItemChanged, this, &RunsPanel::refresh);
    connect(tree_, &QTreeWidget::itemActivated, this, [this] { session_.player().show(chosen()); });
    connect(tree_, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem*, int clicked) {
        if (clicked != Versus)
            session_.player().show(chosen());
    });
    connect(tree_, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int changed) {
        const auto run = static_cast<int>(std::ranges::find(items_, item) - items_.begin());
        if (changed != Versus)
            return;
        isTicking_ = true; // the item is in its own setData(): it must outlive this
        session_.player().compare(item->checkState(Versus) == Qt::Checked ? run : -1);
        isTicking_ = false;
    });
    connect(remove_, &QPushButton::clicked, this, [this] { session_.player().remove(chosen()); });
    connect(&session.player(), &Player::runsChanged, this, &RunsPanel::rebuild);
    lazy_->setSingleShot(true);
    lazy_->setInterval(lazyMs);
    connect(lazy_, &QTimer::timeout, this, &RunsPanel::refresh);
    connect(&session.player(), &Player::grew, this, &RunsPanel::refreshSoon);
    rebuild();
}

void RunsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

int RunsPanel::chosen() const
{
    const auto found = std::ranges::find(items_, tree_->currentItem());
    return found == items_.end() ? session_.player().shown() : static_cast<int>(found - items_.begin());
}

QIcon RunsPanel::swatch(int run) const
{
    const double ratio = devicePixelRatioF();
    QPixmap pixmap(qRound(dotSide * ratio), qRound(dotSide * ratio));
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::Base), 2)); // seen on the chosen row, too
    painter.setBrush(curveColor(
        static_cast<std::size_t>(session_.player().numberOf(run)), palette().color(QPalette::Base)));
    painter.drawEllipse(QRectF(1, 1, dotSide - 2, dotSide - 2));
    return QIcon(pixmap);
}

void RunsPanel::rebuild()
{
    if (isTicking_)
        return refresh();
    const QSignalBlocker quiet(tree_);
    const Player& player = session_.player();
    tree_->clear();
    items_.clear();
    for (int run = 0; run < static_cast<int>(player.tree().runs.size()); ++run) {
        const int parent = player.tree().parents[static_cast<std::size_t>(run)];
        auto* item = parent < 0 ? new QTreeWidgetItem(tree_)
                                : new QTreeWidgetItem(items_[static_cast<std::size_t>(parent)]);
        const QString change = player.changeOf(run);
        const Index from = player.tree().runs[static_cast<std::size_t>(run)]->from;
        item->setIcon(Name, swatch(run));
        item->setText(Change, parent < 0 ? change : tr("at %1: %2").arg(from).arg(change));
        item->setToolTip(Change, item->text(Change));
        item->setTextAlignment(Steps, Qt::AlignRight | Qt::AlignVCenter);
        items_.push_back(item);
    }
    tree_->expandAll();
    if (player.shown() >= 0)
        tree_->setCurrentItem(items_[static_cast<std::size_t>(player.shown())]);
    refresh();
}

/// At once while nothing runs, else a few times a second.
void RunsPanel::refreshSoon()
{
    if (!session_.player().isLive())
        refresh();
    else if (!lazy_->isActive())
        lazy_->start();
}

void RunsPanel::refresh()
{
    const QSignalBlocker quiet(tree_);
    const Player& player = session_.player();
    for (int run = 0; run < static_cast<int>(items_.size()); ++run) {
        QTreeWidgetItem* item = items_[static_cast<std::size_t>(run)];
        QFont font = tree_->font();
        font.setBold(run == player.shown());
        item->setFont(Name, font);
        item->setText(Name, player.nameOf(run));
        if (run == player.shown()) // no box: it is what others are compared with
            item->setData(Versus, Qt::CheckStateRole, {});
        else
            item->setCheckState(Versus, run == player.compared() ? Qt::Checked : Qt::Unchecked);
        item->setText(Steps, QString::number(player.tree().runs[static_cast<std::size_t>(run)]->done));
    }
    remove_->setEnabled(!items_.empty() && !player.tree().hasBranches(chosen()));
}

}
