// The runs of a lab as a tree: which branched off which, where and with what change. A thin skin over the
// Player.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QPushButton;
class QTimer;
class QTreeWidget;
class QTreeWidgetItem;

namespace fovea {

class RunsPanel final : public QWidget {
    Q_OBJECT

public:
    explicit RunsPanel(Session& session, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void refresh();
    void refreshSoon();
    int chosen() const;
    QIcon swatch(int run) const;

    Session& session_;
    QTreeWidget* tree_;
    QPushButton* remove_;
    QTimer* lazy_;
    bool isTicking_ = false;
    std::vector<QTreeWidgetItem*> items_;
};

}
