// Deletion and insertion as curves: what the class's probability does while patches go or come in a method's
// order, beside the baselines and the range of random orders. Means over pictures are the measured view's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/asked_view.h"
#include "widgets/views/known_sanity.h"

namespace fovea {

/// Of the method in Display::removalMethod, computed when somebody asks; forgotten when the run or an option
/// changes.
class RemovalCurvesView final : public AskedView {
    Q_OBJECT

public:
    RemovalCurvesView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QJsonObject measured() const override;
    QString caption() const override;
    QStringList badges() const override;
    void compute() override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    QString missing() const override;
    bool isIncomplete() const override
    {
        return session().slot().weights && session().slot().trace() && !comparison_;
    }
    QString buttonText() const override { return tr("Remove patches"); }

private:
    struct Asked {
        TracePtr trace;
        std::string className, method;
        Config options;
        bool operator==(const Asked&) const = default;
    };

    /// A column for each panel, a row for each curve.
    QSize cells() const override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override { return titleOf(column == 0); }
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    Asked asked() const;
    static QString titleOf(bool isDeletion);
    const analysis::RemovalCurve& curve(int row, bool isDeletion) const;
    Mark markOf(int row, const Style& style) const;
    QRectF placeOf(bool isDeletion, const QRectF& body) const;
    double headingHeight(const Style& style) const;
    QRectF keyOf(int row, const QRectF& place, const Style& style) const;
    void drawKey(QPainter& painter, int row, bool isDeletion, const QRectF& place, const Style& style) const;
    void drawPanel(QPainter& painter, bool isDeletion, const QRectF& place, const Style& style) const;
    void drawRange(QPainter& painter, bool isDeletion, const PlotFrame& frame, const Style& style) const;

    Asked asked_; ///< of comparison_, or of what is being computed
    ComparisonPtr comparison_; ///< the method, then the baselines
};

}
