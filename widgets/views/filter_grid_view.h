// Learned filters, layers by channels: the magnitude of each over the frequency plane.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/filter_bank.h"
#include "widgets/views/head_grid_places.h"

namespace fovea {

/// The 24 places of an order of channels that hold the selected one, a row for each layer that has filters
/// (Rao et al. 2021, the figure of GFNet's filters). A click selects a filter: the other views show that one.
class FilterGridView final : public ComputedView, private CellTable {
    Q_OBJECT

public:
    static constexpr int columns = 24;

    FilterGridView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString missing() const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    CellTable* cellsShown() override { return this; }
    bool drawsEdited() const override;

private:
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    /// What the colours of a layer's filters mean, by the display's mode.
    ValueScale scaleOf(int layer, const ValueRange& map) const;
    ValueScale barScale() const;
    ValueScale widestBar() const;
    HeadGridShape shape() const;
    HeadGridPlaces placesIn(const QRectF& body, const Style& style) const;
    /// Of the first column.
    int firstChannel() const;
    /// Behind a layer's last in the page.
    int endChannel(int layer) const;
    int chosenLayer() const;
    bool isStored() const { return order_ == "stored"; }
    /// The channel at a place of a layer's order, and the place of the selected one.
    int channelAt(int layer, int place) const;
    int placeOf(int layer) const;

    FilterBank bank_; ///< in the order that is shown
    std::string order_ = "stored";
    FilterBank asked_; ///< what is being put in an order, or was last
    std::string askedOrder_;
};

}
