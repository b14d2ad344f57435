// A button that tells the fields of an architecture in one line, "dim=48,depth=4", and opens a form of them.
// It knows names and ranges from the architecture's schema alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/registry.h"

#include <QPushButton>

class QComboBox;

namespace fovea {

class SchemaForm;

class FieldsButton final : public QPushButton {
    Q_OBJECT

public:
    explicit FieldsButton(const Registry& registry, QWidget* parent = nullptr);
    /// Says nothing. Fields that the architecture does not have are left out.
    void show(const std::string& architecture, const std::string& fields);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    /// A person changed a field.
    void changed(const QString& fields);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void open();
    void showText();
    void take(const Config& config);
    void takePreset(int row);
    QWidget* makePopup();

    const Registry& registry_;
    const Architecture* architecture_ = nullptr;
    Config config_;
    SchemaForm* form_ = nullptr; // of the popup, while it is open
};

}
