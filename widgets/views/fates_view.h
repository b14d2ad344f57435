// The base of views of tokens that a model drops: the fates in the run that is shown, and the patch that is
// pointed at. What is drawn of them is the view's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/panel_grid.h"

#include "core/analysis/token_fates.h"

#include <QImage>

namespace fovea {

class FatesView : public ComputedView, protected CellTable {
    Q_OBJECT

public:
    FatesView(const QString& id, const QString& title, Session& session, QWidget* parent);

    QString caption() const override;
    QString missing() const override;
    std::vector<Record> data() const override;

protected:
    const analysis::TokenFates& fates() const { return *fates_; }
    bool hasFates() const { return fates_.has_value(); }
    const TokenLayout& layout() const { return *fates_->layout; }
    int groups() const { return fates_ ? fates_->groupCount() : 0; }
    std::optional<double> threshold(int group) const;
    const QImage& picture() const;
    double aspect() const;

    /// Whether what is shown is the run of the edits that there are: while a newer one is under way nothing
    /// is measured.
    bool isSettled() const;
    /// The token that is pointed at, pinned or not; -1: none.
    int token() const;
    /// The group that is chosen: that of the selected record, else the first.
    int chosenGroup() const;
    void choose(int group);
    /// "group 1"
    QString groupName(int group) const;
    /// "group 1: 38 of 64 patches (59 %)"; short: "group 1: 38 of 64"
    QString keptText(int group, bool isShort = false) const;
    /// That no patch is left behind some group; empty: there are some to the end.
    QString emptyText() const;
    /// "score 0.43, rank 30 of 38, 0.07 below the threshold: dropped"
    QString fateText(int group, int token) const;
    /// Whether a score is so near to the threshold that rounding may decide.
    bool isClose(int group, int token) const;

    /// The place of a token within a panel that shows the whole picture, and the token under a point of it.
    QRectF rectOf(int token, const QRectF& panel) const;
    int tokenAt(QPointF point, const QRectF& panel) const;
    void outline(
        QPainter& painter, int token, const QRectF& panel, const Style& style, bool isDashed = false) const;

    /// Which panel shows which group; -1: none.
    virtual int groupOfPanel(int panel) const { return panel; }
    virtual PanelGrid panels(const QRectF& body, const Style& style) const = 0;

    void renew() override;
    CellTable* cellsShown() override { return this; }
    /// Patches of all panels of groups, side by side.
    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    int panelOfGroup(int group) const;

    TracePtr trace_; // of the fates; not the session's while this view is hidden
    std::optional<analysis::TokenFates> fates_;
    mutable QImage picture_; ///< null: not made yet
};

}
