// What kinds of filters each layer has learned: the share of its channels that are low-pass, oriented,
// high-pass or none of these.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/filter_bank.h"

#include "core/analysis/filter_bands.h"

namespace fovea {

/// A lying bar for each layer, split by analysis::bandShares(). A click selects the layer's filter.
class FilterBandsView final : public ComputedView, private CellTable {
    Q_OBJECT

public:
    FilterBandsView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    CellTable* cellsShown() override { return this; }
    bool drawsEdited() const override;

private:
    using Shares = std::array<double, analysis::bandCount>;

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    QRectF barsIn(const QRectF& body, const Style& style) const;
    QRectF partOf(const QRectF& bars, QPoint cell) const;
    QString percent(QPoint cell, int decimals) const; ///< its share
    void drawLegend(QPainter& painter, const QRectF& line, const Style& style) const;

    FilterBank bank_; ///< sorted by bands
    std::vector<Shares> shares_; ///< by layer
    int column_ = 0; // where the keyboard stands
};

}
