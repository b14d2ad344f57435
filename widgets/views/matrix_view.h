// The whole attention matrix of the chosen map, with what each key receives above and each query's entropy
// at the right.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"
#include "widgets/views/view.h"

#include <QImage>

namespace fovea {

class MatrixView final : public View {
    Q_OBJECT

public:
    MatrixView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override { made_ = Made(); }
    std::vector<EditTarget> targetsAt(QPointF point) const override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    /// What is derived from one map, kept until another is chosen.
    struct Made {
        int layer = -1, head = -1, group = -1;
        int reading = -1;
        Tensor map; ///< [query, key]
        QImage image;
        ValueScale scale;
        std::vector<double> received; ///< per key: mean over the queries
        std::vector<double> entropy; ///< per query, over the logarithm of the keys
        double mostReceived = 0;
    };
    struct Places {
        QRectF map, top, right, bar;
    };
    const Made& made() const;
    Places places(const QRectF& body, const Style& style) const;
    std::optional<Cell> cellAt(QPointF point) const;
    void drawMargins(QPainter& painter, const Places& at, const Style& style) const;
    void drawCross(QPainter& painter, const Places& at, const Style& style) const;

    mutable Made made_;
};

}
