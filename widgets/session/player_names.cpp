// What runs are called, and what tells them apart.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"

#include "core/source/field_list.h"

#include <algorithm>

namespace fovea {

namespace {

/// Each field as text; the fields within one, as in model=dim=64,layers=3, each for itself.
Answers saidBy(const Config& config)
{
    Answers said;
    for (const Field& field : config.schema()) {
        const std::string text = textOf(config.value(field.name));
        try {
            if (text.find('=') == std::string::npos)
                said[field.name] = text;
            else
                said.merge(fieldsIn(text, field.name));
        } catch (const UsageError&) {
            said[field.name] = text; // no fields
        }
    }
    return said;
}

QStringList differencesAmong(const std::vector<LabRunPtr>& runs)
{
    constexpr qsizetype most = 2;
    std::vector<Answers> said;
    for (const LabRunPtr& run : runs)
        said.push_back(saidBy(run->config));
    QStringList all;
    for (const Answers& own : said) {
        QStringList differs;
        for (const auto& [name, value] : own)
            if (std::ranges::any_of(said, [&name = name, &value = value](const Answers& other) {
                    const auto there = other.find(name);
                    return there == other.end() || there->second != value;
                }))
                differs.append(QString::fromStdString(name + " " + value));
        const bool isTold = !differs.isEmpty() && differs.size() <= most;
        all.append(isTold ? QStringLiteral(" (%1)").arg(differs.join(QStringLiteral(", "))) : QString());
    }
    return all;
}

}

QString Player::nameOf(int run) const
{
    QString name;
    for (int number = run < 0 ? -1 : numberOf(run); number >= 0;
         number = number / 26 - 1) // ..., Z, AA, AB, ...
        name.prepend(QChar(u'A' + number % 26));
    return name;
}

QString Player::changeOf(int number) const
{
    const LabRun& run = *tree_.runs[static_cast<std::size_t>(number)];
    const int parent = tree_.parents[static_cast<std::size_t>(number)];
    QStringList changes;
    for (const Field& field : run.config.schema()) {
        const FieldValue& before = parent < 0 ? field.standard : run.parent->config.value(field.name);
        if (run.config.value(field.name) != before)
            changes.append(QString::fromStdString(field.name + " " + textOf(run.config.value(field.name))));
    }
    if (parent < 0)
        changes.append(tr("seed %1").arg(run.seed));
    return changes.isEmpty() ? tr("no change") : changes.join(QStringLiteral(", "));
}

QString Player::differenceOf(int number) const
{
    if (static_cast<std::size_t>(differences_.size())
        != tree_.runs.size()) // configs never change, runs come and go
        differences_ = differencesAmong(tree_.runs);
    return differences_[number];
}

}
