// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/status_line.h"

#include "widgets/plots/ticks.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include "core/source/weights.h"

#include <QFileInfo>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <cmath>

namespace fovea::app {

QString modelName(const Slot& slot)
{
    if (slot.lab)
        return QString::fromStdString(slot.lab->identity().name);
    if (!slot.modelPath.empty())
        return QFileInfo(QString::fromStdString(slot.modelPath)).fileName();
    return slot.weights ? StatusLine::tr("fresh weights") : QString();
}

QString inputName(const Slot& slot)
{
    return slot.input ? QFileInfo(QString::fromStdString(slot.input->path)).fileName() : QString();
}

StatusLine::StatusLine(Session& session, QWidget* parent)
    : QStatusBar(parent)
    , session_(session)
    , readOut_(new QLabel)
    , task_(new QLabel)
    , model_(new QLabel)
    , progress_(new QProgressBar)
    , cancel_(new QToolButton)
{
    readOut_->setObjectName(QStringLiteral("readOut"));
    readOut_->setAccessibleName(tr("Read-out"));
    readOut_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    model_->setObjectName(QStringLiteral("modelStatus"));
    model_->setAccessibleName(tr("Model"));
    progress_->setRange(0, 100);
    progress_->setFixedWidth(120);
    progress_->setTextVisible(false);
    progress_->setAccessibleName(tr("Progress"));
    cancel_->setText(tr("Cancel"));
    cancel_->setObjectName(QStringLiteral("cancel"));
    cancel_->setAutoRaise(true);
    for (QWidget* text : std::initializer_list<QWidget*>{readOut_, task_, model_})
        text->setMinimumWidth(1); // no text makes the window wider
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    addWidget(readOut_, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{task_, progress_, cancel_, model_})
        addPermanentWidget(widget);
    connect(cancel_, &QToolButton::clicked, this, [this] {
        for (Job* job : jobs_)
            job->cancel();
    });
    for (const auto signal : {&Session::selectionChanged, &Session::traceChanged})
        connect(&session_, signal, this, &StatusLine::showReadOut);
    for (const auto signal : {&Session::modelChanged, &Session::traceChanged, &Session::parityChanged})
        connect(&session_, signal, this, &StatusLine::showModel);
    for (Job* job : session_.jobs())
        watch(job);
    showModel();
    showTask();
}

void StatusLine::watch(Job* job)
{
    jobs_.push_back(job);
    connect(job, &Job::started, this, &StatusLine::showTask);
    connect(job, &Job::ended, this, &StatusLine::showTask);
    connect(job, &Job::progressed, this,
        [this](double share) { progress_->setValue(static_cast<int>(100 * share)); });
}

QString StatusLine::readOutText() const { return readOut_->text(); }

void StatusLine::showReadOut() { readOut_->setText(readOut(session_.patterns(), session_.selection())); }

void StatusLine::showModel()
{
    const Slot& slot = session_.slot();
    QStringList parts;
    if (const QString name = modelName(slot); !name.isEmpty())
        parts.append(name);
    if (!session_.patterns().empty())
        parts.append(tr("%n tokens", nullptr, session_.patterns().queries(0).tokens()));
    if (!std::isnan(session_.parity()))
        parts.append(tr("parity %1").arg(readingText(session_.parity(), 2)));
    if (slot.trace()) {
        const auto bytes = slot.trace()->byteSize() + (slot.weights ? slot.weights->byteSize() : 0);
        parts.append(locale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat));
    }
    model_->setToolTip(tr("%1\nParity: the largest difference to the reference values in the weights' file, "
                          "over their root mean square.\nMemory: of the weights and of the records that are "
                          "kept.")
                           .arg(QString::fromStdString(slot.modelPath)));
    model_->setText(parts.join(QStringLiteral("  ·  ")));
}

void StatusLine::showTask()
{
    const Job* running = nullptr;
    for (const Job* job : jobs_)
        running = job->isRunning() ? job : running;
    for (QWidget* widget : std::initializer_list<QWidget*>{task_, progress_, cancel_})
        widget->setVisible(running);
    task_->setText(running ? running->title() : QString());
    progress_->setValue(0);
}

}
