// Learned filters, layers by channels: the magnitude of each over the frequency plane.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/filter_bank.h"
#include "widgets/views/head_grid_places.h"

#include <optional>

namespace fovea {

/// 24 channels a row, in an order, a row for each layer that has filters (Rao et al. 2021, the figure of
/// GFNet's filters); where there is room below, further rows of each layer. The page that holds the selected
/// channel is shown; the first where none is selected, and in a new order until another one is. A click
/// selects a filter: the other views show that one.
class FilterGridView final : public ComputedView, private CellTable {
    Q_OBJECT

public:
    static constexpr int mostColumns = 24;

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
    void moveBy(int columns, int rows) override;
    void mousePressEvent(QMouseEvent* event) override;
    QString tipAt(QPointF point) override;

private:
    QSize cells() const override;
    QPoint current() const override { return cellOf(pageShown()); }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    /// Which places of the orders are shown: of each layer so many rows of so many.
    struct Page {
        int columns = mostColumns, rows = 1;
        int first = 0; ///< the place that is shown first
        int count() const { return columns * rows; }
    };
    Page pageOf(int rows) const;
    /// As many rows of each layer as do not make the filters smaller.
    Page pageIn(const QRectF& body, const Style& style) const;
    Page pageShown() const { return pageIn(body(), screenStyle()); }
    /// The place that a cell is of; that of the cell may be of none.
    static int placeAt(const Page& page, QPoint cell)
    {
        return page.first + cell.y() % page.rows * page.columns + cell.x();
    }
    QPoint cellOf(const Page& page) const; ///< of the selected filter; none on another page
    /// Whether the page is the one that holds the selected filter, not the first.
    bool isFollowed() const;
    void takeOrder(const std::string& order);
    void choose(int layer, int place); ///< nothing where there is none
    void turnPage(int by);
    int pageLinkAt(QPointF point) const;
    QString layersText() const;
    QString pagesText() const;
    /// What the colours of a layer's filters mean, by the display's mode.
    ValueScale scaleOf(const Page& page, int layer, const ValueRange& map) const;
    ValueScale barScale(const Page& page) const;
    ValueScale widestBar(const Page& page) const;
    HeadGridShape shape(const Page& page) const;
    HeadGridPlaces placesIn(const QRectF& body, const Page& page, const Style& style) const;
    /// Behind a layer's last in the page.
    int endPlace(const Page& page, int layer) const;
    int chosenLayer() const;
    bool isStored() const { return order_ == "stored"; }
    /// The channel at a place of a layer's order, and the place of the selected one.
    int channelAt(int layer, int place) const;
    int placeOf(int layer) const;

    struct Drawn {
        Page page;
        bool isScreen = false;
    };
    mutable Drawn drawn_; ///< last: the caption below it says which channels these are
    FilterBank bank_; ///< in the order that is shown
    std::string order_; ///< that it is in; empty at first
    FilterBank asked_; ///< what is being put in an order, or was last
    std::string askedOrder_;
    std::optional<Selection> left_; ///< what was selected when the order changed: it is not gone to
};

}
