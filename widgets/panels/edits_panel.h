// The edits of the slot as a list to write in. What an edit does is not its business.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QSlider;
class QToolButton;

namespace fovea {

/// The edits of the slot: add, remove, scale.
class EditsPanel final : public QWidget {
    Q_OBJECT

public:
    explicit EditsPanel(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void addWritten();
    void makeWritten(const Edit& edit);
    void giveBack(const std::vector<Edit>& refused);
    void removeChosen();
    void scaleChosen(int percent);
    void showChosen();
    Session& session_;
    Edit written_; ///< the last that the line took
    QListWidget* list_;
    QLineEdit* line_;
    QLabel* hint_;
    QSlider* scale_;
    QLabel* factor_; ///< what the slider says
    QToolButton* remove_;
};

}
