// The whole attention matrix of the chosen map, with what each key receives above and each query's entropy
// at the right.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/matrix_plot.h"
#include "widgets/views/view.h"

namespace fovea {

class MatrixView final : public View, private CellTable {
    Q_OBJECT

public:
    MatrixView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;
    std::vector<EditTarget> targetsAt(QPointF point) const override;
    CellTable* cellsShown() override { return this; }
    bool tipsOnCells() const override { return false; }
    void showEvent(QShowEvent* event) override;

private:
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override { return shown().columnNames[column]; }
    QString rowName(int row) const override { return shown().rowNames[row]; }
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    /// The map that the plot holds.
    struct Held {
        int layer = -1, head = -1, group = -1;
        HeadReading reading = HeadReading::One;
        bool operator==(const Held&) const = default;
    };
    void sync() const;
    MatrixContent content() const;
    const MatrixContent& shown() const;
    void mark() const;
    Cell cellOf(int row, int column) const;
    void hover(int row, int column);
    void pin(int row, int column);

    MatrixPlot* plot_;
    mutable Held held_;
};

}
