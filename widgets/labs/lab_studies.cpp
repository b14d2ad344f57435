// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_studies.h"

#include "widgets/session/session.h"

namespace fovea {

namespace {

using Text = std::string;
using Integer = std::int64_t;

constexpr auto key = "study";

}

const Schema& labStudySchema()
{
    static const Schema schema{
        {"lab_id", Text(), "Lab of the figures of many configs; empty: the run that is shown"},
        {"lab_fields", Text(), "Figures of a lab: fields of all configs, as in momentum=0,num_last=1"},
        {"lab_panels", Text(), "Figures of a lab: a config for each panel, as in M = *: vocabulary=50;1000"},
        {"lab_lines", Text(),
            "Figures of a lab: a config for each line, as in eta_y=0.5;1;2; a list a panel with | between"},
        {"lab_across", Text(),
            "Sweep of a lab: the axis, as in eta_y=1;2;5; empty: the elements of the record"},
        {"lab_records", Text(),
            "Figures of a lab: what is drawn, as in h: theory.h; h*: theory.h_star as stairs"},
        {"lab_mark", Text("t0"),
            "Theory of a lab: which of its marks is shown, up to the comma in its name; empty: none"},
        {"lab_level", Text(), "Sweep of a lab: a line across, as in at the start: 2.15; empty: none"},
        {"lab_seeds", Text("1"), "Sweep of a lab: seeds, as in 1,2,5-8"},
        {"lab_steps", Integer{100}, "Sweep of a lab: steps before the record is read", 0, 1'000'000},
        {"lab_element", Integer{0}, "Sweep of a lab: element of the record that stands over the axis", 0,
            1'000'000},
    };
    return schema;
}

LabStudies::LabStudies(QObject* session)
    : QObject(session)
    , study_(labStudySchema())
{
}

LabStudies& LabStudies::of(Session& session)
{
    auto* found = session.findChild<LabStudies*>(QString(), Qt::FindDirectChildrenOnly);
    return found ? *found : *new LabStudies(&session);
}

Config LabStudies::studyOf(const Session& session)
{
    const auto* found = session.findChild<LabStudies*>(QString(), Qt::FindDirectChildrenOnly);
    return found ? found->study_ : Config(labStudySchema());
}

void LabStudies::setStudy(const Config& study)
{
    if (study == study_)
        return;
    study_ = study;
    emit changed();
}

Config LabStudies::studyIn(const QJsonObject& lab)
{
    return configFrom(labStudySchema(), lab[QLatin1String(key)].toObject(), "lab.study");
}

QJsonObject LabStudies::described(const Config& study)
{
    return study == Config(labStudySchema()) ? QJsonObject() : QJsonObject{{key, toJson(study)}};
}

}
