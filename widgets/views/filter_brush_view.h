// The brush on the frequency plane of a filter: what is drawn on it becomes edits, and is shown as it
// happens.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/brush_logits.h"
#include "widgets/views/brush_pictures.h"
#include "widgets/views/brush_stroke.h"
#include "widgets/views/filter_bank.h"
#include "widgets/views/view.h"

#include <QTimer>

#include <array>

class QComboBox;
class QDoubleSpinBox;
class QToolButton;

namespace fovea {

/// The magnitude of the selected filter to brush on; its kernel and its filtered map before, after and their
/// difference; the most probable classes' logits beside what the same cut of random coefficients changes. A
/// press begins a stroke that takes the place of the last one that is there and was made since the layer, or
/// with that scope the channel, was shown, with Shift one more; Escape takes back the one under way. Space
/// puts the brush down and lifts it, arrows move it, Delete clears what was brushed. A stroke ends when
/// another filter is shown, and when the keyboard goes elsewhere.
class FilterBrushView final : public View, private CellTable {
    Q_OBJECT

public:
    FilterBrushView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString missing() const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    void compute() override { measure(); }
    bool isReady() const override
    {
        return !mapsJob_->isRunning() && !effectsJob_->isRunning() && !rest_->isActive();
    }

    const Brush& brush() const { return brush_; }
    void setBrush(const Brush& brush);
    const BrushEffects& effects() const { return effects_; }
    /// Where the plane is drawn.
    QRectF planeArea() const;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;
    bool drawsEdited() const override;
    CellTable* cellsShown() override { return this; }
    QString tipAt(QPointF point) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QSize cells() const override;
    QPoint current() const override { return cursor_; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    void buildBar();
    void showBar();
    void offerBlocks();
    void readBar();
    void editsChanged();
    BrushSubject selected() const; ///< what the selection means, of the bank as it was read
    void look(const BrushSubject& now);
    void preview(); ///< without waiting for a run
    void measure(); ///< maps and controls, in the background
    void measureMaps();
    void measureControls();
    void forgetControls(); ///< of other edits
    void putDown(QPoint cell, bool adds);
    void moveTo(QPoint cell);
    void lift();
    void cancelStroke();
    void clearStrokes();
    void apply();
    static int nextStroke();
    int lastStroke() const; ///< of this visit to the filter, of those that are there; 0: none is
    std::vector<Edit> editsOfStroke(int stroke) const;
    BrushTarget target() const;
    PlanePoint pointOf(QPoint cell) const { return pointAt(shows_.plane, cell.x(), cell.y()); }
    Index binOf(QPoint cell) const { return binAt(shows_.plane, cell.x(), cell.y()); }
    QRectF bodyBelowBar(const QRectF& body) const;
    std::array<QRectF, 8> panels(const QRectF& body, const Style& style) const;
    void drawPlane(QPainter& painter, const QRectF& rect, const Style& style) const;

    FilterBank bank_;
    int layer_ = -1;
    BrushSubject shows_;
    BrushPictures pictures_;
    Tensor mapBefore_, mapAfter_; ///< [y, x], filtered
    BrushEffects effects_;
    QString mapsProblem_, effectsProblem_; ///< why there are none
    Brush brush_;
    QPoint cursor_{0, 0};
    bool isDown_ = false;
    QPoint from_, to_; ///< of the stroke under way
    Bins painted_; ///< by BrushTool::Free
    std::vector<Edit> kept_, beforeStroke_; ///< edits that the stroke under way leaves alone, and all
    int stroke_ = 0; ///< the newest; for undo each is one entry
    int firstStroke_ = nextStroke(); ///< that the next one may take the place of
    bool isApplying_ = false; ///< so that it knows its own changes of edits
    Job *mapsJob_, *effectsJob_;
    static constexpr int restMs = 300;
    QTimer* rest_; ///< runs while edits were changed just now, elsewhere: controls wait
    QWidget* bar_;
    std::array<QToolButton*, 4> tools_{};
    QComboBox *act_, *scope_, *block_;
    QDoubleSpinBox* amount_;
};

}
