// The sweep over all heads: what the answer loses without each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"
#include "widgets/views/view.h"

class QPushButton;

namespace fovea {

/// Layers by heads: the change of the most probable class's logit when that head alone is off.
class SweepView final : public View, private CellTable {
    Q_OBJECT

public:
    SweepView(Session& session, QWidget* parent);

    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    void compute() override { session().startSweep(); }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QString missing() const override;
    CellTable* cellsShown() override { return this; }
    std::vector<EditTarget> targetsAt(QPointF point) const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override { return tr("head %1").arg(column); }
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override { return lattice(body(), screenStyle()).rectOf(cell); }
    QPoint cellAt(QPointF point) const override;

    /// layerNumber() of a row.
    int numberOf(int row) const;
    ValueScale scale() const;
    CellLattice lattice(const QRectF& body, const Style& style) const;
    void placeButton();

    QPushButton* start_;
};

}
