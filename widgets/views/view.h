// The base of everything that shows records: one drawing for the screen and for figures, the numbers behind
// it, keyboard and accessible text. It chooses nothing: the Session says what is selected.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/session/session.h"
#include "widgets/views/cell_table.h"
#include "widgets/views/edit_targets.h"

#include <QJsonObject>
#include <QRectF>
#include <QWidget>

#include <vector>

class QPainter;

namespace fovea {

class View : public QWidget {
    Q_OBJECT

public:
    View(const QString& id, const QString& title, Session& session, QWidget* parent);

    const QString& id() const { return id_; }
    const QString& title() const { return title_; }

    /// Draws the whole view into a rectangle: the same on the screen and in a figure.
    void paint(QPainter& painter, const QRectF& rect, const Style& style) const;
    /// The height that suits a width, in the units of the style.
    virtual double heightFor(double width, const Style& style) const;
    /// Why there is nothing to draw; empty: there is.
    virtual QString missing() const;
    /// The numbers that are drawn, each under a name (the path), as export writes them.
    virtual std::vector<Record> data() const = 0;
    /// Numbers that were measured before and stand beside the others: a recipe keeps them.
    virtual QJsonObject measured() const { return {}; }
    /// What measured() gave when a recipe was made: what is computed from now on shows these numbers again.
    virtual void recall(const QJsonObject&) { }
    /// What is shown, in one line: "layer 6, head 3, query (7,4)".
    virtual QString caption() const = 0;
    /// What the view shows, with its formula, as a tooltip: whatsThis() in lines that wrap.
    QString explanation() const;
    /// What was done to the numbers: "special tokens hidden, rows renormalised".
    virtual QStringList badges() const { return {}; } // asked only when there is something to show
    /// Whether what is drawn comes from the edited run: then a badge says so.
    virtual bool drawsEdited() const { return session_.slot().edited != nullptr; }
    /// Takes in what changed while it was behind another tab. A paint event asks for it; callers of paint()
    /// do before.
    void bringUpToDate();
    /// Starts what is computed only when somebody asks for it, as a figure does.
    virtual void compute() { }
    /// False while a background computation for this view goes on.
    virtual bool isReady() const { return true; }
    /// What keyboard and screen reader walk through; nullptr when it has no cells or nothing is shown.
    CellTable* cellTable() { return missing().isEmpty() ? cellsShown() : nullptr; }
    /// What is shown and what was done to it, or why there is nothing: for a screen reader.
    virtual QString spokenText() const;

    QSize sizeHint() const override { return {480, 400}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

protected:
    /// Draws into what the caption leaves. Only called when missing() is empty.
    virtual void draw(QPainter& painter, const QRectF& body, const Style& style) const = 0;
    /// Records or display settings changed: forget what was derived from them.
    virtual void renew() { }
    /// renew(), the canvas, the accessible text, and a repaint; behind another tab once it is seen.
    void refresh();
    /// The run that is shown grew: take in the steps that are new. See followSteps().
    virtual void gather() { }
    /// For a constructor: from now on gather() and a repaint where there are more steps, refresh() where runs
    /// come and go; behind another tab once it is seen.
    void followSteps();
    /// Behind another tab: true, and renew() comes when it is seen.
    bool waitsToBeSeen();
    /// The selection changed. The default repaints.
    virtual void reselect() { update(); }
    /// What to say of the place under a resting mouse. The default tells its cell, and beside the caption
    /// what the view shows.
    virtual QString tipAt(QPointF point);
    /// What an edit can be aimed at under the mouse.
    virtual std::vector<EditTarget> targetsAt(QPointF) const { return {}; }
    virtual CellTable* cellsShown() { return nullptr; }
    /// `none` between cells and where nothing is shown.
    QPoint cellUnder(QPointF point);
    /// False where what is under the mouse is told as it moves: a tip would lie over it.
    virtual bool tipsOnCells() const { return true; }
    /// The arrow keys. The default moves the cursor among the cells.
    virtual void moveBy(int columns, int rows) { moveCursor(columns, rows); }
    /// The arrow keys with Shift.
    void moveCursor(int columns, int rows);
    /// Tells a screen reader where the cursor is now, when this view has the keyboard.
    void announce();

    /// On the screen this widget stands where draw() draws in a figure: a plot with zoom of its own.
    void setCanvas(QWidget* canvas);

    Session& session() const { return session_; }
    Style screenStyle() const;
    /// What bodyOf() takes from the height of a rectangle of that width.
    double frameHeight(double width, const Style& style) const;
    /// Where draw() draws on the screen.
    QRectF body() const { return bodyOf(QRectF(rect()), screenStyle()); }

    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    /// Goes to the cell under the mouse.
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    bool isBehind() const;
    void renewNow();
    /// badges(), and that the run was edited.
    QStringList allBadges() const;
    /// caption() with the longest name that the selected token could have.
    QString longestCaption() const;
    /// Caption and badges: beside one another, or below one another in lines that hold them whole.
    struct Footer {
        QStringList lines;
        QString beside; ///< at the right end of the first line
        int badgeLine = 1; ///< the first line of badges
    };
    /// With the lines that longestCaption() needs: their number must not change while the mouse moves.
    Footer footerFor(double width, const Style& style) const;
    QRectF bodyOf(const QRectF& rect, const Style& style) const;
    void paintMissing(QPainter& painter, const QRectF& rect, const Style& style) const;
    void paintFooter(QPainter& painter, const QRectF& rect, const Style& style) const;

    QString id_, title_;
    Session& session_;
    QWidget* canvas_ = nullptr;
    bool isStale_ = false; // something changed while it was behind another tab
    bool isMoved_ = false; // the selection did
    QPoint told_ = CellTable::none; // the cell that was announced last
};

}
