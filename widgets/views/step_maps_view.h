// One map at several steps side by side: what attention was before and after it learned. It computes nothing
// and makes no steps.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/color_bar.h"
#include "widgets/views/panel_grid.h"
#include "widgets/views/view.h"

namespace fovea {

/// The selected attention map or matrix, else the attention of the lowest layer, of the run that is shown and
/// below it of the one it is compared with: at all recorded steps, or at so many of them that can be told
/// apart, the first and the last among them. All on one scale. A click goes to the step.
class StepMapsView final : public View, private CellTable {
    Q_OBJECT

public:
    StepMapsView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;
    CellTable* cellsShown() override { return this; }

private:
    struct Panel {
        std::size_t position = 0; ///< of the step in the shown run's trace
        Index step = 0;
        RecordPtr record; ///< nullptr: not kept, or another shape
    };
    struct Row {
        QString name, difference; ///< of the run: "A", " (layers 1)"; empty: there is one alone
        std::vector<Panel> panels;
    };

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override { return rows_[static_cast<std::size_t>(row)].name; }
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    const Panel& panelAt(QPoint cell) const;
    Tensor mapOf(const Record& record) const;
    std::string chosenPath() const;
    ValueScale scale() const;
    PanelGrid gridIn(const QRectF& body, const ValueScale& scale, const Style& style) const;

    std::vector<Row> rows_;
    std::string path_;
};

}
