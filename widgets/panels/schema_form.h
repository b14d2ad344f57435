// A form made from a Schema: one control for each field, with its range, unit and help.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace fovea {

class SchemaForm final : public QWidget {
    Q_OBJECT

public:
    explicit SchemaForm(const Schema& schema, QWidget* parent = nullptr);

    const Config& config() const { return config_; }
    /// Shows other values; says nothing.
    void setConfig(const Config& config);

signals:
    /// A person changed a field.
    void changed(const fovea::Config& config);

private:
    void addField(const Field& field);
    QWidget* controlFor(const Field& field);
    QWidget* numberControl(const Field& field);
    void set(const std::string& name, const FieldValue& value);

    Config config_;
    std::vector<std::function<void()>> show_; // one per field: the control takes the config's value
    bool isShowing_ = false;
};

/// "rollout_start" as people read it: "Rollout start".
QString fieldLabel(const std::string& name);

}
