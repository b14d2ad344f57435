// The scores by which groups keep patches: a row for each group, the score itself and what each head of the
// interpreter says.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/color_bar.h"
#include "widgets/views/fates_view.h"
#include "widgets/views/token_map.h"

namespace fovea {

class TokenScoresView final : public FatesView {
    Q_OBJECT

public:
    TokenScoresView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    int groupOfPanel(int panel) const override { return panel / columns(); }
    PanelGrid panels(const QRectF& body, const Style& style) const override;
    QString cellText(QPoint cell) const override;

private:
    /// The Heads record [head, token, 1] beside a group's Keep record; nullptr where there is none.
    RecordPtr perHead(int group) const;
    int heads() const;
    int columns() const { return 1 + heads(); }
    /// Of a group, by a head; -1: their mean, which is the score.
    TokenValues valuesOf(int group, int head) const;
    ValueScale scale() const;
    ColorBarRoom barRoom(const QRectF& body, const Style& style) const;
};

}
