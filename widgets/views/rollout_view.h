// Attention rollout, computed in a Job.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/spatial_view.h"

#include "core/analysis/rollout.h"

namespace fovea {

/// Attention rollout over the picture, with the settings of the display.
class RolloutView final : public SpatialView {
    Q_OBJECT

public:
    RolloutView(Session& session, QWidget* parent);

    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    bool isReady() const override { return !job_->isRunning(); }

protected:
    TokenMap map() const override;
    QString anchorText() const;
    QString missing() const override;
    void renew() override;

private:
    struct Asked {
        TracePtr trace;
        std::size_t step = 0;
        analysis::RolloutOptions options;
        bool operator==(const Asked&) const = default;
    };
    Asked asked_;
    Job* job_;
    RecordPtr rollout_;
    QString problem_;
};

}
