// A box for a real number of any size: 0.25 and 1e-08 alike. It rounds nothing that it is given.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace fovea {

/// Its arrows change the second digit; those of a share (a range of 1 at most) move by a twentieth.
class RealBox final : public QDoubleSpinBox {
    Q_OBJECT

public:
    RealBox(double low, double high, QWidget* parent = nullptr);
    void stepBy(int steps) override;

protected:
    QString textFromValue(double value) const override;
    double valueFromText(const QString& text) const override;
    QValidator::State validate(QString& text, int& at) const override;

private:
    double parsed(const QString& text, bool& isNumber) const;
};

}
