// The options of the relevance methods as a form. It computes no map.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

namespace fovea {

/// Class, removal, the pictures to measure on and the options of every method but the rollout's, which stand
/// among the display settings.
class RelevancePanel final : public QWidget {
    Q_OBJECT

public:
    explicit RelevancePanel(Session& session, QWidget* parent = nullptr);
};

/// Whether a field of the display settings stands in this panel.
bool isOfRelevancePanel(const std::string& field);

}
