// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/side_panels.h"

#include "widgets/panels/relevance_panel.h"
#include "widgets/panels/schema_form.h"
#include "widgets/panels/trace_model.h"
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace fovea {

namespace {

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
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(TraceModel::Name, QHeaderView::Stretch);
    tree_->header()->setSectionResizeMode(TraceModel::ShapeColumn, QHeaderView::ResizeToContents);
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, &TracePanel::choose);
    connect(tree_, &QTreeView::clicked, this, &TracePanel::choose); // the current one, too
    for (const auto signal : {&Session::traceChanged, &Session::modelChanged})
        connect(&session_, signal, this, &TracePanel::refresh);
    connect(&session_, &Session::recordFetched, this, &TracePanel::refresh);
    refresh();
}

void TracePanel::refresh()
{
    isShowing_ = true;
    const Slot& slot = session_.slot();
    auto infos = slot.signalInfos();
    if (infos.empty() && slot.trace())
        for (const RecordPtr& record : slot.trace()->matching("*", session_.selection().step))
            infos.push_back(record->info);
    model_->show(infos, [this](const std::string& path) { return session_.record(path); });
    if (const QModelIndex index = model_->indexOf(session_.selection().record); index.isValid())
        tree_->setCurrentIndex(index);
    isShowing_ = false;
}

void TracePanel::choose(const QModelIndex& index)
{
    const QString path = index.siblingAtColumn(0).data(TraceModel::pathRole).toString();
    if (path.isEmpty() || isShowing_)
        return;
    Selection selection = session_.selection();
    selection.record = path.toStdString();
    session_.setSelection(selection);
    emit chosen();
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
    readOut_->setMinimumHeight(3 * readOut_->fontMetrics().lineSpacing()); // the most lines: nothing jumps
    readOut_->setAlignment(Qt::AlignTop);
    readOut_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    readOut_->setAccessibleName(tr("Read-out"));
    form->addRow(readOut_);
    channel_->setRange(0, 1'000'000);
    connect(layer_, &QSpinBox::valueChanged, this,
        [this](int value) { change([=, this](Selection& s) { s.layer = layerTowards(value); }); });
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
    connect(&session_, &Session::recordFetched, this, &SelectionPanel::refresh); // now it has channels
    refresh();
}

/// Of the layers that attend the one of that number, else the next one on the way there.
int SelectionPanel::layerTowards(int number) const
{
    const Patterns& patterns = session_.patterns();
    const int now = session_.selection().layer;
    if (patterns.empty())
        return now;
    int layer = now;
    while (layer + 1 < patterns.layers() && patterns.number(layer) < number)
        ++layer;
    while (layer > 0 && patterns.number(layer) > number && layer <= now)
        --layer;
    return layer;
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
    layer_->setRange(isEmpty ? 0 : patterns.number(0), isEmpty ? 0 : patterns.number(patterns.layers() - 1));
    head_->setRange(0, isEmpty ? 0 : patterns.heads(s.layer) - 1);
    const int groups = isEmpty ? 1 : static_cast<int>(shapeOf(*patterns.layer(s.layer))[0]);
    group_->setRange(0, groups - 1);
    auto* form = static_cast<QFormLayout*>(layout());
    form->setRowVisible(group_, groups > 1);
    const RecordPtr record = session_.record(s.record);
    const Kind kind = record ? record->kind() : Kind::Scalar;
    form->setRowVisible(channel_, kind == Kind::Grid || kind == Kind::Filter);
    layer_->setValue(isEmpty ? 0 : patterns.number(s.layer));
    head_->setValue(s.head);
    head_->setEnabled(s.reading == HeadReading::One);
    group_->setValue(s.group);
    channel_->setValue(s.channel);
    reading_->setCurrentIndex(static_cast<int>(s.reading));
    direction_->setCurrentIndex(static_cast<int>(s.direction));
    const TracePtr& trace = session_.slot().trace();
    readOut_->setText(!isEmpty               ? readOutInWords(patterns, s)
            : trace && !trace->steps.empty() ? tr("No attention patterns in this trace.")
                                             : tr("Nothing has been run yet."));
    isShowing_ = false;
}

namespace {

/// The display settings but for those of the relevance methods, which have a panel of their own.
Schema settingsOfViews()
{
    Schema fields = displaySchema();
    std::erase_if(fields, [](const Field& field) { return isOfRelevancePanel(field.name); });
    std::stable_partition(
        fields.begin(), fields.end(), [](const Field& field) { // those of maps, then those of steps
            return !field.name.starts_with("curve_") && !field.name.starts_with("map_")
                && field.name != "head_measure";
        });
    return fields;
}

}

DisplayPanel::DisplayPanel(Session& session, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("display"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* form = new SchemaForm(settingsOfViews(),
        {{"colors", {tr("Colours")}},
            {"scale", {tr("Scale"), {tr("each map"), tr("this layer"), tr("all shown"), tr("fixed")}}},
            {"fixed_max", {tr("Fixed maximum")}}, {"logarithmic", {tr("Logarithmic colours")}},
            {"opacity", {tr("Opacity")}}, {"grid", {tr("Patch grid")}},
            {"hide_specials", {tr("Hide special tokens")}},
            {"whole_matrices", {tr("Whole matrices as thumbnails")}},
            {"curve_log_steps", {tr("Logarithmic steps")}}, {"curve_log_values", {tr("Logarithmic values")}},
            {"curve_smoothing", {tr("Smoothing")}}, {"curve_difference", {tr("A − B instead of both")}},
            {"head_measure", {tr("Heads over steps"), {tr("entropy"), tr("distance"), tr("special share")}}},
            {"map_steps", {tr("Steps shown"), {}, {}, tr("all recorded")}},
            {"map_panels", {tr("Panels"), {}, {}, tr("around the chosen one")}},
            {"map_columns", {tr("Elements"), {tr("not always zero"), tr("all"), tr("own of each panel")}}},
            {"map_runs", {tr("Runs"), {tr("shown and compared"), tr("shown"), tr("all")}}},
            {"map_course", {tr("Courses of")}}, {"map_color", {tr("Coloured by")}},
            {"filter_order", {tr("Channel order"), {tr("as stored"), tr("by band"), tr("by likeness")}}},
            {"filter_magnitude", {tr("Magnitude"), {tr("linear"), tr("logarithmic"), tr("decibels")}}},
            {"dropped", {tr("Dropped patches"), {tr("dimmed"), tr("white")}}},
            {"strip", {tr("Strip"), {}, {}, tr("further pictures, joined by ;")}},
            {"cost_x", {tr("Cost"), {tr("MACs"), tr("milliseconds")}}},
            {"cost_y", {tr("Against cost"), {tr("accuracy"), tr("Δ logit")}}},
            {"cost_thresholds", {tr("Thresholds"), {}, {}, tr(".3 to .7")}},
            {"cost_calibration", {tr("Equal cost on")}}, {"rollout_start", {tr("Rollout start")}},
            {"rollout_residual", {tr("Rollout residual")}},
            {"rollout_fusion", {tr("Rollout heads"), {tr("mean"), tr("minimum"), tr("maximum")}}},
            {"rollout_discard", {tr("Rollout discards")}},
            {"rollout_variant", {tr("Rollout divides by"), {tr("row sums"), tr("vit-explain's sums")}}}});
    layout->addWidget(scrolling(form));
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

}
