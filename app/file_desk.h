// What the window does about files: dialogs to open and save, questions that an opening leaves, recent files,
// the way back to the model before. The Session opens them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include <QMenu>
#include <QPointer>
#include <QWidget>

namespace fovea {
class ForeignDialog;
class LibraryPanel;
class MessageBar;
}

namespace fovea::app {

class FileDesk final : public QObject {
    Q_OBJECT

public:
    /// `shipped` files are not remembered as recent. The dialogs are the window's.
    FileDesk(Session& session, MessageBar& messages, QStringList shipped, QWidget* window);

    void open();
    void save(const QByteArray& layout);
    /// Opens again what another model took the place of.
    void goBack();
    /// Recent files, the newest first; changes are shown there.
    void showRecentIn(LibraryPanel* library);
    void showRecentIn(QMenu* menu);

private:
    void ask(const OpenRequest& request);
    void sayMissing(const OpenRequest& request);
    void locate(const OpenRequest& request);
    void offerWayBack();
    void remember(const QString& path);
    void showRecent();

    Session& session_;
    MessageBar& messages_;
    QStringList shipped_;
    QWidget* window_;
    LibraryPanel* library_ = nullptr;
    QMenu* menu_ = nullptr;
    QPointer<ForeignDialog> dialog_; // the newest question is the one that counts
};

}
