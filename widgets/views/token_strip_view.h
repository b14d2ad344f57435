// A row for each of several pictures, a column for each group of blocks: what a model that drops patches
// finds worth keeping, as the papers show it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/panel_grid.h"

#include "core/analysis/token_fates.h"

#include <QImage>

class QToolButton;

namespace fovea {

/// The open picture and those of the display's `strip`; each runs in the background under the edits that are
/// made.
class TokenStripView final : public ComputedView, private CellTable {
    Q_OBJECT

public:
    TokenStripView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString missing() const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    CellTable* cellsShown() override { return this; }
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Row {
        QString name; ///< of the file
        QImage picture;
        analysis::TokenFates fates;
        std::vector<QImage> kept; ///< by group
        QString answer; ///< the most probable class
    };
    using Rows = std::vector<Row>;
    struct Asked {
        TracePtr trace;
        std::string pictures;
        bool operator==(const Asked&) const = default;
    };

    QSize cells() const override;
    QPoint current() const override { return holds(cursor_) ? cursor_ : none; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    static Row rowOf(const Slot& slot, const TracePtr& trace, const QImage& picture, const std::string& path);
    static Rows computed(
        const Slot& slot, const Services& services, const std::string& pictures, const Job::Context& context);
    void choosePictures();
    PanelGrid panels(const QRectF& body, const Style& style) const;

    Asked asked_;
    Rows rows_;
    QPoint cursor_{0, 0};
    QToolButton* button_;
};

}
