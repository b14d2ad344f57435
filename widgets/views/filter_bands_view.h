// What kinds of filters each layer has learned: the share of its channels that are low-pass, oriented,
// high-pass or none of these.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"
#include "widgets/views/filter_bank.h"
#include "widgets/views/view.h"

#include "core/analysis/filter_bands.h"

namespace fovea {

/// A lying bar for each layer, split by analysis::bandShares(), sorted in a Job. A click selects the layer's
/// filter.
class FilterBandsView final : public View, private CellTable {
    Q_OBJECT

public:
    FilterBandsView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;
    bool isReady() const override { return !job_->isRunning(); }

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
    void drawLegend(QPainter& painter, const QRectF& line, const Style& style) const;

    /// Of each weight; those that `known` has already are taken from there.
    struct Sorted {
        std::vector<RecordPtr> weights;
        std::vector<Shares> shares;
    };
    static Sorted sorted(std::vector<RecordPtr> weights, const Sorted& known, const Job::Context& context);

    Job* job_;
    FilterBank bank_;
    std::vector<RecordPtr> asked_; ///< the weights that are being sorted, or are
    Sorted sorted_;
    QString problem_;
    int column_ = 0; // where the keyboard stands
};

}
