// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/lab_panel.h"

#include "widgets/panels/calm_wheel.h"
#include "widgets/panels/schema_form.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>

#include <limits>

namespace fovea {

namespace {

QSpinBox* spin(const QString& name, int low, int value)
{
    auto* box = new QSpinBox;
    box->setRange(low, std::numeric_limits<int>::max());
    box->setValue(value);
    box->setAccessibleName(name);
    calmWheel(box);
    return box;
}

constexpr int usualSteps = 1000, lazyMs = 150;

/// Of fields that several labs have.
std::map<std::string, FieldWords> words()
{
    return {{"lr", {LabPanel::tr("Learning rate")}}, {"data", {LabPanel::tr("Data set")}},
        {"model", {LabPanel::tr("Model"), {}, "architecture"}},
        {"momentum", {LabPanel::tr("Momentum"), {}, {}, {}, LabPanel::tr("No momentum")}}};
}

QString labelOf(const Field& field)
{
    const auto known = words();
    const auto found = known.find(field.name);
    return found == known.end() ? coreText(fieldLabel(field.name).toStdString()) : found->second.label;
}

}

LabPanel::LabPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , labs_(new QComboBox)
    , sentence_(new QLabel)
    , hint_(new QLabel)
    , scroll_(new QScrollArea)
    , seed_(spin(tr("Seed"), 0, 0))
    , steps_(spin(tr("Steps"), 1, usualSteps))
    , every_(spin(tr("Record every"), 1, 1))
    , start_(new QPushButton(tr("Start a new run")))
    , branch_(new QPushButton)
    , lazy_(new QTimer(this))
{
    setObjectName(QStringLiteral("lab"));
    for (const Lab* lab : session.registry().labs())
        labs_->addItem(coreText(lab->identity().name), QString::fromStdString(lab->identity().id));
    labs_->setAccessibleName(tr("Lab"));
    buildFields();
    connect(labs_, &QComboBox::currentIndexChanged, this, &LabPanel::showLab);
    connect(start_, &QPushButton::clicked, this, &LabPanel::start);
    connect(branch_, &QPushButton::clicked, this, [this] { session_.player().branch(form_->config()); });
    lazy_->setSingleShot(true);
    lazy_->setInterval(lazyMs);
    connect(lazy_, &QTimer::timeout, this, &LabPanel::refresh);
    for (const auto signal : {&Player::grew, &Player::playingChanged})
        connect(&session.player(), signal, this, &LabPanel::refreshSoon);
    connect(&session.player(), &Player::runsChanged, this, [this] {
        const LabRunPtr run = session_.player().run();
        const Config config = run && run->lab == lab() ? run->config : Config();
        if (run && run->lab == lab() && config != filled_) // another one is shown: what is typed is not lost
            form_->setConfig(config);
        filled_ = config;
        refresh();
    });
    connect(&session, &Session::selectionChanged, this, &LabPanel::refreshSoon);
    showLab();
}

void LabPanel::buildFields()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    sentence_->setWordWrap(true);
    hint_->setWordWrap(true);
    QSizePolicy kept = hint_->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // else the buttons above jump when something was typed
    hint_->setSizePolicy(kept);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* form = new QFormLayout;
    form->setSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Seed"), seed_);
    form->addRow(tr("Steps"), steps_);
    form->addRow(tr("Record every"), every_);
    steps_->setObjectName(QStringLiteral("labSteps"));
    every_->setToolTip(tr("Steps between are computed again when one asks for them"));
    column->addWidget(labs_);
    column->addWidget(sentence_);
    column->addWidget(scroll_, 1);
    column->addLayout(form);
    column->addWidget(start_);
    column->addWidget(branch_);
    column->addWidget(hint_);
    start_->setToolTip(tr("A new run from its first step; the others stay"));
    branch_->setToolTip(
        tr("From the step after the shown one on, a run of its own under the settings above; the run it "
           "leaves stays as it is"));
}

const Lab* LabPanel::lab() const
{
    return session_.registry().lab(labs_->currentData().toString().toStdString());
}

bool LabPanel::hasLabs() const { return labs_->count() > 0; }

void LabPanel::showLab()
{
    const Lab* now = lab();
    sentence_->setText(now ? coreText(now->identity().sentence) : tr("No plugin brought a lab."));
    form_ = new SchemaForm(now ? now->schema() : Schema(), words(), &session_.registry());
    form_->layout()->setContentsMargins(0, 0, 4, 0);
    filled_ = {};
    scroll_->setWidget(form_); // the one before is deleted
    scroll_->setMinimumWidth(
        form_->minimumSizeHint().width() + scroll_->verticalScrollBar()->sizeHint().width());
    connect(form_, &SchemaForm::changed, this, &LabPanel::refresh);
    refresh();
}

void LabPanel::start()
{
    if (!lab())
        return;
    session_.player().start({labs_->currentData().toString().toStdString(), form_->config(),
        static_cast<std::uint64_t>(seed_->value()), steps_->value(), every_->value()});
}

/// At once while nothing runs, else a few times a second.
void LabPanel::refreshSoon()
{
    if (!session_.player().isLive())
        refresh();
    else if (!lazy_->isActive())
        lazy_->start();
}

/// What the form would change of the run that is shown.
void LabPanel::refresh()
{
    const LabRunPtr run = session_.player().run();
    const Lab* now = lab();
    start_->setEnabled(now != nullptr);
    QStringList changes, fixed;
    if (run && run->lab == now)
        for (const Field& field : now->schema())
            if (const FieldValue& value = form_->config().value(field.name);
                value != run->config.value(field.name))
                (now->canChange(field.name) ? changes : fixed).append(labelOf(field));
    const auto& steps = session_.slot().trace() ? session_.slot().trace()->steps : StepList();
    const std::size_t at = session_.selection().step;
    const Index from = session_.slot().lab && at < steps.size() ? steps[at]->step() + 1 : 0;
    branch_->setText(tr("Branch at step %1").arg(from));
    branch_->setEnabled(run && run->lab == now && fixed.isEmpty() && session_.slot().lab);
    hint_->setVisible(!changes.isEmpty() || !fixed.isEmpty());
    hint_->setText(!fixed.isEmpty()
            ? tr("%1: only a new start can change this.").arg(fixed.join(QStringLiteral(", ")))
            : tr("Changed: %1.").arg(changes.join(QStringLiteral(", "))));
}

}
