// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/relevance_panel.h"

#include "widgets/panels/schema_form.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace fovea {

namespace {

Schema settingsOfMethods()
{
    Schema fields = displaySchema();
    std::erase_if(fields, [](const Field& field) { return !isOfRelevancePanel(field.name); });
    std::stable_partition(fields.begin(), fields.end(), [](const Field& field) {
        return field.name == "relevance_class" || field.name.starts_with("removal")
            || field.name.starts_with("study_");
    });
    for (Field& field : fields)
        field.isOpen = field.isOpen || field.name == "relevance_class";
    return fields;
}

/// The classes of the model, whose names need not be known by heart; what is written stays.
void offerLabels(QComboBox& box, const Slot& slot)
{
    const QSignalBlocker quiet(box);
    const QString written = box.currentText();
    box.clear();
    if (slot.weights)
        for (const std::string& label : slot.weights->parts().labels)
            box.addItem(QString::fromStdString(label));
    box.setCurrentText(written);
}

std::map<std::string, FieldWords> methodWords()
{
    const auto tr = [](const char* text) { return RelevancePanel::tr(text); };
    return {{"relevance_class", {tr("Class"), {}, {}, tr("the most probable")}},
        {"removal",
            {tr("Removal"),
                {tr("from the sequence"), tr("mean colour"), tr("blur"), tr("zero"), tr("not at all")}}},
        {"removal_steps", {tr("Removal steps")}}, {"relevance_read", {tr("Read from")}},
        {"occlusion_fill",
            {tr("Occlusion"), {tr("from the sequence"), tr("mean colour"), tr("blur"), tr("zero")}}},
        {"cam_signal", {tr("Grad-CAM of")}}, {"noise_samples", {tr("Smooth copies")}},
        {"noise_sigma", {tr("Smooth noise")}}, {"noise_seed", {tr("Smooth seed")}},
        {"path_steps", {tr("Path steps")}},
        {"path_baseline", {tr("Path begins at"), {tr("zero"), tr("mean colour"), tr("blur")}}},
        {"random_seed", {tr("Random seed")}},
        {"study_data", {tr("Measured on"), {}, {}, tr("what the model was trained on")}},
        {"study_count", {tr("Pictures")}}, {"study_draws", {tr("Sanity draws")}}};
}

}

bool isOfRelevancePanel(const std::string& field)
{
    return field == "relevance_class" || field.starts_with("study_")
        || (findField(analysis::relevanceSchema(), field) && !findField(analysis::rolloutSchema(), field));
}

RelevancePanel::RelevancePanel(Session& session, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("relevancePanel"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* form = new SchemaForm(settingsOfMethods(), methodWords());
    layout->addWidget(scrolling(form));
    connect(form, &SchemaForm::changed, &session,
        [&session](const Config& config) { session.setDisplay(displayFrom(config)); });
    const auto show = [form, &session] { form->setConfig(configOf(session.display())); };
    connect(&session, &Session::displayChanged, form, show);
    show();
    const auto offer = [box = form->findChild<QComboBox*>(QStringLiteral("relevance_class")), &session] {
        offerLabels(*box, session.slot());
    };
    connect(&session, &Session::modelChanged, form, offer);
    offer();
}

}
