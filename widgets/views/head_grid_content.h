// What a head grid shows at a selection: values, scales, thumbnails. It knows no place and no widget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"
#include "widgets/views/token_map.h"

#include <QCoreApplication>
#include <QImage>

#include <vector>

namespace fovea {

/// Gathered once per painting. `matrices` keeps images of whole patterns from one content to the next, by
/// layer * most heads + head; empty it when records, display or group change.
class HeadGridContent {
    Q_DECLARE_TR_FUNCTIONS(HeadGridView)

public:
    HeadGridContent(const Session& session, std::vector<QImage>& matrices);

    /// One scale per layer, by the display's mode.
    const std::vector<ValueScale>& scales() const { return scales_; }
    /// What the colour bar says: of the chosen layer, or of each map's own range.
    ValueScale bar() const;
    /// The layer's scale whose colour bar needs the most room: no other layer moves the thumbnails.
    ValueScale widestBar() const;
    QImage thumbnail(int layer, int head) const;
    /// The numbers behind the thumbnails.
    std::vector<Record> data() const;

private:
    void gatherLines();
    void gatherScales();
    const QImage& matrix(int layer, int head) const;

    const Session& session_;
    std::vector<QImage>& matrices_;
    std::vector<std::vector<TokenValues>> lines_; // by layer and head
    std::vector<ValueScale> scales_;
};

}
