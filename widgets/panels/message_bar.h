// The one place where errors and notes appear: inline, never a box in the way.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QToolButton;
class QTimer;

namespace fovea {

/// Errors stay until they are dismissed, the newest in front; a note goes by itself after a while.
class MessageBar final : public QWidget {
    Q_OBJECT

public:
    explicit MessageBar(QWidget* parent = nullptr);

    void showError(const QString& text);
    void showNote(const QString& text);
    /// What is shown; empty when the bar is hidden.
    QString text() const;
    int errors() const { return static_cast<int>(errors_.size()); }

private:
    void dismiss();
    void refresh();

    QStringList errors_;
    QString note_;
    QLabel *icon_, *label_, *count_;
    QToolButton *copy_, *close_;
    QTimer* fade_;
};

}
