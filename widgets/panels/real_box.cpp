// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/real_box.h"

namespace fovea {

namespace {

constexpr int digits = 6, exactDecimals = 40; // what a person reads; more than a double can tell apart

}

RealBox::RealBox(double low, double high, QWidget* parent)
    : QDoubleSpinBox(parent)
{
    setDecimals(exactDecimals);
    setRange(low, high);
    if (high - low <= 1)
        setSingleStep(0.05);
    else
        setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
}

void RealBox::stepBy(int steps)
{
    QDoubleSpinBox::stepBy(steps);
    setValue(QString::number(value(), 'g', 12).toDouble()); // 0.15, not 0.15000000000000002
}

QString RealBox::textFromValue(double value) const { return QString::number(value, 'g', digits); }

double RealBox::parsed(const QString& text, bool& isNumber) const
{
    QString number = text;
    if (number.endsWith(suffix()))
        number.chop(suffix().size());
    return number.trimmed().replace(QLatin1Char(','), QLatin1Char('.')).toDouble(&isNumber);
}

double RealBox::valueFromText(const QString& text) const
{
    bool isNumber = false;
    const double number = parsed(text, isNumber);
    return isNumber ? number : value();
}

QValidator::State RealBox::validate(QString& text, int&) const
{
    bool isNumber = false;
    const double number = parsed(text, isNumber);
    return isNumber && number >= minimum() && number <= maximum() ? QValidator::Acceptable
                                                                  : QValidator::Intermediate;
}

}
