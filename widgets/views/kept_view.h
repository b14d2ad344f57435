// Which patches each group of blocks keeps: the picture once for each group, what was dropped dimmed or
// white.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/fates_view.h"

namespace fovea {

/// `picture` with the patches that a group does not keep dimmed, or white as in the paper's figures.
QImage keptPicture(const QImage& picture, const analysis::TokenFates& fates, int group, bool isWhite);

class KeptView final : public FatesView {
    Q_OBJECT

public:
    KeptView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    /// The first panel is the picture itself.
    int groupOfPanel(int panel) const override { return panel - 1; }
    PanelGrid panels(const QRectF& body, const Style& style) const override;

private:
    const QImage& imageOf(int panel) const;

    mutable std::vector<QImage> images_; // by panel
};

}
