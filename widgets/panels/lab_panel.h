// The form from which a lab starts, and in which a rate is changed in mid-run. A thin skin over the Player.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QSpinBox;
class QTimer;

namespace fovea {

class SchemaForm;

class LabPanel final : public QWidget {
    Q_OBJECT

public:
    explicit LabPanel(Session& session, QWidget* parent = nullptr);
    /// As the Start button does.
    void start();
    /// Whether there is a lab to start.
    bool hasLabs() const;

private:
    void buildFields();
    void showLab();
    void refresh();
    void refreshSoon();
    const Lab* lab() const;

    Session& session_;
    QComboBox* labs_;
    QLabel *sentence_, *hint_;
    QScrollArea* scroll_;
    SchemaForm* form_ = nullptr;
    Config filled_; ///< of the run that the form was filled from last
    QSpinBox *seed_, *steps_, *every_;
    QPushButton *start_, *branch_;
    QTimer* lazy_;
};

}
