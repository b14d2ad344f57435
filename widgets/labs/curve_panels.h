// Small plots of lines over an axis with one key above them: the curves of many configs. No widget, and no
// numbers of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"

#include <limits>

namespace fovea {

struct PanelCurve {
    QString name; ///< in the key, one entry for all of one name; empty: none
    std::size_t color = 0;
    bool isStairs = false; ///< each value holds until the next
    bool hasDots = false; ///< at the values, as when there are few
    std::vector<double> x, y; ///< x rising
    std::vector<double> low = {}, high = {}; ///< ends of error bars; empty: none
    QString quantity = {}; ///< where a panel has several
};

/// A dotted upright, with a dot where it meets its curve.
struct PanelMark {
    double x, y; ///< NaN: no dot
    std::size_t color = 0;
};

struct CurvePanel {
    QString title;
    AxisSpec x, y; ///< equal ends: as far as what is drawn
    std::vector<PanelCurve> curves;
    std::vector<PanelMark> marks = {};
};

struct CurvePanels {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    std::vector<CurvePanel> panels;
    QString markName; ///< of what all marks are, in the key; empty: not there
    double level = none; ///< a line across all panels
    QString levelName;
    QString stairsName; ///< what the stairs are, in the key, where others are smooth
    bool hasOneScale = false; ///< the same y for all panels

    void draw(QPainter& painter, const QRectF& rect, const Style& style) const;
    double heightFor(double width, const Style& style) const;

    /// Curves of all panels, and the most places that one has.
    int rows() const;
    int columns() const;
    const CurvePanel& panelOf(int row) const;
    const PanelCurve& curveAt(int row) const;
    /// A strip about a place of a curve, in its panel.
    QRectF stripOf(QPoint cell, const QRectF& rect, const Style& style) const;
    /// The curve and the place of it that are nearest to a point; (-1, -1) outside the panels.
    QPoint cellAt(QPointF point, const QRectF& rect, const Style& style) const;

private:
    struct Entry { ///< of the key
        QString name;
        QColor color;
        Qt::PenStyle dash;
        bool isStairs;
        QRectF mark, text;
    };
    std::vector<Entry> key(const QRectF& rect, const Style& style) const;
    double keyHeight(const QRectF& rect, const Style& style) const;
    std::size_t indexOf(int row) const;
    std::vector<QRectF> places(const QRectF& rect, const Style& style) const;
    PlotFrame frameOf(std::size_t panel, const QRectF& rect, const Style& style) const;
    AxisSpec valueAxis(std::size_t panel) const;
    void drawKey(QPainter& painter, const QRectF& rect, const Style& style) const;
    void drawPanel(QPainter& painter, std::size_t panel, const QRectF& rect, const Style& style) const;
};

}
