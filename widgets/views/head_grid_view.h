// Layers by heads: a thumbnail of the chosen token's map for each head, or of whole matrices.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"
#include "widgets/views/view.h"

#include <QImage>

namespace fovea {

class HeadGridView final : public View {
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
    QString tipAt(QPointF point) const override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Places {
        QRectF cells; ///< all thumbnails
        QSizeF step; ///< from one to the next
        double gap = 0;
        QRectF bar;
        bool across = false; ///< layers stand side by side, heads below one another
        QRectF of(int layer, int head) const;
        std::pair<int, int> at(QPointF point) const; ///< layer and head, perhaps of none
    };
    Places places(const QRectF& body, const ValueScale& widest, const Style& style) const;
    /// One scale per layer, by the display's mode.
    std::vector<ValueScale> scales(const std::vector<std::vector<std::vector<float>>>& lines) const;
    std::vector<std::vector<std::vector<float>>> lines() const;
    QImage thumbnail(int layer, int head, const std::vector<float>& line, const ValueScale& scale) const;
    const QImage& matrix(int layer, int head, const ValueScale& scale) const;
    void drawLabels(QPainter& painter, const Places& at, const std::vector<ValueScale>& scales,
        const QRectF& body, const Style& style) const;
    /// A cross over every head that an edit aims at.
    void markEdited(QPainter& painter, const Places& at, const Style& style) const;
    std::pair<int, int> headAt(QPointF point) const;
    double aspect() const; ///< height of a thumbnail over its width
    bool isDimmed(int layer, int head) const;

    mutable std::vector<QImage> matrices_; // of whole patterns, by layer * most heads + head
};

}
