// The panels at the sides of the window, each a thin skin over the Session. They know no file format.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QSlider;
class QSpinBox;
class QTimer;
class QToolButton;
class QTreeView;
class QTreeWidget;

namespace fovea {

class SchemaForm;
class TraceModel;

/// Models in the library, recent files, and presets with fresh weights.
class LibraryPanel final : public QWidget {
    Q_OBJECT

public:
    LibraryPanel(Session& session, const QStringList& models, QWidget* parent = nullptr);
    void setRecent(const QStringList& files);

private:
    void fill();
    QTreeWidget* tree_;
    Session& session_;
    QStringList models_, recent_;
};

/// Pictures to look at.
class GalleryPanel final : public QWidget {
    Q_OBJECT

public:
    GalleryPanel(Session& session, const QStringList& pictures, QWidget* parent = nullptr);

private:
    QListWidget* list_;
    Job* thumbnails_;
};

/// The signals of the source; a choice is the Session's record.
class TracePanel final : public QWidget {
    Q_OBJECT

public:
    explicit TracePanel(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    Session& session_;
    TraceModel* model_;
    QTreeView* tree_;
};

/// What is selected, in controls and in words.
class SelectionPanel final : public QWidget {
    Q_OBJECT

public:
    explicit SelectionPanel(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void change(const std::function<void(Selection&)>& set);
    Session& session_;
    QSpinBox *layer_, *head_, *channel_, *group_;
    QComboBox *reading_, *direction_;
    QLabel* readOut_;
    bool isShowing_ = false;
};

/// The edits of the slot: add, remove, scale.
class EditsPanel final : public QWidget {
    Q_OBJECT

public:
    explicit EditsPanel(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void addWritten();
    void removeChosen();
    void scaleChosen(int percent);
    Session& session_;
    QListWidget* list_;
    QLineEdit* line_;
    QLabel* hint_;
    QSlider* scale_;
    QToolButton* remove_;
};

/// The display settings as a form.
class DisplayPanel final : public QWidget {
    Q_OBJECT

public:
    explicit DisplayPanel(Session& session, QWidget* parent = nullptr);
};

/// Steps of the trace: play, first, last, scrub. Hidden while there is but one.
class TimeBar final : public QWidget {
    Q_OBJECT

public:
    explicit TimeBar(Session& session, QWidget* parent = nullptr);
    void togglePlay();
    void goTo(std::size_t step);
    std::size_t steps() const;

private:
    void refresh();
    Session& session_;
    QSlider* slider_;
    QToolButton* play_;
    QLabel* label_;
    QTimer* timer_;
};

}
