// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/foreign_dialog.h"

#include "widgets/panels/schema_form.h"
#include "widgets/views/core_text.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace fovea {

namespace {

constexpr std::array stateNames{QT_TRANSLATE_NOOP("ForeignDialog", "matched"),
    QT_TRANSLATE_NOOP("ForeignDialog", "missing"), QT_TRANSLATE_NOOP("ForeignDialog", "wrong shape"),
    QT_TRANSLATE_NOOP("ForeignDialog", "unused"), QT_TRANSLATE_NOOP("ForeignDialog", "accepted")};

QString nameOf(TensorReport::State state)
{
    return QCoreApplication::translate("ForeignDialog", stateNames[static_cast<std::size_t>(state)]);
}

/// "150 matched, 2 unused"
QString summaryOf(const std::vector<TensorReport>& report)
{
    QStringList parts;
    for (std::size_t state = 0; state < stateNames.size(); ++state) {
        const auto isOfState
            = [&](const TensorReport& row) { return static_cast<std::size_t>(row.state) == state; };
        if (const auto count = std::ranges::count_if(report, isOfState))
            parts.append(
                QStringLiteral("%1 %2").arg(count).arg(nameOf(static_cast<TensorReport::State>(state))));
    }
    return parts.join(QStringLiteral(", "));
}

/// What a question asks for, and between which numbers.
std::string helpOn(const Field& question)
{
    QString help = coreText(question.help);
    if (question.low < question.high)
        help = ForeignDialog::tr("%1 (%2 to %3)").arg(help).arg(question.low).arg(question.high);
    return (question.isOpen ? ForeignDialog::tr("%1 (or its JSON)").arg(help) : help).toStdString();
}

QLabel* wrapped(const QString& text)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

std::map<std::string, FieldWords> wordsFor(const Schema& asked)
{
    std::map<std::string, FieldWords> words;
    for (const Field& field : asked)
        if (!field.choices.empty() && !field.isOpen)
            words[field.name]
                = {coreText(fieldLabel(field.name).toStdString()), {ForeignDialog::tr("choose…")}};
    return words;
}

}

Schema askedOf(const Schema& questions)
{
    Schema asked;
    for (const Field& question : questions) {
        Field field{question.name, std::string(), helpOn(question)};
        field.isOpen = question.isOpen;
        field.choices = question.choices;
        if (std::holds_alternative<bool>(question.standard))
            field.choices = {"true", "false"};
        if (!field.choices.empty())
            field.choices.insert(field.choices.begin(), "");
        asked.push_back(field);
    }
    return asked;
}

ForeignDialog::ForeignDialog(Session& session, OpenRequest request, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , request_(std::move(request))
{
    setObjectName(QStringLiteral("foreignDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    const io::Recognition& found = request_.questions->found;
    const QString file = QFileInfo(QString::fromStdString(request_.path)).fileName();
    setWindowTitle(tr("Open %1").arg(file));
    const Schema asked = askedOf(found.questions);
    form_ = new SchemaForm(asked, wordsFor(asked));
    form_->layout()->setContentsMargins(0, 8, 0, 8);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel | QDialogButtonBox::Open);
    open_ = buttons->button(QDialogButtonBox::Open);
    open_->setEnabled(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    const Identity identity = session_.registry().requireArchitecture(found.architecture).identity();
    column->addWidget(
        wrapped(tr("%1 is a %2, its tensors named as in %3. Names and shapes do not tell the following:")
                    .arg(file, coreText(identity.name), QString::fromStdString(found.naming))));
    column->addWidget(form_);
    column->addWidget(wrapped(tr("Tensors: %1").arg(summaryOf(found.report))));
    column->addWidget(reportTable(), 1);
    column->addWidget(buttons);
    resize(640, 560);
    connect(form_, &SchemaForm::changed, this, [this](const Config& config) {
        open_->setEnabled(std::ranges::none_of(
            config.schema(), [&](const Field& field) { return config.text(field.name).empty(); }));
    });
    connect(buttons, &QDialogButtonBox::accepted, this, [this] { session_.proceed(answered()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(&session_, &Session::modelChanged, this, [this] {
        if (session_.slot().modelPath == request_.path)
            close();
    });
}

QWidget* ForeignDialog::reportTable() const
{
    auto* table = new QTreeWidget;
    table->setObjectName(QStringLiteral("tensors"));
    table->setAccessibleName(tr("Tensors"));
    table->setHeaderLabels({tr("State"), tr("Tensor"), tr("In the file"), tr("Shape")});
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    auto report = request_.questions->found.report;
    std::stable_partition(report.begin(), report.end(), [](const TensorReport& row) {
        return row.state != TensorReport::State::Matched && row.state != TensorReport::State::Accepted;
    });
    for (const TensorReport& row : report)
        new QTreeWidgetItem(table,
            {nameOf(row.state), QString::fromStdString(row.name), QString::fromStdString(row.source),
                QString::fromStdString(row.detail)
                    + (row.hasNonFinite ? tr(", holds NaN or infinity") : QString())});
    table->setTextElideMode(Qt::ElideMiddle);
    table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->header()->setStretchLastSection(false);
    table->header()->setSectionResizeMode(2, QHeaderView::Stretch); // the shape stays in sight
    return table;
}

OpenPlan ForeignDialog::answered() const
{
    OpenPlan plan = request_.plan;
    for (const Field& field : form_->config().schema())
        plan.answers[request_.path][field.name] = form_->config().text(field.name);
    return plan;
}

}
