// The two views of spectra by depth: of what mixes tokens, and of the token stream. How curves are drawn is
// depth_curves_view.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/depth_curves_view.h"

namespace fovea {

/// Filters and attention on one axis: mean magnitude by radius, over that of a flat spectrum.
class BandSpectraView final : public DepthCurvesView {
    Q_OBJECT
public:
    BandSpectraView(Session& session, QWidget* parent);
    QStringList badges() const override;

protected:
    AxisSpec valueAxis() const override;
    QString nothing() const override;
};

/// Log amplitudes of the token stream after each block, relative to frequency 0.
class LogAmplitudeView final : public DepthCurvesView {
    Q_OBJECT
public:
    LogAmplitudeView(Session& session, QWidget* parent);
    QStringList badges() const override;

protected:
    AxisSpec valueAxis() const override;
    QString nothing() const override;
};

}
