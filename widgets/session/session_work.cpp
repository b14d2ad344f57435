// What the Session does in the background.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_studies.h"
#include "widgets/session/patterns.h"
#include "widgets/session/player.h"
#include "widgets/session/session.h"

#include "core/source/execute.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

/// What models before may leave for the next: it is opened a quarter sooner with memory that is there.
constexpr std::size_t mostIdleBytes = std::size_t{256} << 20;

struct RunResult {
    ModelInput prepared;
    TracePtr base, edited;
    std::vector<std::string> withoutEffect;
    std::map<std::string, std::string> patches; ///< SHA-256 of each by its path
};

/// The signals that every run keeps: what views show at once, and nothing that grows with the width.
std::vector<std::string> keptSignals(const Architecture& architecture, const Config& config)
{
    std::vector<std::string> paths;
    for (const SignalInfo& signal : architecture.signalInfos(config)) {
        const bool isLarge = signal.kind == Kind::Heads || signal.kind == Kind::Tokens
            || signal.kind == Kind::Grid || signal.kind == Kind::Filter || signal.kind == Kind::Matrix;
        const bool isLearned
            = signal.kind == Kind::Filter && matches("*.weight", signal.path); // no input makes it
        const bool isJudgement = matches("stages.*.scores", signal.path); // a number per head and token
        if (isLearned || isJudgement || (!isLarge && !matches("*.scores", signal.path)))
            paths.push_back(signal.path);
    }
    return paths;
}

ExecuteOptions runOptions(const Slot& slot, const Services& services, const Job::Context& context)
{
    ExecuteOptions options;
    options.record = keptSignals(*slot.architecture, slot.weights->config());
    options.patches = patchesOf(services, context);
    options.pool = services.pool;
    options.stop = context.stop;
    options.progress = context.progress;
    if (slot.input)
        options.inputHash = slot.input->hash;
    return options;
}

}

void Session::proceed(const OpenPlan& plan)
{
    openJob_->start(
        tr("Opening"),
        [services = services_, plan](
            const Job::Context& context) { return openAll(services, plan, context); },
        [this](const Opening& opening) {
            if (opening.request)
                emit needed(*opening.request);
            else
                take(opening);
        });
}

void Session::take(const Opening& opening)
{
    const bool isReplacing = !slot().modelPath.empty()
        && std::ranges::any_of(
            opening.documents, [](const Document& document) { return document.weights || document.trace; });
    if (!opening.documents.empty())
        showSlot(0);
    if (isReplacing)
        previous_ = described();
    if (opening.session)
        take(opening.session->display);
    for (const Document& document : opening.documents)
        take(document);
    if (opening.session)
        LabStudies::of(*this).setStudy(LabStudies::studyIn(opening.session->lab));
    if (opening.session && opening.session->lab.contains(QLatin1String("runs")))
        player_->rebuild(opening.session->lab, [this, file = *opening.session] { takeSelection(file); });
    else if (opening.session)
        wanted_ = opening.session;
    if (opening.session) {
        current().edits = opening.session->edits;
        emit editsChanged();
        emit sessionOpened(*opening.session);
        if (!opening.session->path.isEmpty())
            emit opened(opening.session->path);
        showTrace();
    }
    for (const QString& warning : opening.warnings)
        emit failed(warning);
    if (isReplacing)
        emit replaced();
    for (const Document& document : opening.documents)
        for (const QString& note : document.notes)
            emit noted(note);
    run();
}

/// Of a session whose lab stands at its step again.
void Session::takeSelection(const SessionFile& file)
{
    wanted_ = file;
    wanted_->selection.step = selection_.step; // the player knows it by its number
    showTrace();
    emit selectionChanged();
}

void Session::openPreset(const std::string& id, const std::string& preset, std::uint64_t seed)
{
    const Architecture& architecture = registry().requireArchitecture(id);
    const QString name = QString::fromStdString(preset.empty() ? architecture.identity().name : preset);
    openJob_->start(
        tr("Making %1").arg(name),
        [&architecture, id, preset, name, seed](const Job::Context& context) {
            Weights::Parts parts;
            parts.architecture = id;
            parts.config = presetConfig(architecture, preset);
            const auto presets = architecture.presets();
            if (const Preset* found = findPreset(presets, preset))
                parts.preprocess = found->preprocess;
            parts.parameters = freshParameters(architecture.manifest(parts.config), seed, context.stop);
            Document document;
            document.weights = std::make_shared<const Weights>(std::move(parts));
            document.notes.push_back(tr("%1 has fresh random weights: it has learnt nothing yet.").arg(name));
            return document;
        },
        [this](const Document& document) {
            Opening opening;
            opening.documents = {document};
            take(opening);
        });
}

void Session::take(const Document& document)
{
    Slot& slot = current();
    if (document.trace) {
        slot = Slot();
        slot.base = document.trace;
        slot.modelPath = document.path;
        slot.modelHash = document.hash;
    }
    if (document.weights) {
        const InputPtr input = slot.input;
        slot = Slot();
        slot.modelPath = document.path;
        slot.modelHash = document.hash;
        slot.answers = document.answers;
        slot.weights = document.weights;
        slot.architecture = registry().architecture(document.weights->architecture());
        slot.input = input;
    }
    if (document.input)
        slot.input = document.input;
    if (document.trace || document.weights) {
        history_.clear();
        fetched_.clear();
        selection_.brushed.clear();
        selection_.pin = selection_.hover = {};
        parity_ = NAN;
        emit modelChanged();
        emit editsChanged();
        emit historyChanged();
        dropSweep();
        emit parityChanged();
        showTrace();
        if (workspace_.idleBytes() > mostIdleBytes) // of other shapes, as far as nothing shows them any more
            workspace_.trim();
    }
    if (document.input)
        emit inputChanged();
    if (!document.path.empty())
        emit opened(QString::fromStdString(document.path));
}

void Session::run()
{
    const Slot& now = slot();
    if (!now.weights || !now.input)
        return;
    runsEdits_ = runsAgain_ = false;
    runJob_->setBackground(false);
    runJob_->start(
        tr("Running the model"),
        [slot = now, services = services_, workspace = workspace_](const Job::Context& context) {
            RunResult result;
            ExecuteOptions options = runOptions(slot, services, context);
            options.workspace = workspace;
            result.prepared = prepareInput(*slot.input, *slot.architecture, *slot.weights, slot.modelPath);
            result.base = execute(*slot.architecture, *slot.weights, result.prepared.values, options);
            return result;
        },
        [this](RunResult result) {
            current().prepared = std::move(result.prepared);
            current().base = std::move(result.base);
            current().edited.reset();
            current().patches.clear();
            fetched_.clear();
            emit inputChanged();
            dropSweep();
            showTrace();
            runEdits();
            checkParity();
        });
}

/// Not before the run under way is through, unless that takes long: then the newest edits are waited for.
void Session::runEditsSoon()
{
    constexpr qint64 youngMs = 1000;
    if (runsEdits_ && runJob_->isRunning() && sinceRun_.elapsed() < youngMs && !slot().edits.empty())
        runsAgain_ = true;
    else
        runEdits(true);
}

/// While one drags its threads give way to the window's, which has a frame to draw every few milliseconds.
void Session::runEdits(bool isDragging)
{
    const Slot& now = slot();
    runsAgain_ = false;
    if (!now.base || !now.weights)
        return;
    fetched_.clear();
    if (now.edits.empty()) {
        runJob_->cancel();
        if (!now.edited)
            return;
        current().edited.reset();
        current().patches.clear();
        current().withoutEffect.clear();
        dropSweep();
        showTrace();
        return;
    }
    runsEdits_ = true;
    sinceRun_.start();
    Services services = services_;
    if (isDragging && services.labPool)
        services.pool = services.labPool;
    runJob_->setBackground(isDragging);
    runJob_->start(
        tr("Running the edits"),
        [slot = now, services, workspace = workspace_](const Job::Context& context) {
            RunResult result;
            ExecuteOptions options = runOptions(slot, services, context);
            options.workspace = workspace;
            options.edits = slot.edits;
            options.base = slot.base;
            options.withoutEffect = &result.withoutEffect;
            options.patches = patchesOf(services, context, &result.patches);
            result.edited = execute(*slot.architecture, *slot.weights, slot.base->input, options);
            return result;
        },
        [this](RunResult result) {
            current().edited = std::move(result.edited);
            current().withoutEffect = std::move(result.withoutEffect);
            current().patches = std::move(result.patches);
            for (const std::string& edit : slot().withoutEffect)
                emit noted(tr("%1 changed no number.").arg(QString::fromStdString(edit)));
            dropSweep();
            showTrace();
            if (runsAgain_)
                runEdits(true);
        });
}

void Session::fetch(const std::string& path)
{
    const Slot& now = slot();
    if (now.lab && !record(path))
        return player_->fetch(path);
    if (record(path) || !now.weights || !now.trace())
        return;
    for (const SignalInfo& signal : now.signalInfos())
        if (signal.path == path && !signal.block.empty())
            fetchJob_->start(
                tr("Recording %1").arg(QString::fromStdString(path)),
                [slot = now, signal, services = services_, workspace = workspace_](
                    const Job::Context& context) {
                    ExecuteOptions options = runOptions(slot, services, context);
                    options.workspace = workspace;
                    options.record = {signal.path};
                    return executeBlock(
                        *slot.architecture, *slot.weights, slot.trace(), signal.block, options)
                        ->find(signal.path);
                },
                [this, path](const RecordPtr& found) {
                    fetched_[path] = found;
                    selection_ = clamped(selection_);
                    emit recordFetched(QString::fromStdString(path));
                    checkWanted();
                });
}

}
