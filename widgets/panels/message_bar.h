// The one place where errors and notes appear: inline, never a box in the way.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include <functional>

class QLabel;
class QToolButton;
class QTimer;

namespace fovea {

/// What can be done about a message: a button beside it. Pressing it dismisses the message.
struct Remedy {
    QString label;
    std::function<void()> run;
};

/// Errors stay until they are dismissed, the newest in front; a note goes by itself after a while. What came
/// last is in front.
class MessageBar final : public QWidget {
    Q_OBJECT

public:
    explicit MessageBar(QWidget* parent = nullptr);

    void showError(const QString& text, const Remedy& remedy = {});
    void showNote(const QString& text, const Remedy& remedy = {});
    /// What is shown; empty when the bar is hidden.
    QString text() const;
    int errors() const { return static_cast<int>(errors_.size()); }

private:
    struct Message {
        QString text;
        Remedy remedy;
    };
    bool showsNote() const { return errors_.isEmpty() || (isNoteNewer_ && !note_.text.isEmpty()); }
    Message shown() const { return showsNote() ? note_ : errors_.last(); }
    void dismiss();
    void refresh();

    QList<Message> errors_;
    Message note_;
    bool isNoteNewer_ = false;
    QLabel *icon_, *label_, *count_;
    QToolButton *remedy_, *copy_, *close_;
    QTimer* fade_;
};

}
