// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/asked_view.h"

#include <QPainter>
#include <QPushButton>

namespace fovea {

AskedView::AskedView(const QString& id, const QString& title, Session& session, QWidget* parent)
    : View(id, title, session, parent)
    , job_(new Job(this))
    , button_(new QPushButton(this))
{
    connect(button_, &QPushButton::clicked, this, [this] {
        if (!job_->isRunning())
            return compute();
        job_->cancel();
        refresh();
    });
    connect(job_, &Job::progressed, this, [this](double share) {
        percent_ = static_cast<int>(100 * share);
        update();
    });
    connect(job_, &Job::failed, this, [this](const QString& text) {
        problem_ = text;
        refresh();
    });
}

void AskedView::stop()
{
    job_->cancel();
    problem_.clear();
}

QString AskedView::progressText() const
{
    return job_->isRunning() ? tr("%1: %2 %").arg(job_->title()).arg(percent_) : QString();
}

void AskedView::setButtonTip(const QString& text) { button_->setToolTip(text); }

void AskedView::placeButton()
{
    button_->setText(job_->isRunning() ? tr("Cancel") : buttonText());
    button_->setVisible(isIncomplete());
    button_->adjustSize();
    button_->move(missing().isEmpty()
            ? QPoint(width() - button_->width() - 4, height() - button_->height() - 1) // on the last line
            : QPoint((width() - button_->width()) / 2, height() / 2 + 28));
}

void AskedView::goTo(QPoint cell)
{
    cursor_ = cell;
    refresh();
}

void AskedView::paintEvent(QPaintEvent* event)
{
    View::paintEvent(event);
    if (!hasFocus() || !missing().isEmpty() || !holds(current()))
        return;
    const Style style = screenStyle(); // the cursor, which a figure has not
    QPainter painter(this);
    painter.setPen(QPen(style.accent, 1.6 * style.lineWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(cellRect(current()));
}

void AskedView::resizeEvent(QResizeEvent* event)
{
    View::resizeEvent(event);
    placeButton();
}

}
