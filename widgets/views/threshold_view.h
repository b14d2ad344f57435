// The threshold above which patches are kept, to be moved: the model runs again, and stands beside itself
// with all patches.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/fates_view.h"

#include "core/analysis/token_cost.h"

class QDoubleSpinBox;
class QSlider;
class QTimer;

namespace fovea {

/// Moving the slider makes the edit `stages.*.keep=threshold:X`; at the model's own threshold there is none.
/// Rows: the share each group keeps, multiply-accumulates, milliseconds, the most probable classes' logits;
/// columns: all patches, now, and now over all (or the difference).
class ThresholdView final : public FatesView {
    Q_OBJECT

public:
    ThresholdView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString missing() const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    void compute() override { measure(); }
    bool isReady() const override { return FatesView::isReady() && !later_; }

    /// As the slider does it; within a drag the undo entries merge.
    void setThreshold(double value, bool isDrag);
    const std::optional<analysis::TokenCost>& cost() const { return cost_; }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    PanelGrid panels(const QRectF&, const Style&) const override { return {}; }
    QSize cells() const override;
    QPoint current() const override { return holds(cursor_) ? cursor_ : none; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;
    void mouseMoveEvent(QMouseEvent* event) override { View::mouseMoveEvent(event); }
    void mousePressEvent(QMouseEvent* event) override { View::mousePressEvent(event); }
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Row {
        QString name;
        QString columns[3]; ///< all patches, now, beside one another
    };
    std::vector<Row> rows() const;
    void addCosts(std::vector<Row>& all) const;
    void addLogits(std::vector<Row>& all) const;
    void measureSoon();
    void measure();
    void placeBar();
    QRectF tableIn(const QRectF& body, const Style& style) const;

    std::optional<analysis::TokenCost> cost_;
    TracePtr measured_; ///< what `cost_` is of
    QPoint cursor_{0, 0};
    bool later_ = false; ///< a measurement is due
    QTimer* timer_;
    QWidget* bar_;
    QSlider* slider_;
    QDoubleSpinBox* number_;
};

}
