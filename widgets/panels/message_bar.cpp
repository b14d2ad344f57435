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
    copy_->setText(tr("Copy"));
    close_->setText(tr("Dismiss"));
    row->addWidget(icon_);
    row->addWidget(label_, 1);
    row->addWidget(count_);
    for (QToolButton* button : {copy_, close_}) {
        button->setAutoRaise(true);
        row->addWidget(button);
    }
    connect(copy_, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    connect(close_, &QToolButton::clicked, this, &MessageBar::dismiss);
    fade_->setSingleShot(true);
    fade_->setInterval(noteMs);
    connect(fade_, &QTimer::timeout, this, [this] {
        note_.clear();
        refresh();
    });
    refresh();
}

void MessageBar::showError(const QString& text)
{
    errors_.removeAll(text);
    errors_.append(text);
    refresh();
}

void MessageBar::showNote(const QString& text)
{
    note_ = text;
    fade_->start();
    refresh();
}

QString MessageBar::text() const { return errors_.isEmpty() ? note_ : errors_.last(); }

void MessageBar::dismiss()
{
    if (errors_.isEmpty())
        note_.clear();
    else
        errors_.removeLast();
    refresh();
}

void MessageBar::refresh()
{
    setVisible(!text().isEmpty());
    label_->setText(text());
    setAccessibleDescription(text());
    count_->setText(
        errors_.size() > 1 ? tr("%n more", nullptr, static_cast<int>(errors_.size()) - 1) : QString());
    const auto kind = errors_.isEmpty() ? QStyle::SP_MessageBoxInformation : QStyle::SP_MessageBoxWarning;
    icon_->setPixmap(style()->standardIcon(kind).pixmap(16));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    label_->setForegroundRole(QPalette::ToolTipText);
    count_->setForegroundRole(QPalette::ToolTipText);
}

}
