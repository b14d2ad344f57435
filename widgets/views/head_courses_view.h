// Every head over the steps of a run, as a strip: how sharp it looks, how far, how much at special tokens.
// The statistics are in the trace; it computes none.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/plots/value_scale.h"
#include "widgets/views/view.h"

#include "core/analysis/course.h"

namespace fovea {

/// A row for each head, layers from the top; across, the steps. A click chooses head and step.
class HeadCoursesView final : public View, private CellTable {
    Q_OBJECT

public:
    HeadCoursesView(Session& session, QWidget* parent);

    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void gather() override;
    CellTable* cellsShown() override { return this; }
    void mousePressEvent(QMouseEvent* event) override { mouseMoveEvent(event); }
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    struct Row {
        int layer = 0, head = 0;
        int number = 0; ///< layerNumber() of the layer
        analysis::Course course;
    };

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    std::vector<Row> rowsFor() const;
    int field() const; ///< of the statistics
    Index lastStep() const;
    QString quantity() const;
    ValueScale scale() const;
    PlotFrame frameIn(const QRectF& body, const ValueScale& scale, const Style& style) const;
    Tensor strip(Index columns) const;

    std::vector<Row> rows_;
    int shownField_ = -1;
};

}
