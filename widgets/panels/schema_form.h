// A form made from a Schema: one control for each field, with its range, unit and help.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"

#include <QWidget>

#include <functional>
#include <map>
#include <vector>

namespace fovea {

class Registry;

/// What people read of a field in their language: its label, and its choices in the schema's order.
struct FieldWords {
    QString label;
    QStringList choices = {};
    /// Another field, which names an architecture: this one's text holds fields of that one's schema.
    std::string fieldsOf = {};
    /// Stands where nothing is written; empty: the field's help.
    QString hint = {};
    /// Of a number: on a check below it, which makes it 0 and back; empty: there is none.
    QString none = {};
};

class SchemaForm final : public QWidget {
    Q_OBJECT

public:
    /// Where `words` has nothing on a field, its name and its choices stand for themselves. `registry` knows
    /// the architectures that `fieldsOf` means.
    explicit SchemaForm(const Schema& schema, std::map<std::string, FieldWords> words = {},
        const Registry* registry = nullptr, QWidget* parent = nullptr);

    const Config& config() const { return config_; }
    /// Shows other values; says nothing.
    void setConfig(const Config& config);

signals:
    /// A person changed a field.
    void changed(const fovea::Config& config);

private:
    void addField(const Field& field);
    void addNone(const Field& field);
    QString labelOf(const Field& field) const;
    QString hintOf(const Field& field) const;
    QWidget* controlFor(const Field& field);
    QWidget* choiceControl(const Field& field);
    QWidget* numberControl(const Field& field);
    QWidget* fieldsControl(const Field& field);
    void renewFieldsOf(const std::string& name);
    void set(const std::string& name, const FieldValue& value);

    Config config_;
    std::map<std::string, FieldWords> words_;
    const Registry* registry_;
    std::vector<std::function<void()>> show_; // one per field: the control takes the config's value
    bool isShowing_ = false;
};

/// A form in an area that scrolls up and down: a long one must not squeeze the other panels.
QWidget* scrolling(SchemaForm* form);

/// "rollout_start" as people read it: "Rollout start".
QString fieldLabel(const std::string& name);

}
