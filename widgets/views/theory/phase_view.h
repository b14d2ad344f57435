// What a lab's theory says, over what its run shows: a panel for each signal that theory speaks of, and one
// for laws between signals. It knows the names of records (core/analysis/theory/theory.h) and no lab.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_frame.h"
#include "widgets/plots/value_scale.h"
#include "widgets/session/theory/theory_watch.h"
#include "widgets/views/view.h"

namespace fovea {

/// Over the steps: the signals X and *.X in the run's colour, theory.X in grey, from theory.X_low to
/// theory.X_high as a band; phases as upright lines. A signal P beside P_law: both over the first value of
/// P_law, against one another, so that a law that holds is the diagonal. Theory is dashed where a condition
/// of it fails, and the badges say which.
class PhaseView final : public View, private CellTable {
    Q_OBJECT

public:
    PhaseView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;
    bool isReady() const override { return !watch_->isRunning(); }
    /// Whether the run lies outside of what the theorems are about.
    bool isDashed() const { return watch_->changedAt() >= 0 || !watch_->theory().failing().empty(); }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void gather() override;
    CellTable* cellsShown() override { return this; }
    bool tipsOnCells() const override { return false; }
    void mousePressEvent(QMouseEvent* event) override { mouseMoveEvent(event); }
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    static constexpr std::size_t mostSeries = 12, mostLaws = 24;

    struct Series {
        int run = 0;
        Index element = 0;
        QString name; ///< "A[0]"
        analysis::Course course;
    };
    struct Panel {
        std::string quantity;
        QString title;
        std::vector<Series> series;
        std::size_t left = 0; ///< signals that are not drawn
    };
    /// An element of P over the first value of its law, and the law likewise.
    struct Law {
        Series found, law;
        analysis::Points points() const; ///< x: the law, y: found; at the steps that both have
        double offAt(Index step) const; ///< found - law, over the law's first value
    };
    struct Line { ///< as it is drawn
        QString name;
        Mark mark;
        std::vector<double> x, y;
    };
    struct Reading { ///< what a curve has at a step
        Mark mark; ///< how the curve looks; width 0: none is drawn
        QString text;
    };
    struct Row { ///< of the table that keys walk
        std::size_t panel = 0;
        QString name;
        const analysis::Course* course = nullptr;
        const analysis::TheoryCurve* curve = nullptr;
        const Law* law = nullptr;
    };

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;
    std::vector<Row> rows() const;

    void followSeries();
    std::vector<Panel> panelsFor(const StepRecords& first) const;
    std::vector<Law> lawsFor(const StepRecords& first);
    void nameLaws(const StepRecords& first);
    std::vector<int> shownRuns() const;
    const analysis::TheoryQuantity& theoryOf(const Panel& panel) const;
    QColor colorOf(int run, const Style& style) const;
    double shownStep() const;
    double xOf(double step) const;
    std::size_t panelCount() const { return panels_.size() + (laws_.empty() ? 0 : 1); }

    std::vector<QRectF> placesIn(const QRectF& body, const Style& style) const;
    double headingHeight(double width, const Style& style) const;
    std::vector<Reading> readingsOf(const Panel& panel, double step, const Style& style) const;
    std::vector<Line> foundLines(const Panel& panel, double columns, const Style& style) const;
    std::vector<Line> theoryLines(const Panel& panel, double columns, const Style& style) const;
    Mark theoryMark(const Style& style) const;
    /// Of a second curve, theory.X_star.
    static Mark starMark(const Style& style);
    /// As far as what is drawn, with a little air.
    static AxisSpec axisOf(const ValueRange& range, bool isLog);
    PlotFrame frameOf(const std::vector<Line>& lines, const QRectF& place, const Style& style) const;
    void drawHeading(QPainter& painter, const QString& title, const std::vector<Reading>& readings,
        const QRectF& place, const Style& style) const;
    void drawMarks(QPainter& painter, const PlotFrame& frame, const Style& style) const;
    void drawPanel(QPainter& painter, const Panel& panel, const QRectF& place, const Style& style) const;
    void drawLaws(QPainter& painter, const QRectF& place, const Style& style) const;

    TheoryWatch* watch_;
    std::vector<Panel> panels_;
    std::vector<Law> laws_;
    std::size_t lawsLeft_ = 0; ///< elements of each run that are not looked at
    QString lawTitle_, lawName_, foundName_; ///< "what Theorem 3 says of r", "r_law", "r"
    StepPtr isAsked_; // the first step that was looked through in vain
    int row_ = 0; // where the keyboard stands
    double hover_; // a step under the mouse; NaN: none
};

}
