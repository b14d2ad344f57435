// The panels that say what is shown: the trace, the selection, the display. Each a thin skin over the
// Session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;
class QTreeView;

namespace fovea {

class TraceModel;

/// The signals of the source; a choice is the Session's record.
class TracePanel final : public QWidget {
    Q_OBJECT

public:
    explicit TracePanel(Session& session, QWidget* parent = nullptr);

signals:
    void chosen(); ///< by a person, once more perhaps: its view should be in sight

private:
    void refresh();
    void choose(const QModelIndex& index);
    Session& session_;
    TraceModel* model_;
    QTreeView* tree_;
    bool isShowing_ = false;
};

/// What is selected, in controls and in words.
class SelectionPanel final : public QWidget {
    Q_OBJECT

public:
    explicit SelectionPanel(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    int layerTowards(int number) const;
    void change(const std::function<void(Selection&)>& set);
    Session& session_;
    QSpinBox *layer_, *head_, *channel_, *group_;
    QComboBox *reading_, *direction_;
    QLabel* readOut_;
    bool isShowing_ = false;
};

/// The display settings as a form.
class DisplayPanel final : public QWidget {
    Q_OBJECT

public:
    explicit DisplayPanel(Session& session, QWidget* parent = nullptr);
};

}
