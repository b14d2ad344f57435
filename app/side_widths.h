// How wide the sides of the window are: as it becomes narrow they give way before the views do, the left one
// wholly in the end, and come back with the room. It does not know what stands there.
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
    /// The docks were just laid: their widths are what is wanted.
    void fitAnew();
    /// These are, whatever there was room for.
    void fitTo(int left, int right);
    /// The docks of the left side that are away because the window is too narrow: by their names, as a layout
    /// keeps them.
    QStringList away() const;
    void setAway(const QStringList& names);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Widths {
        int left = 0, right = 0;
    };
    QDockWidget* at(Qt::DockWidgetArea area) const;
    int leastAt(Qt::DockWidgetArea area) const;
    void fit(int before, int after);
    void fitLater(); ///< once the docks have their places
    /// Takes the left side away where the centre starves all the same, and brings it back.
    bool yields(int lacking);

    QMainWindow* window_;
    QList<QDockWidget*> docks_;
    Widths wished_; ///< while there is room for them
    bool isNarrow_ = false, isStarved_ = false;
    QList<QDockWidget*> away_;
};

}
