// Asks what a foreign weights file does not tell: what was recognised, a form with the questions, what
// becomes of each tensor. Not modal; it opens nothing itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QDialog>

class QPushButton;

namespace fovea {

class SchemaForm;

/// Closes itself when the session has the model. A wrong answer leaves it open, the session says what is
/// wrong.
class ForeignDialog final : public QDialog {
    Q_OBJECT

public:
    /// Of a request with questions.
    ForeignDialog(Session& session, OpenRequest request, QWidget* parent);

private:
    QWidget* reportTable() const;
    /// The request's plan with what the form says.
    OpenPlan answered() const;

    Session& session_;
    OpenRequest request_;
    SchemaForm* form_ = nullptr;
    QPushButton* open_ = nullptr;
};

/// The questions as a form asks them: each a text, empty, so that nothing is chosen before a person does.
Schema askedOf(const Schema& questions);

}
