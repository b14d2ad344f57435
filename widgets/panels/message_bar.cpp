// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/message_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

namespace fovea {

namespace {

constexpr int noteMs = 8000;

}

MessageBar::MessageBar(QWidget* parent)
    : QWidget(parent)
    , icon_(new QLabel)
    , label_(new QLabel)
    , count_(new QLabel)
    , remedy_(new QToolButton)
    , copy_(new QToolButton)
    , close_(new QToolButton)
    , fade_(new QTimer(this))
{
    setObjectName(QStringLiteral("messageBar"));
    setAccessibleName(tr("Messages"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 8, 8);
    row->setSpacing(8);
    label_->setObjectName(QStringLiteral("messageText"));
    label_->setWordWrap(true);
    label_->setTextFormat(Qt::PlainText);
    label_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    remedy_->setObjectName(QStringLiteral("remedy"));
    copy_->setText(tr("Copy"));
    close_->setText(tr("Dismiss"));
    row->addWidget(icon_);
    row->addWidget(label_, 1);
    row->addWidget(count_);
    for (QToolButton* button : {remedy_, copy_, close_}) {
        button->setAutoRaise(true);
        row->addWidget(button);
    }
    connect(remedy_, &QToolButton::clicked, this, [this] {
        const auto run = shown().remedy.run;
        dismiss();
        run();
    });
    connect(copy_, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    connect(close_, &QToolButton::clicked, this, &MessageBar::dismiss);
    fade_->setSingleShot(true);
    fade_->setInterval(noteMs);
    connect(fade_, &QTimer::timeout, this, [this] {
        note_ = {};
        refresh();
    });
    refresh();
}

void MessageBar::showError(const QString& text, const Remedy& remedy)
{
    errors_.removeIf([&](const Message& message) { return message.text == text; });
    errors_.append({text, remedy});
    isNoteNewer_ = false;
    refresh();
}

void MessageBar::showNote(const QString& text, const Remedy& remedy)
{
    note_ = {text, remedy};
    isNoteNewer_ = true;
    fade_->start();
    refresh();
}

QString MessageBar::text() const { return shown().text; }

void MessageBar::dismiss()
{
    if (showsNote())
        note_ = {};
    else
        errors_.removeLast();
    refresh();
}

void MessageBar::refresh()
{
    setVisible(!text().isEmpty());
    label_->setText(text());
    remedy_->setText(shown().remedy.label);
    remedy_->setVisible(!shown().remedy.label.isEmpty());
    setAccessibleDescription(text());
    const int more = static_cast<int>(errors_.size()) - (showsNote() ? 0 : 1);
    count_->setText(more > 0 ? tr("%n more", nullptr, more) : QString());
    const auto kind = showsNote() ? QStyle::SP_MessageBoxInformation : QStyle::SP_MessageBoxWarning;
    icon_->setPixmap(style()->standardIcon(kind).pixmap(16));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    label_->setForegroundRole(QPalette::ToolTipText);
    count_->setForegroundRole(QPalette::ToolTipText);
}

}
