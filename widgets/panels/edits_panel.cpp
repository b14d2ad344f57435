// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/edits_panel.h"

#include "core/tensor/error.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

namespace fovea {

EditsPanel::EditsPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , list_(new QListWidget)
    , line_(new QLineEdit)
    , hint_(new QLabel)
    , scale_(new QSlider(Qt::Horizontal))
    , remove_(new QToolButton)
{
    setObjectName(QStringLiteral("edits"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    line_->setPlaceholderText(tr("blocks.3.attn.head.1=off"));
    line_->setToolTip(tr(
        "path=verb: off, mean, scale:0.5, set:0, cut. Right-click a head, a patch or a layer to pick it."));
    line_->setAccessibleName(tr("New edit"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setAccessibleName(tr("Edits"));
    scale_->setRange(0, 200);
    scale_->setAccessibleName(tr("Scale of the chosen edit, in percent"));
    scale_->setToolTip(tr("Scale, 0 to 2 times"));
    remove_->setText(tr("Remove"));
    auto* row = new QHBoxLayout;
    row->addWidget(scale_, 1);
    row->addWidget(remove_);
    hint_->setWordWrap(true);
    hint_->setForegroundRole(QPalette::PlaceholderText);
    hint_->setAlignment(Qt::AlignTop);
    hint_->setText(
        tr("Nothing is edited. Right-click a head, a patch or a layer, press K to switch the chosen head "
           "off, or write an edit above."));
    layout->addWidget(line_);
    layout->addWidget(hint_, 1);
    layout->addWidget(list_, 1);
    layout->addLayout(row);
    connect(line_, &QLineEdit::returnPressed, this, &EditsPanel::addWritten);
    connect(remove_, &QToolButton::clicked, this, &EditsPanel::removeChosen);
    connect(scale_, &QSlider::valueChanged, this, &EditsPanel::scaleChosen);
    connect(
        list_, &QListWidget::currentRowChanged, this, [this](int row_) { remove_->setEnabled(row_ >= 0); });
    connect(&session_, &Session::editsChanged, this, &EditsPanel::refresh);
    refresh();
}

void EditsPanel::addWritten()
{
    try {
        const Edit edit = Edit::parse(line_->text().trimmed().toStdString());
        line_->clear();
        if (!session_.hasEdit(edit))
            session_.toggleEdit(edit);
    } catch (const Error& error) {
        emit session_.failed(QString::fromUtf8(error.what()));
    }
}

void EditsPanel::removeChosen()
{
    if (const int row = list_->currentRow(); row >= 0)
        session_.toggleEdit(session_.slot().edits[static_cast<std::size_t>(row)]);
}

void EditsPanel::scaleChosen(int percent)
{
    const int row = list_->currentRow();
    if (row < 0)
        return;
    auto edits = session_.slot().edits;
    Edit& edit = edits[static_cast<std::size_t>(row)];
    edit.verb = "scale";
    edit.args = {QString::number(percent / 100.0).toStdString()};
    session_.setEdits(
        edits, tr("scale %1").arg(QString::fromStdString(edit.path)), QString::fromStdString(edit.path));
}

void EditsPanel::refresh()
{
    const int row = list_->currentRow();
    list_->clear();
    for (const Edit& edit : session_.slot().edits)
        list_->addItem(QString::fromStdString(edit.text()));
    list_->setCurrentRow(std::min(row < 0 ? 0 : row, list_->count() - 1));
    const bool any = list_->count() > 0;
    hint_->setVisible(!any);
    list_->setVisible(any);
    scale_->setVisible(any);
    remove_->setVisible(any);
    remove_->setEnabled(any);
    const QSignalBlocker quiet(scale_);
    if (const int now = list_->currentRow(); any && now >= 0)
        if (const Edit& edit = session_.slot().edits[static_cast<std::size_t>(now)]; edit.verb == "scale")
            scale_->setValue(static_cast<int>(100 * std::strtod(edit.args.front().c_str(), nullptr)));
}

}
