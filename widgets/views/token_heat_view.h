// Four answers to the question which patches count, side by side: attention, rollout, relevance by gradients,
// and the score by which the model itself keeps them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/fates_view.h"
#include "widgets/views/token_map.h"

#include <array>

namespace fovea {

/// Computed in the background when the run or the class changes.
class TokenHeatView final : public FatesView {
    Q_OBJECT

public:
    TokenHeatView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    int groupOfPanel(int) const override { return chosenGroup(); }
    PanelGrid panels(const QRectF& body, const Style& style) const override;
    QString cellText(QPoint cell) const override;

private:
    static constexpr int count = 4;
    /// Of each token of the whole layout, NaN where there is none; empty: it could not be made.
    struct Heat {
        std::vector<float> values;
        QString problem;
    };
    using Heats = std::array<Heat, count>;
    struct Asked {
        TracePtr trace;
        std::string label;
        Config options;
        bool operator==(const Asked&) const = default;
    };

    static QString titleOf(int map);
    static Heat ofRecord(const Record& record, const TokenLayout& layout);
    static Heat rawAttention(const Trace& trace, std::size_t step, const TokenLayout& layout);
    static Heats computed(const Slot& slot, const Services& services, const Asked& asked,
        const LayoutPtr& layout, const Job::Context& context);
    TokenValues valuesOf(int map) const;

    Asked asked_;
    Heats heats_;
};

}
