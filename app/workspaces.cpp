// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspaces.h"

#include <QCoreApplication>

namespace fovea::app {

#define FOVEA_TEXT(text) QT_TRANSLATE_NOOP("Actions", text)
#define FOVEA_NAME(text) QT_TRANSLATE_NOOP("Workspaces", text)

// Keys follow the design's order, so that the rows to come move none: Attention 1, Spectrum 2, Tokens 3,
// Pathways 4, Dynamics 5, Figure 6.
const std::vector<Workspace>& workspaces()
{
    static const std::vector<Workspace> table{
        {"attention", FOVEA_TEXT("&Attention workspace"), FOVEA_NAME("Attention"),
            QKeySequence(QStringLiteral("Ctrl+1")), "overlay",
            {{"overlay", "head-grid", Qt::Horizontal}, {"overlay", "matrix", Qt::Vertical},
                {"head-grid", "head-scatter", Qt::Vertical}},
            {{"head-grid", "methods-measured", "removal-curves"},
                {"head-scatter", "rollout", "methods-compared", "sweep", "record"}},
            {"library", "gallery", "trace", "selectionPanel", "classes", "edits", "display",
                "relevancePanel"},
            {{"edits", "display", "relevancePanel"}},
            {{{"overlay", "head-grid"}, {370, 434}, Qt::Horizontal}, // 12 heads
                {{"library", "selectionPanel"}, {216, 248}, Qt::Horizontal, true},
                {{"library", "gallery", "trace"}, {160, 176, 344}, Qt::Vertical, true},
                {{"selectionPanel", "classes", "edits"}, {208, 216, 296}, Qt::Vertical, true}}},
        {"spectrum", FOVEA_TEXT("&Spectrum workspace"), FOVEA_NAME("Spectrum"),
            QKeySequence(QStringLiteral("Ctrl+2")), "filter-grid",
            {{"filter-grid", "filter", Qt::Vertical}, {"filter", "overlay", Qt::Horizontal}},
            {{"filter-grid", "mixing", "band-spectra", "log-amplitude", "filter-bands"},
                {"filter", "filter-brush", "token-spectrum", "low-pass-sweep"},
                {"overlay", "head-grid", "record"}},
            {"library", "gallery", "trace", "selectionPanel", "classes", "edits", "display",
                "relevancePanel"},
            {{"edits", "display", "relevancePanel"}},
            {{{"filter-grid", "filter"}, {240, 440}, Qt::Vertical},
                {{"filter", "overlay"}, {480, 324}, Qt::Horizontal},
                {{"library", "selectionPanel"}, {216, 248}, Qt::Horizontal, true},
                {{"library", "gallery", "trace"}, {160, 176, 344}, Qt::Vertical, true},
                {{"selectionPanel", "classes", "edits"}, {208, 216, 296}, Qt::Vertical, true}}},
        {"tokens", FOVEA_TEXT("To&kens workspace"), FOVEA_NAME("Tokens"),
            QKeySequence(QStringLiteral("Ctrl+3")), "kept",
            {{"kept", "token-scores", Qt::Vertical}, {"kept", "token-threshold", Qt::Horizontal},
                {"token-scores", "token-fate", Qt::Horizontal}},
            {{"kept", "survival", "token-heat", "token-strip"},
                {"token-scores", "score-histogram", "cost-accuracy", "record"},
                {"token-fate", "overlay", "head-grid"}},
            {"library", "gallery", "trace", "selectionPanel", "classes", "edits", "display",
                "relevancePanel"},
            {{"edits", "display", "relevancePanel"}},
            {{{"kept", "token-scores"}, {340, 340}, Qt::Vertical},
                {{"kept", "token-threshold"}, {480, 324}, Qt::Horizontal},
                {{"token-scores", "token-fate"}, {440, 364}, Qt::Horizontal},
                {{"library", "selectionPanel"}, {216, 248}, Qt::Horizontal, true},
                {{"library", "gallery", "trace"}, {160, 176, 344}, Qt::Vertical, true},
                {{"selectionPanel", "classes", "edits"}, {208, 216, 296}, Qt::Vertical, true}}},
        {"dynamics", FOVEA_TEXT("&Dynamics workspace"), FOVEA_NAME("Dynamics"),
            QKeySequence(QStringLiteral("Ctrl+5")), "curves",
            {{"curves", "head-courses", Qt::Vertical}, {"head-courses", "overlay", Qt::Horizontal}},
            {{"curves", "phase", "theory-meter", "step-courses", "theory-curves", "lab-sweep"},
                {"overlay", "step-rows", "head-grid", "matrix"},
                {"head-courses", "step-bars", "step-maps", "record", "compare", "head-scatter"}},
            {"lab", "trace", "runs", "selectionPanel", "display"}, {{"selectionPanel", "display"}},
            {{{"curves", "head-courses"}, {320, 360}, Qt::Vertical},
                {{"head-courses", "overlay"}, {440, 360}, Qt::Horizontal},
                {{"lab", "runs"}, {240, 264}, Qt::Horizontal, true},
                {{"lab", "trace"}, {480, 200}, Qt::Vertical, true},
                {{"runs", "selectionPanel"}, {240, 440}, Qt::Vertical, true}},
            true},
    };
    return table;
}

const Workspace& workspaceNamed(const QString& id)
{
    for (const Workspace& workspace : workspaces())
        if (id == QLatin1String(workspace.id))
            return workspace;
    return workspaces().front();
}

}
