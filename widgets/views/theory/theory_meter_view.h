// How exact a lab's theory is for the run that is shown: its conditions with their numbers and bounds, and
// how far its law is off at the shown step. It knows no lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/theory/theory_watch.h"
#include "widgets/views/view.h"

namespace fovea {

/// A row for each condition: whether it holds, in a word and a colour; its name; its number beside the bound,
/// and a dot that lies as many decades off the bound as the number does. Above, each Scalar `law_error`.
class TheoryMeterView final : public View, private CellTable {
    Q_OBJECT

public:
    TheoryMeterView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QString missing() const override;
    bool isReady() const override { return !watch_->isRunning(); }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    CellTable* cellsShown() override { return this; }

private:
    enum Column { Verdict, Name, Value, Bound, ColumnCount };
    struct Places {
        QRectF head, table;
        double pitch = 0;
        double left[ColumnCount + 1] = {}; ///< of the columns; the last: of the dots
        double right = 0;
    };

    QSize cells() const override;
    QPoint current() const override { return cursor_; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    const std::vector<analysis::TheoryCondition>& conditions() const { return watch_->theory().conditions; }
    QString textOf(const analysis::TheoryCondition& condition, int column) const;
    std::vector<RecordPtr> errors() const;
    QStringList headLines() const;
    Places placesIn(const QRectF& body, const Style& style) const;
    void drawDot(QPainter& painter, const analysis::TheoryCondition& condition, const QRectF& room,
        const Style& style) const;

    TheoryWatch* watch_;
    QPoint cursor_{0, 0};
};

}
