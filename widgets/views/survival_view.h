// In which group each patch is dropped, over the picture.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/fates_view.h"
#include "widgets/views/token_map.h"

namespace fovea {

class SurvivalView final : public FatesView {
    Q_OBJECT

public:
    SurvivalView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    /// One panel for all groups.
    int groupOfPanel(int) const override { return chosenGroup(); }
    PanelGrid panels(const QRectF& body, const Style& style) const override;
    QString cellText(QPoint cell) const override;

private:
    TokenMap map() const;
};

}
