// How wide the sides of the window are: as it becomes narrow they give way before the views do, and come back
// with the room. It does not know what stands there.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

class QDockWidget;

namespace fovea::app {

class SideWidths final : public QObject {
    Q_OBJECT

public:
    static constexpr int least = 160; ///< of a dock at a side

    /// For a window, whose child it becomes.
    explicit SideWidths(QMainWindow* window);
    void add(QDockWidget* dock) { docks_.append(dock); }
    /// The docks were just laid: these widths are what is wanted.
    void fitAnew();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Widths {
        int left = 0, right = 0;
    };
    QDockWidget* at(Qt::DockWidgetArea area) const;
    int leastAt(Qt::DockWidgetArea area) const;
    void fit(int before, int after);

    QMainWindow* window_;
    QList<QDockWidget*> docks_;
    Widths wished_; ///< while there is room for them
    bool isNarrow_ = false;
};

}
