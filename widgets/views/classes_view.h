// The answer of a classifier, before and after the edits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/view.h"

namespace fovea {

/// The five most probable classes, before and after the edits, with differences and KL.
class ClassesView final : public View {
    Q_OBJECT

public:
    ClassesView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool drawsEdited() const override { return false; } // both runs, side by side
    QSize sizeHint() const override { return {232, 216}; }
    QString spokenText() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QString missing() const override;
    void moveBy(int, int) override { }

private:
    struct Row {
        int index;
        QString label;
        double before, after, logitDifference; ///< probabilities; difference of the logits
        QString text(bool isEdited) const;
    };
    std::vector<Row> rows() const;
};

}
