// Cost against accuracy: what dropping tokens saves and loses over many pictures as the threshold moves,
// beside rivals that cost the same. The slider for one picture is the threshold view's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/asked_view.h"

#include "core/analysis/cost_accuracy.h"

namespace fovea {

/// A curve for each way to drop tokens, a point on it for each threshold, and the model that keeps all. Begun
/// when somebody asks; forgotten when the model, the pictures or the thresholds change. Which axes there are
/// is the display's choice.
class CostAccuracyView final : public AskedView {
    Q_OBJECT

public:
    CostAccuracyView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QJsonObject measured() const override;
    void recall(const QJsonObject& measured) override { recalled_ = measured; }
    QString caption() const override;
    QStringList badges() const override;
    bool drawsEdited() const override { return false; } // the model as it is, on other pictures
    void compute() override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    QString missing() const override;
    bool isIncomplete() const override { return asked_.weights && unfit().isEmpty() && !compared_; }
    QString buttonText() const override { return tr("Compare costs"); }

private:
    struct Asked {
        WeightsPtr weights;
        StudyOptions study;
        std::string thresholds;
        int calibration = 0;
        bool operator==(const Asked&) const = default;
    };
    struct Curve {
        std::string series;
        std::vector<analysis::CostPoint> points; ///< of the thresholds in their order; of "all" one
    };
    struct Compared {
        std::vector<double> thresholds;
        std::vector<Curve> curves; ///< the whole model first
        int threads = 1; ///< of the passes that were timed
    };
    using ComparedPtr = std::shared_ptr<const Compared>;
    struct KeyPlace {
        QRectF mark, name;
    };

    /// A column for each threshold, a row for each curve.
    QSize cells() const override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override { return nameOf(curveAt(row).series); }
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    static QString nameOf(const std::string& series);
    static Compared compared(std::vector<double> thresholds, const std::vector<analysis::CostPoint>& points);
    /// The times of `measured` in place of its own. Throws Error naming the field that does not fit.
    static void takeTimes(Compared& compared, const QJsonObject& measured);
    /// Why this model has no such curve; empty: it has.
    QString unfit() const;
    QString settingText(const analysis::CostPoint& point) const;

    const Curve& curveAt(int row) const { return compared_->curves[static_cast<std::size_t>(row)]; }
    int rows() const { return static_cast<int>(compared_->curves.size()); }
    const analysis::CostPoint& whole() const { return compared_->curves.front().points.front(); }
    const analysis::CostPoint& pointAt(QPoint cell) const;
    bool isTime() const { return session().display().cost.x == "milliseconds"; }
    bool isAccuracy() const { return session().display().cost.y == "accuracy"; }
    double costUnit() const; ///< multiply-accumulates of one unit of the axis
    double costOf(const analysis::CostPoint& point) const;
    analysis::Estimate worthOf(const analysis::CostPoint& point) const;
    QPointF placeOf(const analysis::CostPoint& point, const PlotFrame& frame) const;

    AxisSpec costAxis() const;
    AxisSpec worthAxis() const;
    std::vector<KeyPlace> key(const QRectF& body, const Style& style) const;
    double keyHeight(const QRectF& body, const Style& style) const;
    PlotFrame frame(const QRectF& body, const Style& style) const;
    void drawCurve(QPainter& painter, int row, const PlotFrame& frame, const Style& style) const;

    Asked asked_; ///< of what is shown, or is being computed
    QJsonObject recalled_; ///< as a recipe kept them
    ComparedPtr compared_;
};

}
