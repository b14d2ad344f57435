// Views of what interventions did: classes before and after, and the sweep over all heads.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/value_scale.h"
#include "widgets/views/view.h"

class QPushButton;

namespace fovea {

/// The five most probable classes, before and after the edits, with differences and KL.
class ClassesView final : public View {
    Q_OBJECT

public:
    ClassesView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool drawsEdited() const override { return false; } // both runs, side by side
    QSize sizeHint() const override { return {232, 216}; }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QString missing() const override;
    void moveBy(int, int) override { }

private:
    struct Row {
        int index;
        QString label;
        double before, after, logitDifference; ///< probabilities; difference of the logits
    };
    std::vector<Row> rows() const;
};

/// Layers by heads: the change of the most probable class's logit when that head alone is off.
class SweepView final : public View {
    Q_OBJECT

public:
    SweepView(Session& session, QWidget* parent);

    std::vector<Record> data() const override;
    QString caption() const override;
    bool drawsEdited() const override { return false; } // the sweep starts from the unedited run

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QString missing() const override;
    std::vector<EditTarget> targetsAt(QPointF point) const override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    ValueScale scale() const;
    QRectF mapRect(const QRectF& body, const Style& style) const;
    std::pair<int, int> headAt(QPointF point) const;
    void placeButton();

    QPushButton* start_;
};

}
