// Views of one record, chosen by its Kind: what the trace tree opens. No view knows a plugin.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/plots/value_scale.h"
#include "widgets/views/spatial_view.h"

namespace fovea {

/// Shows the record that the Session has selected.
class RecordView : public View {
    Q_OBJECT

public:
    RecordView(Session& session, QWidget* parent);
    std::vector<Record> data() const override;
    QString caption() const override;

protected:
    QString missing() const override;
    RecordPtr record() const { return session().record(session().selection().record); }
    /// Sequential for what is never negative, else diverging about zero. Its ends are this map's own.
    ValueScale scaleOf(const Tensor& values) const;
};

/// Attention, Heads, Tokens, Matrix: rows and columns of the selected group and head.
class HeatMapView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Grid: the selected channel as an image.
class ChannelView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Filter: magnitude and phase of the selected channel, side by side.
class FilterView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    double heightFor(double width, const Style& style) const override;
    QString caption() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Keep: scores over the picture, dropped tokens left dark.
class KeepView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Points: the first two fields as a scatter.
class PointsView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Graph: nodes on a circle, edges as lines of their weight.
class GraphView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Vector and Scalar: a line along the axis, or along the steps of the trace.
class LineView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

}
