// Views of one record, chosen by its Kind: what the trace tree opens. No view knows a plugin.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/plots/value_scale.h"
#include "widgets/views/named_bars.h"
#include "widgets/views/spatial_view.h"

namespace fovea {

/// Whose record: of the run that is shown, of the one it is compared with, or what lies between.
enum class RecordSide { Shown, Other, Difference };

/// Shows the record that the Session has selected. The arrow keys walk through its numbers.
class RecordView : public View, protected CellTable {
    Q_OBJECT

public:
    RecordView(Session& session, QWidget* parent);
    std::vector<Record> data() const override;
    QString caption() const override;
    QString missing() const override;
    void setSide(RecordSide side) { side_ = side; }

protected:
    void renew() override { cell_ = none; }
    void reselect() override;
    CellTable* cellsShown() override { return this; }
    void paintEvent(QPaintEvent* event) override;

    RecordPtr record() const;
    /// What a record's values are: its role, or its path.
    static QString quantityOf(const Record& record);
    /// Sequential for what is never negative, else diverging about zero. Its ends are this map's own.
    ValueScale scaleOf(const Tensor& values) const;

    /// A selected index, held within the extent of its axis.
    static Index within(int value, Index extent)
    {
        return std::clamp<Index>(value, 0, std::max<Index>(0, extent - 1));
    }
    /// The name of an axis, 1 being the last.
    QString axisName(std::size_t fromEnd) const;

    /// The numbers as rows and columns: the slice at the selected group, head or channel.
    virtual Tensor table() const;
    /// What stands at a row or a column: a token's name, a field's, or its number.
    QString rowMark(int row) const;
    QString columnMark(int column) const;
    /// Where a map and its axes lie beside a colour bar.
    PlotFrame mapFrame(
        const QRectF& rect, const Tensor& map, const ValueScale& scale, const Style& style) const;
    void paintSlice(QPainter& painter, const QRectF& rect, const Tensor& map, const ValueScale& scale,
        const Style& style) const;
    /// Where they are drawn as a lattice of that order; empty: they are drawn otherwise.
    virtual QRectF latticeArea() const { return {}; }

    QSize cells() const override;
    QPoint current() const override { return holds(cell_) ? cell_ : none; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

private:
    RecordSide side_ = RecordSide::Shown;
    QPoint cell_ = none;
    std::string shown_; // the record that it is of
};

/// Attention, Heads, Tokens, Matrix: rows and columns of the selected group and head. Grid: the selected
/// channel.
class HeatMapView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QRectF latticeArea() const override;
};

/// Filter: magnitude and phase of the selected channel, side by side.
class FilterView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    double heightFor(double width, const Style& style) const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QRectF latticeArea() const override;
    QString cellText(QPoint cell) const override;
};

/// Keep: scores over the picture, dropped tokens left dark.
class KeepView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QSize cells() const override { return TokenCells{record()->queries.get()}.size(); }
    QString cellText(QPoint cell) const override;
    // Places have no names of a table's rows and fields. NOLINTBEGIN(bugprone-parent-virtual-call)
    QString columnName(int column) const override { return CellTable::columnName(column); }
    QString rowName(int row) const override { return CellTable::rowName(row); }
    // NOLINTEND(bugprone-parent-virtual-call)
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

private:
    TokenMap map() const;
};

/// Points: the first two fields as a scatter.
class PointsView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Graph: nodes on a circle, edges as lines of their weight.
class GraphView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
};

/// Vector and Scalar: a line along the axis, or along the steps of the trace. Values with names, as the
/// scores of classes, are bars, the largest on top.
class LineView final : public RecordView {
    Q_OBJECT

public:
    using RecordView::RecordView;
    QStringList badges() const override;
    double heightFor(double width, const Style& style) const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    Tensor table() const override;
    QString columnName(int) const override { return tr("value"); }
    QString rowName(int row) const override;
    QRectF latticeArea() const override;

private:
    struct Course {
        std::vector<double> x, y;
        QString along;
    };
    Course course() const;
    /// The values by their names, the largest first; empty: they have none.
    std::vector<NamedValue> bars() const;
};

}
