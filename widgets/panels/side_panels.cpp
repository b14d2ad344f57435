// The panels that show and change the selection, the edits and the display.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/side_panels.h"

#include "widgets/panels/schema_form.h"
#include "widgets/panels/trace_model.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include <QAction>
#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace fovea {

namespace {

constexpr int stepMs = 120;

void addSpin(QFormLayout* form, const QString& label, QSpinBox* box)
{
    box->setAccessibleName(label);
    form->addRow(label, box);
}

}

TracePanel::TracePanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , model_(new TraceModel(this))
    , tree_(new QTreeView)
{
    setObjectName(QStringLiteral("trace"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tree_);
    tree_->setModel(model_);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setIndentation(12);
    tree_->setUniformRowHeights(true);
    tree_->setAccessibleName(tr("Signals of the trace"));
    tree_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& index) {
            const QString path = index.siblingAtColumn(0).data(TraceModel::PathRole).toString();
            Selection selection = session_.selection();
            if (path.isEmpty())
                return;
            selection.record = path.toStdString();
            session_.setSelection(selection);
        });
    connect(&session_, &Session::traceChanged, this, &TracePanel::refresh);
    refresh();
}

void TracePanel::refresh()
{
    const QSignalBlocker quiet(tree_->selectionModel());
    model_->show(session_.slot().signalInfos(), session_.slot().trace(), session_.selection().step);
    if (const QModelIndex index = model_->indexOf(session_.selection().record); index.isValid())
        tree_->setCurrentIndex(index);
}

SelectionPanel::SelectionPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , layer_(new QSpinBox)
    , head_(new QSpinBox)
    , channel_(new QSpinBox)
    , group_(new QSpinBox)
    , reading_(new QComboBox)
    , direction_(new QComboBox)
    , readOut_(new QLabel)
{
    setObjectName(QStringLiteral("selectionPanel"));
    auto* form = new QFormLayout(this);
    form->setContentsMargins(8, 8, 8, 8);
    form->setSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    reading_->addItems({tr("one head"), tr("mean of heads"), tr("minimum of heads"), tr("maximum of heads")});
    direction_->addItems({tr("query's row"), tr("key's column")});
    reading_->setAccessibleName(tr("Heads"));
    direction_->setAccessibleName(tr("Show the"));
    addSpin(form, tr("Layer"), layer_);
    form->addRow(tr("Heads"), reading_);
    addSpin(form, tr("Head"), head_);
    form->addRow(tr("Show the"), direction_);
    addSpin(form, tr("Window"), group_);
    addSpin(form, tr("Channel"), channel_);
    readOut_->setWordWrap(true);
    readOut_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    readOut_->setAccessibleName(tr("Read-out"));
    form->addRow(readOut_);
    channel_->setRange(0, 1'000'000);
    connect(layer_, &QSpinBox::valueChanged, this,
        [this](int value) { change([=](Selection& s) { s.layer = value; }); });
    connect(head_, &QSpinBox::valueChanged, this,
        [this](int value) { change([=](Selection& s) { s.head = value; }); });
    connect(group_, &QSpinBox::valueChanged, this,
        [this](int value) { change([=](Selection& s) { s.group = value; }); });
    connect(channel_, &QSpinBox::valueChanged, this,
        [this](int value) { change([=](Selection& s) { s.channel = value; }); });
    connect(reading_, &QComboBox::currentIndexChanged, this,
        [this](int index) { change([=](Selection& s) { s.reading = static_cast<HeadReading>(index); }); });
    connect(direction_, &QComboBox::currentIndexChanged, this,
        [this](int index) { change([=](Selection& s) { s.direction = static_cast<Direction>(index); }); });
    connect(&session_, &Session::selectionChanged, this, &SelectionPanel::refresh);
    connect(&session_, &Session::traceChanged, this, &SelectionPanel::refresh);
    refresh();
}

void SelectionPanel::change(const std::function<void(Selection&)>& set)
{
    if (isShowing_)
        return;
    Selection selection = session_.selection();
    set(selection);
    session_.setSelection(selection);
}

void SelectionPanel::refresh()
{
    isShowing_ = true;
    const Patterns& patterns = session_.patterns();
    const Selection& s = session_.selection();
    const bool isEmpty = patterns.empty();
    layer_->setRange(0, std::max(0, patterns.layers() - 1));
    head_->setRange(0, isEmpty ? 0 : patterns.heads(s.layer) - 1);
    const int groups = isEmpty ? 1 : static_cast<int>(shapeOf(*patterns.layer(s.layer))[0]);
    group_->setRange(0, groups - 1);
    auto* form = static_cast<QFormLayout*>(layout());
    form->setRowVisible(group_, groups > 1);
    const RecordPtr record = session_.record(s.record);
    const Kind kind = record ? record->kind() : Kind::Scalar;
    form->setRowVisible(channel_, kind == Kind::Grid || kind == Kind::Filter);
    layer_->setValue(s.layer);
    head_->setValue(s.head);
    head_->setEnabled(s.reading == HeadReading::One);
    group_->setValue(s.group);
    channel_->setValue(s.channel);
    reading_->setCurrentIndex(static_cast<int>(s.reading));
    direction_->setCurrentIndex(static_cast<int>(s.direction));
    readOut_->setText(isEmpty ? tr("No attention patterns in this trace.") : readOutInWords(patterns, s));
    isShowing_ = false;
}

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

DisplayPanel::DisplayPanel(Session& session, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("display"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* form = new SchemaForm(displaySchema(),
        {{"colors", {tr("Colours")}},
            {"scale", {tr("Scale"), {tr("each map"), tr("this layer"), tr("all shown"), tr("fixed")}}},
            {"fixed_max", {tr("Fixed maximum")}}, {"logarithmic", {tr("Logarithmic colours")}},
            {"opacity", {tr("Opacity")}}, {"grid", {tr("Patch grid")}},
            {"hide_specials", {tr("Hide special tokens")}},
            {"whole_matrices", {tr("Whole matrices as thumbnails")}},
            {"rollout_start", {tr("Rollout from layer")}}, {"rollout_residual", {tr("Rollout residual")}},
            {"rollout_fusion", {tr("Rollout heads"), {tr("mean"), tr("minimum"), tr("maximum")}}},
            {"rollout_discard", {tr("Rollout discards")}}});
    auto* scroll = new QScrollArea; // a long form must not squeeze the other panels
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(form);
    layout->addWidget(scroll);
    connect(form, &SchemaForm::changed, &session,
        [&session](const Config& config) { session.setDisplay(displayFrom(config)); });
    const auto show = [form, &session] {
        form->setConfig(configOf(session.display()));
        form->findChild<QWidget*>(QStringLiteral("fixed_max"))
            ->setEnabled(session.display().scale == ScaleMode::Fixed);
    };
    connect(&session, &Session::displayChanged, form, show);
    show();
}

TimeBar::TimeBar(Session& session, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , slider_(new QSlider(Qt::Horizontal))
    , play_(new QToolButton)
    , label_(new QLabel)
    , timer_(new QTimer(this))
{
    setObjectName(QStringLiteral("timeBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    play_->setText(tr("Play"));
    play_->setToolTip(tr("Play or pause (Space)"));
    slider_->setAccessibleName(tr("Step"));
    row->addWidget(play_);
    row->addWidget(slider_, 1);
    row->addWidget(label_);
    timer_->setInterval(stepMs);
    connect(play_, &QToolButton::clicked, this, &TimeBar::togglePlay);
    connect(
        slider_, &QSlider::valueChanged, this, [this](int step) { goTo(static_cast<std::size_t>(step)); });
    connect(timer_, &QTimer::timeout, this, [this] {
        if (session_.selection().step + 1 < steps())
            goTo(session_.selection().step + 1);
        else
            togglePlay();
    });
    connect(&session_, &Session::traceChanged, this, &TimeBar::refresh);
    connect(&session_, &Session::selectionChanged, this, &TimeBar::refresh);
    refresh();
}

std::size_t TimeBar::steps() const
{
    return session_.slot().trace() ? session_.slot().trace()->steps.size() : 0;
}

void TimeBar::goTo(std::size_t step)
{
    Selection selection = session_.selection();
    selection.step = step;
    session_.setSelection(selection);
}

void TimeBar::togglePlay()
{
    if (timer_->isActive())
        timer_->stop();
    else if (steps() > 1)
        timer_->start();
    play_->setText(timer_->isActive() ? tr("Pause") : tr("Play"));
}

void TimeBar::refresh()
{
    const std::size_t count = steps(), now = session_.selection().step;
    setVisible(count > 1);
    const QSignalBlocker quiet(slider_);
    slider_->setRange(0, std::max(0, static_cast<int>(count) - 1));
    slider_->setValue(static_cast<int>(now));
    if (count > 0)
        label_->setText(tr("step %1 of %2")
                            .arg(session_.slot().trace()->steps[now]->step())
                            .arg(session_.slot().trace()->steps.back()->step()));
}

}
