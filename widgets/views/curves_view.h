// Numbers over the steps of a run: loss, accuracy, any scalar, the elements of the chosen vector; all runs of
// a lab over one another, or the difference of two.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/plots/ticks.h"
#include "widgets/views/view.h"

#include "core/analysis/course.h"

namespace fovea {

/// A panel for each scalar signal, and one for the chosen vector. A line stands at the step that is shown; a
/// click or a drag goes to a step.
class CurvesView final : public View, private CellTable {
    Q_OBJECT

public:
    CurvesView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void gather() override;
    CellTable* cellsShown() override { return this; }
    bool tipsOnCells() const override { return false; }
    void mousePressEvent(QMouseEvent* event) override { mouseMoveEvent(event); }
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Series {
        int run = 0; ///< of the lab; its number gives the colour
        Index element = 0;
        QString name;
        analysis::Course course;
    };
    struct Panel {
        std::string path;
        QString quantity;
        std::vector<Series> series;
        bool isDifference = false;
    };
    struct Line { ///< as it is drawn
        QString name;
        Mark mark;
        std::vector<double> x, y, raw; ///< raw: behind the smoothed one; empty: the same
    };

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    const Series& seriesAt(int row, const Panel** of) const;
    std::vector<Panel> panelsFor() const;
    std::vector<Series> seriesOf(const std::string& path, Index elements) const;
    std::vector<Line> linesOf(const Panel& panel, const Style& style) const;
    std::vector<QRectF> placesIn(const QRectF& body, const Style& style) const;
    PlotFrame frameOf(
        const Panel& panel, const std::vector<Line>& lines, const QRectF& place, const Style& style) const;
    double headingHeight(double width, const Style& style) const;
    void drawPanel(QPainter& painter, const Panel& panel, const QRectF& place, const Style& style) const;
    void drawReading(QPainter& painter, const Panel& panel, const std::vector<Line>& lines,
        const QRectF& place, const Style& style) const;
    double shownX() const;
    double xOf(double step) const;

    std::vector<Panel> panels_;
    int row_ = 0; // where the keyboard stands
    double hover_; // a step under the mouse; NaN: none
};

}
