// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_study.h"

#include "widgets/labs/lab_studies.h"
#include "widgets/session/player.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace fovea {

StudiedLab studiedLab(const Session& session)
{
    const std::string id = LabStudies::studyOf(session).text("lab_id");
    if (id.empty()) {
        const LabRunPtr run = session.player().run();
        return run ? StudiedLab{run->lab, run->config} : StudiedLab();
    }
    const Lab* lab = session.registry().lab(id);
    return lab ? StudiedLab{lab, Config(lab->schema())} : StudiedLab();
}

QString whyNoLab(const Session& session)
{
    const std::string id = LabStudies::studyOf(session).text("lab_id");
    return id.empty() ? QCoreApplication::translate(
               "LabStudy", "Press “Start a new run” in the panel Lab, or open a figure of a paper.")
                      : QCoreApplication::translate("LabStudy", "field 'lab_id': there is no lab '%1'")
                            .arg(QString::fromStdString(id));
}

std::vector<LabGridPanel> gridOf(const StudiedLab& of, const Config& study)
{
    return labGrid(of.base,
        {study.text("lab_fields"), study.text("lab_panels"), study.text("lab_lines"),
            study.text("lab_across")},
        {"lab_fields", "lab_panels", "lab_lines", "lab_across"});
}

std::size_t LineColors::of(const std::string& name)
{
    const auto found = std::ranges::find(names_, name);
    const auto index = static_cast<std::size_t>(found - names_.begin());
    if (found == names_.end())
        names_.push_back(name);
    return index;
}

std::string panelPath(std::size_t panel, std::size_t panels, const std::string& what)
{
    return panels > 1 ? std::to_string(panel + 1) + "." + what : what;
}

QString rowNameOf(const CurvePanels& plots, int row)
{
    const PanelCurve& curve = plots.curveAt(row);
    QStringList parts{plots.panelOf(row).title, curve.name, curve.quantity};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

QString cellTextOf(const CurvePanels& plots, QPoint cell)
{
    const PanelCurve& curve = plots.curveAt(cell.y());
    const auto at = static_cast<std::size_t>(cell.x());
    if (at >= curve.x.size())
        return rowNameOf(plots, cell.y());
    const QString axis = plots.panelOf(cell.y()).x.label;
    QString text = QStringLiteral("%1\n%2 %3: %4")
                       .arg(rowNameOf(plots, cell.y()), axis, numberText(curve.x[at], 5),
                           std::isfinite(curve.y[at]) ? numberText(curve.y[at], 5)
                                                      : QCoreApplication::translate("LabStudy", "no number"));
    if (at < curve.low.size() && std::isfinite(curve.low[at]))
        text += QStringLiteral(" (%1 – %2)").arg(numberText(curve.low[at], 4), numberText(curve.high[at], 4));
    return text.trimmed();
}

}
