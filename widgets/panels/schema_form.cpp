// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/schema_form.h"

#include "widgets/panels/calm_wheel.h"
#include "widgets/panels/fields_button.h"
#include "widgets/panels/real_box.h"
#include "widgets/views/core_text.h"

#include "core/source/field_list.h"
#include "core/train/trainer.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>

#include <limits>

namespace fovea {

namespace {

constexpr int longChoice = 12; ///< letters that there is room for beside a label

bool isLong(const QWidget* control)
{
    const auto* choices = qobject_cast<const QComboBox*>(control);
    if (!choices || choices->isEditable())
        return choices || qobject_cast<const FieldsButton*>(control);
    for (int i = 0; i < choices->count(); ++i)
        if (choices->itemText(i).size() > longChoice)
            return true;
    return false;
}

/// What is being typed stays as it is, cursor and all.
void showText(QLineEdit* line, const std::string& text)
{
    const QString shown = QString::fromStdString(text);
    if (line->text() == shown)
        return;
    line->setText(shown);
    line->setCursorPosition(0); // its beginning is seen
}

}

QWidget* scrolling(SchemaForm* form)
{
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(form);
    scroll->setMinimumWidth(
        form->minimumSizeHint().width() + scroll->verticalScrollBar()->sizeHint().width());
    return scroll;
}

QString fieldLabel(const std::string& name)
{
    QString label = QString::fromStdString(name).replace(QLatin1Char('_'), QLatin1Char(' '));
    label[0] = label[0].toUpper();
    return label;
}

SchemaForm::SchemaForm(
    const Schema& schema, std::map<std::string, FieldWords> words, const Registry* registry, QWidget* parent)
    : QWidget(parent)
    , config_(schema)
    , words_(std::move(words))
    , registry_(registry)
{
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const Field& field : schema)
        addField(field);
}

QString SchemaForm::labelOf(const Field& field) const
{
    const auto found = words_.find(field.name);
    return found == words_.end() ? coreText(fieldLabel(field.name).toStdString()) : found->second.label;
}

QString SchemaForm::hintOf(const Field& field) const
{
    const auto found = words_.find(field.name);
    return found == words_.end() || found->second.hint.isEmpty() ? coreText(field.help) : found->second.hint;
}

void SchemaForm::addField(const Field& field)
{
    QWidget* control = controlFor(field);
    control->setObjectName(QString::fromStdString(field.name));
    control->setAccessibleName(labelOf(field));
    control->setAccessibleDescription(coreText(field.help));
    control->setToolTip(coreText(field.help));
    calmWheel(control);
    auto* form = static_cast<QFormLayout*>(layout());
    if (std::holds_alternative<bool>(field.standard))
        form->addRow(control);
    else if (isLong(control)) { // a line of its own, or one would see its first letters
        auto* label = new QLabel(labelOf(field));
        label->setBuddy(control);
        form->addRow(label);
        form->addRow(control);
    } else
        form->addRow(labelOf(field), control);
    if (const auto* spin
        = qobject_cast<QAbstractSpinBox*>(control)) // its longest number would widen the form
        control->setMinimumWidth(spin->fontMetrics().averageCharWidth() * 10);
    show_.back()();
    if (const auto words = words_.find(field.name); words != words_.end() && !words->second.none.isEmpty())
        addNone(field);
}

/// Without its mark the number is what it was, or the usual one.
void SchemaForm::addNone(const Field& field)
{
    const std::string name = field.name;
    auto* box = new QCheckBox(words_.at(name).none);
    box->setObjectName(QString::fromStdString("no_" + name));
    box->setToolTip(coreText(field.help));
    connect(box, &QCheckBox::toggled, this,
        [this, name, usual = std::get<double>(field.standard), before = 0.0](bool on) mutable {
            if (isShowing_)
                return;
            if (on)
                before = config_.real(name);
            Config other = config_;
            other.set(name, on ? 0 : before != 0 ? before : usual);
            setConfig(other); // the number's own control too
            emit changed(config_);
        });
    show_.push_back([this, box, name] { box->setChecked(config_.real(name) == 0); });
    static_cast<QFormLayout*>(layout())->addRow(box);
    show_.back()();
}

QWidget* SchemaForm::controlFor(const Field& field)
{
    const std::string name = field.name;
    if (std::holds_alternative<bool>(field.standard)) {
        auto* box = new QCheckBox(labelOf(field));
        connect(box, &QCheckBox::toggled, this, [this, name](bool on) { set(name, on); });
        show_.push_back([this, box, name] { box->setChecked(config_.flag(name)); });
        return box;
    }
    if (!field.choices.empty() || field.isOpen)
        return choiceControl(field);
    if (registry_ && words_.contains(name) && !words_.at(name).fieldsOf.empty())
        return fieldsControl(field);
    if (std::holds_alternative<std::string>(field.standard)) {
        auto* line = new QLineEdit;
        line->setPlaceholderText(hintOf(field));
        connect(line, &QLineEdit::textChanged, this,
            [this, name](const QString& text) { set(name, text.toStdString()); });
        show_.push_back([this, line, name] { showText(line, config_.text(name)); });
        return line;
    }
    return numberControl(field);
}

QWidget* SchemaForm::choiceControl(const Field& field)
{
    const std::string name = field.name;
    auto* box = new QComboBox;
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // it may be narrow
    box->setMinimumContentsLength(6);
    const QStringList shown = words_.contains(name) ? words_.at(name).choices : QStringList();
    for (qsizetype i = 0; i < static_cast<qsizetype>(field.choices.size()); ++i) {
        const QString choice = QString::fromStdString(field.choices[static_cast<std::size_t>(i)]);
        box->addItem(shown.value(i, coreText(choice.toStdString())), choice);
    }
    if (field.isOpen) { // what is written there is the value
        box->setEditable(true);
        box->setInsertPolicy(QComboBox::NoInsert);
        box->lineEdit()->setPlaceholderText(hintOf(field));
        connect(box, &QComboBox::currentTextChanged, this,
            [this, name](const QString& text) { set(name, text.toStdString()); });
        show_.push_back([this, box, name] { showText(box->lineEdit(), config_.text(name)); });
        return box;
    }
    connect(box, &QComboBox::currentIndexChanged, this,
        [this, name, box] { set(name, box->currentData().toString().toStdString()); });
    show_.push_back([this, box, name] {
        box->setCurrentIndex(box->findData(QString::fromStdString(config_.text(name))));
    });
    return box;
}

QWidget* SchemaForm::numberControl(const Field& field)
{
    const std::string name = field.name;
    const bool isBounded = field.low < field.high;
    const QString suffix = field.unit.empty() ? QString() : QLatin1Char(' ') + coreText(field.unit);
    if (std::holds_alternative<std::int64_t>(field.standard)) {
        auto* box = new QSpinBox;
        constexpr int most = std::numeric_limits<int>::max();
        box->setRange(isBounded ? static_cast<int>(field.low) : -most,
            isBounded ? static_cast<int>(std::min(field.high, double{most})) : most);
        box->setSuffix(suffix);
        connect(
            box, &QSpinBox::valueChanged, this, [this, name](int value) { set(name, std::int64_t{value}); });
        show_.push_back([this, box, name] { box->setValue(config_.count(name)); });
        return box;
    }
    auto* box = new RealBox(isBounded ? field.low : -1e12, isBounded ? field.high : 1e12);
    box->setSuffix(suffix);
    connect(box, &QDoubleSpinBox::valueChanged, this, [this, name](double value) { set(name, value); });
    show_.push_back([this, box, name] { box->setValue(config_.real(name)); });
    return box;
}

QWidget* SchemaForm::fieldsControl(const Field& field)
{
    const std::string name = field.name, of = words_.at(name).fieldsOf;
    auto* button = new FieldsButton(*registry_);
    connect(button, &FieldsButton::changed, this,
        [this, name](const QString& fields) { set(name, fields.toStdString()); });
    show_.push_back([this, button, name, of] { button->show(config_.text(of), config_.text(name)); });
    return button;
}

/// Another architecture has other fields: those of a small one, or the form's own where they are meant for
/// it.
void SchemaForm::renewFieldsOf(const std::string& name)
{
    for (const Field& field : config_.schema()) {
        if (!registry_ || !words_.contains(field.name) || words_.at(field.name).fieldsOf != name)
            continue;
        const Architecture* architecture = registry_->architecture(config_.text(name));
        const bool isUsual = config_.value(name) == findField(config_.schema(), name)->standard;
        if (architecture && !isUsual)
            config_.set(field.name, fieldsText(architecture->tinyConfig(), train::fieldsOfData()));
        else
            config_.set(field.name, field.standard);
        setConfig(Config(config_));
    }
}

void SchemaForm::set(const std::string& name, const FieldValue& value)
{
    if (isShowing_ || config_.value(name) == value)
        return;
    config_.set(name, value);
    renewFieldsOf(name);
    if (const auto words = words_.find(name); words != words_.end() && !words->second.none.isEmpty())
        setConfig(Config(config_)); // its check
    emit changed(config_);
}

void SchemaForm::setConfig(const Config& config)
{
    config_ = config;
    isShowing_ = true;
    for (const auto& show : show_)
        show();
    isShowing_ = false;
}

}
