// Layers by heads: a thumbnail of the chosen token's map for each head, or of whole matrices.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/head_grid_content.h"
#include "widgets/views/head_grid_places.h"
#include "widgets/views/view.h"

namespace fovea {

class HeadGridView final : public View, private CellTable {
    Q_OBJECT

public:
    HeadGridView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override { matrices_.clear(); }
    std::vector<EditTarget> targetsAt(QPointF point) const override;
    CellTable* cellsShown() override { return this; }
    void mousePressEvent(QMouseEvent* event) override;
    QString tipAt(QPointF point) override;

private:
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    HeadGridShape shape() const;
    HeadGridPlaces places() const;
    HeadGridContent content() const;
    std::pair<int, int> headAt(QPointF point) const;
    Selection at(int layer, int head) const;
    bool isDimmed(int layer, int head) const;
    bool isEdited(int layer, int head) const;

    mutable std::vector<QImage> matrices_; // kept for HeadGridContent
    mutable int group_ = 0; // that they are of
};

}
