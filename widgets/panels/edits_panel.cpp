// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/edits_panel.h"

#include "widgets/views/brush_stroke.h"

#include "core/tensor/error.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// What an edit leaves of its signal: "× 0.50", or its verb.
QString factorText(const Edit& edit)
{
    const bool isNumber = factorOf(edit) && (edit.verb == "scale" || edit.verb == "gain");
    return isNumber ? QStringLiteral("× %1").arg(*factorOf(edit), 0, 'f', 2)
                    : QString::fromStdString(edit.verb);
}

}

EditsPanel::EditsPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , list_(new QListWidget)
    , line_(new QLineEdit)
    , hint_(new QLabel)
    , scale_(new QSlider(Qt::Horizontal))
    , factor_(new QLabel)
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
    list_->setTextElideMode(Qt::ElideMiddle); // where it is and what it does stand at the ends
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scale_->setRange(0, 200);
    factor_->setObjectName(QStringLiteral("factor"));
    factor_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    factor_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("× 0.00"))); // holds still
    scale_->setAccessibleName(tr("Scale of the chosen edit, in percent"));
    scale_->setToolTip(tr("Scale, 0 to 2 times"));
    remove_->setText(tr("Remove"));
    auto* row = new QHBoxLayout;
    row->addWidget(scale_, 1);
    row->addWidget(factor_);
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
    connect(list_, &QListWidget::currentRowChanged, this, &EditsPanel::showChosen);
    connect(&session_, &Session::editsChanged, this, &EditsPanel::refresh);
    connect(&session_, &Session::editsRefused, this, &EditsPanel::giveBack);
    refresh();
}

void EditsPanel::addWritten()
{
    try {
        const Edit edit = Edit::parse(line_->text().trimmed().toStdString());
        if (session_.hasEdit(edit))
            makeWritten(edit);
        else
            session_.toggleEdit(edit);
        if (!session_.hasEdit(edit))
            return; // refused: what was written can be mended
        written_ = edit;
        line_->clear();
    } catch (const Error& error) {
        emit session_.failed(QString::fromUtf8(error.what()));
    }
}

/// Of a brush's edit: it is as if it had been written, and the brush leaves it.
void EditsPanel::makeWritten(const Edit& edit)
{
    auto edits = session_.slot().edits;
    for (Edit& one : edits)
        one.stroke = one == edit ? 0 : one.stroke;
    session_.setEdits(std::move(edits), {});
}

/// What was written and could not be run can be mended, too.
void EditsPanel::giveBack(const std::vector<Edit>& refused)
{
    if (line_->text().isEmpty() && std::ranges::find(refused, written_) != refused.end())
        line_->setText(QString::fromStdString(written_.text()));
}

void EditsPanel::removeChosen()
{
    const int row = list_->currentRow();
    if (row < 0)
        return;
    auto edits = session_.slot().edits; // by its place: an equal one may stand elsewhere
    const QString name = QString::fromStdString(edits[static_cast<std::size_t>(row)].text());
    edits.erase(edits.begin() + row);
    session_.setEdits(std::move(edits), tr("remove %1").arg(name));
}

void EditsPanel::scaleChosen(int percent)
{
    const int row = list_->currentRow();
    if (row < 0)
        return;
    auto edits = session_.slot().edits;
    Edit& edit = edits[static_cast<std::size_t>(row)];
    edit = scaledTo(edit, percent / 100.0).value_or(edit);
    session_.setEdits(
        edits, tr("scale %1").arg(QString::fromStdString(edit.path)), QString::fromStdString(edit.path));
}

void EditsPanel::refresh()
{
    const int row = list_->currentRow();
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const Edit& edit : session_.slot().edits) {
        list_->addItem(QString::fromStdString(edit.text()));
        list_->item(list_->count() - 1)->setToolTip(QString::fromStdString(edit.text()));
    }
    list_->setCurrentRow(std::min(row < 0 ? 0 : row, list_->count() - 1));
    const bool any = list_->count() > 0;
    hint_->setVisible(!any);
    list_->setVisible(any);
    for (QWidget* control : std::initializer_list<QWidget*>{factor_, remove_})
        control->setVisible(any);
    showChosen();
}

void EditsPanel::showChosen()
{
    const int row = list_->currentRow();
    scale_->setVisible(false);
    if (row < 0)
        return;
    const Edit& edit = session_.slot().edits[static_cast<std::size_t>(row)];
    factor_->setText(factorText(edit));
    const auto factor = factorOf(edit);
    scale_->setVisible(factor.has_value());
    const QSignalBlocker quiet(scale_);
    scale_->setValue(static_cast<int>(std::lround(100 * factor.value_or(1))));
}

}
