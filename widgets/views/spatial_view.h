// A view of values over the picture: hover is the query (or key), a click pins it, a chip shows the pin.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/token_map.h"
#include "widgets/views/view.h"

class QLabel;
class QToolButton;

namespace fovea {

class SpatialView : public View, private CellTable {
    Q_OBJECT

public:
    SpatialView(const QString& id, const QString& title, Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString caption() const override;
    QStringList badges() const override;
    /// Where a token of the anchor's layout lies in the widget.
    QPointF pointOf(const TokenLayout& tokens, int token) const;

protected:
    /// What is drawn now, without the picture.
    virtual TokenMap map() const = 0;
    /// What the mouse does here, told where the pin's chip will be; one view of a window is enough.
    void setHint(const QString& text);

    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;
    CellTable* cellsShown() override { return this; }
    /// Moves the anchor; with Shift the other end moves among the cells.
    void moveBy(int columns, int rows) override;
    std::vector<EditTarget> targetsAt(QPointF point) const override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool tipsOnCells() const override { return false; }
    void resizeEvent(QResizeEvent* event) override;

private:
    QSize cells() const override { return TokenCells{map().tokens}.size(); }
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    TokenMapPlaces placesOf(const TokenMap& map) const
    {
        return TokenMapPlaces::within(body(), map, screenStyle());
    }
    TokenMap whole() const;
    std::optional<Spot> spotAt(QPointF point) const;
    void placeChip();
    void placeHint();

    mutable QImage picture_; // of the slot's input; null: not made yet
    QToolButton* chip_;
    QLabel* hint_;
    bool hintHasRoom_ = false;
};

/// The row of a query or the column of a key, of the chosen layer and head.
class OverlayView final : public SpatialView {
    Q_OBJECT

public:
    OverlayView(Session& session, QWidget* parent);
    std::vector<Record> data() const override;
    QStringList badges() const override;

protected:
    TokenMap map() const override;
};

}
