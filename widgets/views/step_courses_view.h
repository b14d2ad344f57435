// The elements of vectors over the steps of a run as curves, each in the colour of a number that belongs to
// it: attention logits of a class's tokens by how probable they are, say.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/views/family_view.h"

namespace fovea {

/// A panel for each signal of one name, a curve for each element. The display says which signals, by the last
/// part of their paths, and which vector beside them gives the colours.
class StepCoursesView final : public FamilyView {
    Q_OBJECT

public:
    StepCoursesView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;

protected:
    VectorFamily familyIn(const StepRecords& step) const override;
    bool usesList() const override { return false; }
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

private:
    struct Sheet {
        ValueScale colors;
        std::vector<PlotFrame> frames;
    };
    Sheet sheetIn(const QRectF& body, const Style& style) const;
    /// What colours the elements of a panel; nullptr: nothing.
    RecordPtr colorsOf(const Panel& panel) const;
    void drawPanel(QPainter& painter, const Panel& panel, const PlotFrame& frame, const ValueScale& colors,
        const Style& style) const;
    std::vector<std::size_t> drawnSteps(const Panel& panel, double width) const;
    StepPtr recordedUpTo(const Panel& panel, std::size_t position, Index before) const;
};

}
