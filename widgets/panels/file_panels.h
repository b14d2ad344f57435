// The panels that offer something to open. They know no file format.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QWidget>

class QListWidget;
class QTreeWidget;

namespace fovea {

/// Models in the library, recent files, and presets with fresh weights.
class LibraryPanel final : public QWidget {
    Q_OBJECT

public:
    LibraryPanel(Session& session, QStringList models, QWidget* parent = nullptr);
    void setRecent(const QStringList& files);

private:
    void fill();
    void showOpen();
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
    void showOpen();
    Session& session_;
    QListWidget* list_;
    Job* thumbnails_;
};

}
