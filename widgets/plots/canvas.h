// The base of the zoomable plots and the only user of QCustomPlot, which brings axes, zoom, drag and buffers.
// What stands in the axes is painted by our own painters, so that a figure shows the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"

#include <QPointer>
#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

class QCustomPlot;
class QMouseEvent;

namespace fovea {

/// Panels in a grid, each with two axes. Wheel: zoom at the cursor; drag: move, or brush; double click: all
/// of it.
class Canvas : public QWidget {
    Q_OBJECT
public:
    /// Draws in data coordinates within the frame.
    using PaintData = std::function<void(QPainter&, const PlotFrame&, const Style&)>;

    ~Canvas() override;

    /// Shows the whole of every axis.
    void fit();
    /// The same content as a figure: axes, data and what is marked, without the window's theme and zoom.
    virtual void paintFigure(QPainter& painter, const QRectF& rect, const Style& style) const = 0;

    /// How this widget draws: by its palette and font.
    Style look() const;

protected:
    enum class Drag { Moves, Brushes, Nothing };
    struct Panel {
        int row = 0, column = 0;
        Drag drag = Drag::Nothing;
        bool boxed = false; ///< a line all round
        double width = 1, height = 1; ///< its shares of the grid
        bool hasAxes = true; ///< else a free area, as for a colour bar
        PaintData data; ///< drawn once per change
        PaintData marks; ///< drawn over it at every hover: must be quick
    };

    explicit Canvas(QWidget* parent);
    /// Returns the panel's number: 0, 1...
    int addPanel(Panel panel);
    /// Sets the whole extent of a panel's axes; shows all of it when the extent differs from before.
    void setAxes(int panel, const AxisSpec& x, const AxisSpec& y);
    /// Puts a panel elsewhere in the grid.
    void move(int panel, int row, int column);
    /// Takes a panel's axes and their room away, or gives them back; its own size is for setWidth().
    void setShown(int panel, bool isShown);
    /// Gives a panel's column a width, or its row a height, in pixels instead of a share.
    void setWidth(int panel, double width);
    void setHeight(int panel, double height);
    /// Keeps the height of a panel at so many times its width; what that leaves free lies around the plot.
    void setShape(int panel, double heightPerWidth);
    /// From now on the second panel's x (y) axis follows the first one's.
    void linkX(int first, int second);
    void linkY(int first, int second);
    /// Where data lie now, in the widget.
    PlotFrame frame(int panel) const;
    void redraw();
    void redrawMarks();

    /// The cursor is over a panel (none: -1), at these data coordinates.
    virtual void hoverAt(int panel, QPointF at) = 0;
    virtual void clickAt(int panel, QPointF at) = 0;
    /// A rectangle was drawn with the mouse in a panel whose drag brushes.
    virtual void brushOver(QRectF) { }

    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Content;

    void place(const Content& content);
    void setUpAxes(Content& content, int number);
    int panelAt(QPointF position) const;
    QPointF dataAt(int panel, QPointF position) const;
    void connectMouse();
    void pressed(QMouseEvent* event);
    void released(QMouseEvent* event);
    void restyle();
    void restyle(Content& content, const Style& style);
    void keepShape();

    QCustomPlot* plot_;
    std::vector<std::unique_ptr<Content>> panels_;
    int shaped_ = -1; // the panel that keeps its shape
    double shape_ = 1;
    QPointF pressedAt_;
    bool clicking_ = false;
};

}
