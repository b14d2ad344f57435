// What the figures of many configs of a lab ask: their theory, or what is left after so many steps. Belongs
// to a Session, as its player does. It computes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"

#include <QJsonObject>
#include <QObject>

namespace fovea {

class Session;

/// The fields of a study: command-line options, recipes and session files derive from it. The grid of configs
/// is text as LabGridText has it.
const Schema& labStudySchema();

class LabStudies final : public QObject {
    Q_OBJECT

public:
    /// Made at the first call.
    static LabStudies& of(Session& session);
    /// Of a session that was asked nothing: the defaults.
    static Config studyOf(const Session& session);

    const Config& study() const { return study_; }
    void setStudy(const Config& study);
    /// What recipes and sessions keep under `study` of their lab. Defaults where there is none. Throws Error
    /// naming the field.
    static Config studyIn(const QJsonObject& lab);
    /// Empty: nothing differs from the defaults.
    static QJsonObject described(const Config& study);

signals:
    void changed();

private:
    explicit LabStudies(QObject* session);

    Config study_;
};

}
