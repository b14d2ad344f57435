// One learned filter from all sides: its response over the frequency plane, its kernel in space, its profiles
// over radii and directions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/computed_view.h"
#include "widgets/views/filter_bank.h"

#include <array>

namespace fovea {

/// Of the filter that is selected: magnitude and phase with frequency 0 in the middle, the kernel with the
/// origin in the middle, and the mean magnitude over rings of equal frequency and over directions, beside
/// those of the layer's channels.
class FilterPlateView final : public ComputedView {
    Q_OBJECT

public:
    FilterPlateView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    QString missing() const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;
    bool drawsEdited() const override;

private:
    static constexpr int panels = 4;
    int channel() const;
    static double mapSide(const QSizeF& body, int columns, const Style& style);
    std::array<QRectF, panels> places(const QRectF& body, const Style& style) const;
    void drawMagnitude(
        QPainter& painter, const QRectF& rect, const Tensor& magnitude, const Style& style) const;
    void drawProfiles(QPainter& painter, const QRectF& rect, const Style& style) const;

    /// A filter and what is drawn of it.
    struct Plate {
        RecordPtr weight;
        QString layer;
        Record magnitude, phase, kernel, radial, angular, radius;
    };
    static Plate plateOf(const RecordPtr& weight, const QString& layer);

    RecordPtr asked_; ///< the filter that is wanted: shown, or under way
    Plate plate_;
};

}
