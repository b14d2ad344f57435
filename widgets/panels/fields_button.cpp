// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/fields_button.h"

#include "widgets/panels/schema_form.h"

#include "core/source/field_list.h"
#include "core/tensor/error.h"
#include "core/train/trainer.h"

#include <QComboBox>
#include <QLabel>
#include <QScreen>
#include <QStyle>
#include <QStyleOptionButton>
#include <QStylePainter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace fovea {

namespace {

constexpr int popupHeight = 420, leastCharacters = 12, arrowWidth = 24;

Schema freeFieldsOf(const Architecture& architecture)
{
    Schema fields = architecture.schema();
    std::erase_if(fields, [](const Field& field) {
        return std::ranges::find(train::fieldsOfData(), field.name) != train::fieldsOfData().end();
    });
    return fields;
}

}

FieldsButton::FieldsButton(const Registry& registry, QWidget* parent)
    : QPushButton(parent)
    , registry_(registry)
{
    connect(this, &QPushButton::clicked, this, &FieldsButton::open);
}

void FieldsButton::show(const std::string& architecture, const std::string& fields)
{
    architecture_ = registry_.architecture(architecture);
    setEnabled(architecture_ != nullptr);
    config_ = Config(architecture_ ? freeFieldsOf(*architecture_) : Schema());
    try {
        for (const auto& [name, value] : fieldsIn(fields, objectName().toStdString()))
            if (findField(config_.schema(), name))
                config_.setText(name, value);
    } catch (const Error&) {
        setToolTip(QString::fromStdString(fields)); // a file said so; the lab tells what is wrong with it
    }
    showText();
}

QSize FieldsButton::sizeHint() const
{
    const QSize usual = QPushButton::sizeHint();
    return {fontMetrics().averageCharWidth() * leastCharacters + arrowWidth, usual.height()};
}

void FieldsButton::resizeEvent(QResizeEvent* event)
{
    QPushButton::resizeEvent(event);
    showText();
}

/// A button like others, but its text begins at the left. (A style sheet would keep the colours of one
/// theme.)
void FieldsButton::paintEvent(QPaintEvent* /*event*/)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    const QString text = std::exchange(option.text, {});
    painter.drawControl(QStyle::CE_PushButton, option);
    painter.drawItemText(rect().adjusted(arrowWidth / 3, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
        palette(), isEnabled(), text, QPalette::ButtonText);
}

/// As much as there is room for; the whole is in the tip.
void FieldsButton::showText()
{
    QString all = QString::fromStdString(fieldsText(config_)).replace(QLatin1Char('_'), QLatin1Char(' '));
    all.replace(QLatin1Char('='), QLatin1Char(' ')).replace(QLatin1Char(','), QStringLiteral(", "));
    const QString whole = all.isEmpty() ? tr("as it is") : all;
    setToolTip(tr("%1\nClick for all fields and presets").arg(whole));
    setAccessibleDescription(whole);
    setText(fontMetrics().elidedText(whole, Qt::ElideRight, width() - arrowWidth));
}

void FieldsButton::take(const Config& config)
{
    config_ = config;
    showText();
    emit changed(QString::fromStdString(fieldsText(config_)));
}

void FieldsButton::takePreset(int row)
{
    if (row <= 0) // the line that says what the box is for
        return;
    Config chosen(config_.schema());
    const std::vector<Preset> presets = architecture_->presets();
    for (const auto& [name, value] : presets[static_cast<std::size_t>(row - 1)].values)
        if (findField(chosen.schema(), name))
            chosen.set(name, value);
    form_->setConfig(chosen);
    take(chosen);
}

QWidget* FieldsButton::makePopup()
{
    auto* popup = new QFrame(this, Qt::Popup);
    popup->setObjectName(QStringLiteral("fieldsPopup"));
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setFrameShape(QFrame::StyledPanel);
    auto* column = new QVBoxLayout(popup);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(new QLabel(tr("%1: the data set decides what is not here")
                                     .arg(QString::fromStdString(architecture_->identity().name))));
    auto* presets = new QComboBox;
    presets->setAccessibleName(tr("Preset"));
    presets->addItem(tr("Preset"));
    for (const Preset& preset : architecture_->presets())
        presets->addItem(QString::fromStdString(preset.name));
    connect(presets, &QComboBox::activated, this, &FieldsButton::takePreset);
    column->addWidget(presets);
    form_ = new SchemaForm(config_.schema());
    form_->layout()->setContentsMargins(0, 0, 8, 0);
    form_->setConfig(config_);
    connect(form_, &SchemaForm::changed, this, &FieldsButton::take);
    column->addWidget(scrolling(form_), 1);
    return popup;
}

void FieldsButton::open()
{
    if (!architecture_)
        return;
    QWidget* popup = makePopup();
    const QRect room = screen()->availableGeometry();
    QSize size = popup->sizeHint().expandedTo({width(), popupHeight});
    size.setHeight(std::min(size.height(), room.height()));
    QPoint at = mapToGlobal(QPoint(0, height()));
    at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - size.width())));
    at.setY(std::clamp(at.y(), room.top(), std::max(room.top(), room.bottom() - size.height())));
    popup->setGeometry(QRect(at, size));
    popup->show();
}

}
