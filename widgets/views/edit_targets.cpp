// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/edit_targets.h"

#include "widgets/session/patterns.h"

#include <QCoreApplication>
#include <QMenu>

#include <algorithm>

namespace fovea {

namespace {

struct Verb {
    const char* label;
    const char* verb;
    std::vector<std::string> args;
};
const std::vector<Verb> verbs{
    {QT_TRANSLATE_NOOP("EditMenu", "Switch off"), "off", {}},
    {QT_TRANSLATE_NOOP("EditMenu", "Replace by its mean over the tokens"), "mean", {}},
    {QT_TRANSLATE_NOOP("EditMenu", "Scale by 0.5"), "scale", {"0.5"}},
    {QT_TRANSLATE_NOOP("EditMenu", "Scale by 2"), "scale", {"2"}},
};

bool shows(const Session& session, const std::string& path)
{
    const auto infos = session.slot().signalInfos();
    return std::ranges::any_of(infos, [&](const SignalInfo& info) { return info.path == path; });
}

const SignalInfo& infoOf(const Session& session, int layer) { return session.patterns().layer(layer)->info; }

}

std::optional<EditTarget> headTarget(const Session& session, int layer, int head)
{
    if (!session.slot().weights)
        return std::nullopt;
    const std::string pattern = infoOf(session, layer).path;
    const std::string part = pattern.substr(0, pattern.rfind('.'));
    const std::string stem
        = shows(session, part + ".head") || shows(session, part + ".head.out") ? part + ".head" : pattern;
    return EditTarget{Session::tr("Head %1 of layer %2").arg(head).arg(session.patterns().number(layer)),
        stem + "." + std::to_string(head)};
}

std::optional<EditTarget> tokenTarget(const Session& session, int layer, int token)
{
    const std::string path = infoOf(session, layer).block + ".out";
    if (!session.slot().weights || token < 0 || !shows(session, path))
        return std::nullopt;
    const QString name = QString::fromStdString(session.patterns().queries(layer).name(token));
    return EditTarget{Session::tr("Token %1 after layer %2").arg(name).arg(session.patterns().number(layer)),
        path + "." + std::to_string(token)};
}

std::optional<EditTarget> blockTarget(const Session& session, int layer)
{
    const std::string& block = infoOf(session, layer).block;
    if (!session.slot().weights || block.empty())
        return std::nullopt;
    return EditTarget{Session::tr("All of layer %1 (%2)")
                          .arg(session.patterns().number(layer))
                          .arg(QString::fromStdString(block)),
        block};
}

void fillEditMenu(QMenu& menu, Session& session, const std::vector<EditTarget>& targets)
{
    for (const EditTarget& target : targets) {
        menu.addSection(target.name);
        for (const Verb& verb : verbs) {
            const Edit edit{target.path, verb.verb, verb.args};
            QAction* action = menu.addAction(QCoreApplication::translate("EditMenu", verb.label));
            action->setCheckable(true);
            action->setChecked(session.hasEdit(edit));
            QObject::connect(
                action, &QAction::triggered, &session, [&session, edit] { session.toggleEdit(edit); });
        }
    }
}

}
