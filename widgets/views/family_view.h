// The base of views of vector signals over steps: a panel for each signal of one name and run, an element and
// a step chosen in all of them. What is drawn of a panel is the view's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/vector_family.h"
#include "widgets/views/view.h"

namespace fovea {

/// Its cells: a row for each step, a column for each element of each panel, panel by panel. The chosen
/// element is the selection's channel, the chosen panel the one of the number in its record's path.
class FamilyView : public View, protected CellTable {
    Q_OBJECT

public:
    FamilyView(const QString& id, const QString& title, Session& session, QWidget* parent);

    QString missing() const override;
    QString caption() const override;
    QStringList badges() const override;
    std::vector<Record> data() const override;

protected:
    struct Panel {
        int run = -1; ///< of the lab; -1: of a trace
        int letter = -1; ///< the run's own number, which it keeps
        Index number = 0; ///< of the signal
        std::string path;
        QString title; ///< "A · class 0"
        RecordPtr last; ///< at the last recorded step
        std::vector<Index> columns; ///< the elements that are shown
        ElementExtents extents;
    };
    static constexpr std::size_t mostPanels = 6;

    /// The signals of which it shows some.
    virtual VectorFamily familyIn(const StepRecords& step) const;
    /// Whether a list of steps (the display's) takes the place of all.
    virtual bool usesList() const { return true; }

    void renew() override;
    void gather() override;
    CellTable* cellsShown() override { return this; }
    void reselect() override;
    void mousePressEvent(QMouseEvent* event) override { mouseMoveEvent(event); }
    void mouseMoveEvent(QMouseEvent* event) override;

    const std::vector<Panel>& panels() const { return panels_; }
    const VectorFamily& family() const { return family_; }
    /// The numbers of steps that stand in the display's list; empty: all recorded ones.
    const std::vector<Index>& listed() const { return listed_; }
    const StepList& stepsOf(const Panel& panel) const;
    /// At a step; where it was not recorded nothing, or with `orBefore` the last one before it, behind step
    /// `notBefore`.
    RecordPtr recordAt(const Panel& panel, Index number, bool orBefore = false, Index notBefore = -1) const;
    /// Number of the step that is shown; -1: none.
    Index shownStep() const;
    /// The step at which axes end: of a lab a round number, so that they stand still.
    Index lastStep() const;
    Index chosenNumber() const;
    Index chosenElement() const { return session().selection().channel; }
    bool isChosen(const Panel& panel) const;
    /// Of all panels: their recorded steps, or those that are listed.
    ValueRange range() const;
    ValueScale scaleOf(const QString& quantity, const std::string& unit, const ValueRange& range) const;
    QString quantity() const;
    /// How many panels a figure of that width has side by side.
    double panelsAcross(double width, const Style& style) const;

    QSize cells() const override;
    QPoint current() const override;
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;

    /// Panel and place in its columns of a cell; the cell of these.
    std::pair<std::size_t, std::size_t> placeOf(int column) const;
    int columnOf(std::size_t panel, std::size_t place) const;
    /// The rows of its cells, which step each is, and the one that is shown.
    virtual int rows() const;
    virtual Index stepOfRow(int row) const;
    virtual int currentRow() const;

private:
    void followPanels();
    void choosePanels();
    void chooseColumns();
    std::vector<int> runs() const;
    std::vector<Index> numbers() const;

    VectorFamily family_;
    std::vector<Panel> panels_;
    std::vector<Index> listed_;
    QString problem_; ///< with the display's lists
    std::string shownRecord_; ///< that was selected when the panels were chosen
};

}
