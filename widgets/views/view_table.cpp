// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/view_table.h"

#include "widgets/views/classes_view.h"
#include "widgets/views/head_grid_view.h"
#include "widgets/views/head_scatter_view.h"
#include "widgets/views/matrix_view.h"
#include "widgets/views/record_view.h"
#include "widgets/views/rollout_view.h"
#include "widgets/views/spatial_view.h"
#include "widgets/views/sweep_view.h"

#include <algorithm>

namespace fovea {

namespace {

template <class T>
View* make(Session& session, QWidget* parent)
{
    return new T(session, parent);
}

}

const std::vector<ViewEntry>& viewTable()
{
    static const std::vector<ViewEntry> table{
        {"overlay", QT_TRANSLATE_NOOP("Views", "a query's row or a key's column over the picture"),
            make<OverlayView>},
        {"head-grid", QT_TRANSLATE_NOOP("Views", "layers by heads, a thumbnail each"), make<HeadGridView>},
        {"matrix", QT_TRANSLATE_NOOP("Views", "one attention matrix with marginals"), make<MatrixView>},
        {"head-scatter", QT_TRANSLATE_NOOP("Views", "entropy and distance of every head"),
            make<HeadScatterView>},
        {"rollout", QT_TRANSLATE_NOOP("Views", "attention multiplied through the layers"), make<RolloutView>},
        {"sweep", QT_TRANSLATE_NOOP("Views", "the effect of switching each head off"), make<SweepView>},
        {"classes", QT_TRANSLATE_NOOP("Views", "the most probable classes before and after the edits"),
            make<ClassesView>},
    };
    return table;
}

std::unique_ptr<View> makeView(const QString& id, Session& session)
{
    if (id == QLatin1String("record")) {
        const RecordPtr record = session.record(session.selection().record);
        return std::unique_ptr<View>(
            makeRecordView(record ? record->kind() : Kind::Matrix, session, nullptr));
    }
    const auto found = std::ranges::find_if(
        viewTable(), [&](const ViewEntry& entry) { return id == QLatin1String(entry.id); });
    return std::unique_ptr<View>(found == viewTable().end() ? nullptr : found->make(session, nullptr));
}

View* makeRecordView(Kind kind, Session& session, QWidget* parent)
{
    switch (kind) {
    case Kind::Attention:
    case Kind::Heads:
    case Kind::Tokens:
    case Kind::Matrix:
        return make<HeatMapView>(session, parent);
    case Kind::Grid:
        return make<ChannelView>(session, parent);
    case Kind::Filter:
        return make<FilterView>(session, parent);
    case Kind::Keep:
        return make<KeepView>(session, parent);
    case Kind::Points:
        return make<PointsView>(session, parent);
    case Kind::Graph:
        return make<GraphView>(session, parent);
    case Kind::Vector:
    case Kind::Scalar:
        return make<LineView>(session, parent);
    }
    return make<HeatMapView>(session, parent);
}

}
