// The relevance methods measured on many pictures: every number with its interval, beside the baselines and
// the sanity check. The maps of one picture are the methods view's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/asked_view.h"
#include "widgets/views/measured_plot.h"

#include "core/analysis/randomised_weights.h"
#include "core/analysis/relevance_study.h"

namespace fovea {

/// Begun when somebody asks: first the numbers, then the sanity check, a method at a time; what is there is
/// shown meanwhile. Forgotten when the model or an option changes.
class MeasuredView final : public AskedView {
    Q_OBJECT

public:
    MeasuredView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool drawsEdited() const override { return false; } // the model as it is, on other pictures
    void compute() override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    QString missing() const override;
    bool isIncomplete() const override { return asked_.weights && (!measured_.pictures || isUnchecked()); }
    QString buttonText() const override { return measured_.pictures ? tr("Go on") : tr("Measure methods"); }

private:
    using Pictures = std::shared_ptr<const std::vector<analysis::StudyPicture>>;
    struct Measured {
        Pictures pictures;
        std::vector<const analysis::RelevanceMethod*> methods; ///< those that fit the model
        std::vector<analysis::StudyResult> results;
    };
    struct Asked {
        WeightsPtr weights;
        StudyOptions study;
        Config options;
        bool operator==(const Asked&) const = default;
    };

    QSize cells() const override;
    QString cellText(QPoint cell) const override;
    QString columnName(int column) const override;
    QString rowName(int row) const override { return table_.rows.value(row); }
    QRectF cellRect(QPoint cell) const override { return places().cellOf(cell); }
    QPoint cellAt(QPointF point) const override;

    Asked asked() const;
    /// Whether a sanity check is still to be made.
    bool isUnchecked() const
    {
        return measured_.pictures && asked_.study.draws > 0 && sanity_.size() < measured_.methods.size();
    }
    void checkNext();
    void retable();
    void addMeasures();
    void addSanity();
    MeasuredPlaces places() const { return MeasuredPlaces::within(body(), table_, screenStyle()); }

    Asked asked_; ///< of what is shown, or is being computed
    Measured measured_;
    std::vector<analysis::Sanity> sanity_; ///< of the methods so far, in their order
    MeasuredTable table_; ///< both as it is drawn
};

}
