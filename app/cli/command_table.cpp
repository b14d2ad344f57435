// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_words.h"
#include "app/cli/report.h"

#include "widgets/labs/lab_studies.h"
#include "widgets/session/display.h"
#include "widgets/session/selection_fields.h"
#include "widgets/views/view_table.h"

#include "core/trace/edit.h"

#include <algorithm>

namespace fovea::app {

Option editOption()
{
    return {{"edit"},
        "PATH[=VERB[:ARGUMENT]], as in blocks.3.attn.head.1=off: the path is a block or a signal, with "
        "indices after it; the verb (off when it is left out) is one of "
            + QString::fromStdString(editVerbs()),
        "EDIT", true};
}

QString namesIn(const Schema& schema)
{
    QStringList names;
    for (const Field& field : schema)
        names.append(QString::fromStdString(
            field.choices.empty() ? field.name : field.name + " (" + listed(field.choices) + ")"));
    return names.join(", ");
}

std::vector<std::string> figureNames()
{
    std::vector<std::string> names;
    for (const ViewEntry& entry : viewTable())
        names.push_back(entry.id);
    names.push_back("record");
    return names;
}

const Schema& figureOptions()
{
    static const Schema schema = [] {
        Schema fields = selectionSchema();
        fields.push_back({"query", std::string(), "Token whose row is shown"});
        fields.push_back({"key", std::string(), "Token whose column is shown"});
        fields.insert(fields.end(), displaySchema().begin(), displaySchema().end());
        fields.insert(fields.end(), labStudySchema().begin(), labStudySchema().end());
        return fields;
    }();
    return schema;
}

const std::vector<Command>& commands()
{
    static const std::vector<Command> table = [] {
        std::vector<Command> all = commandsOnFiles();
        const std::vector<Command> runs = commandsOnRuns();
        all.insert(all.begin() + 3, runs.begin(), runs.end()); // from weights to what is done with them
        return all;
    }();
    return table;
}

}
