// What an edit can be aimed at, by the names of the model that is open, and the menu that offers the verbs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QString>

#include <optional>
#include <string>

class QMenu;

namespace fovea {

struct EditTarget {
    QString name; ///< "head 3 of layer 6"
    std::string path; ///< "blocks.6.attn.head.3"
};

/// Nothing when the model shows no signal that such an edit could change.
std::optional<EditTarget> headTarget(const Session& session, int layer, int head);
/// A token of the stream behind that layer's block.
std::optional<EditTarget> tokenTarget(const Session& session, int layer, int token);
std::optional<EditTarget> blockTarget(const Session& session, int layer);

/// For each target: off, mean over tokens, half, double; what is set already is checked.
void fillEditMenu(QMenu& menu, Session& session, const std::vector<EditTarget>& targets);

}
