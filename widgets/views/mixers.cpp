// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/mixers.h"

#include "core/analysis/rollout.h"
#include "core/source/execute.h"
#include "core/trace/layer_number.h"

#include <QCoreApplication>

#include <algorithm>

namespace fovea {

std::vector<Mixer> mixersOf(const Trace& trace, std::size_t step)
{
    std::vector<Mixer> mixers;
    if (step >= trace.steps.size())
        return mixers;
    for (const RecordPtr& record : trace.steps[step]->all())
        if (record->kind() == Kind::Filter && record->path().ends_with(".weight")
            && record->value.dtype() == DType::C64 && record->value.count() > 0)
            mixers.push_back({record, layerNumber(record->info, static_cast<int>(mixers.size()))});
    int pattern = 0;
    for (const RecordPtr& record : analysis::patternsOf(trace, step))
        if (record->queries) {
            mixers.push_back({record, layerNumber(record->info, pattern), pattern});
            ++pattern;
        }
    std::ranges::stable_sort(mixers, {}, &Mixer::number);
    return mixers;
}

int chosenMixer(const std::vector<Mixer>& mixers, const Selection& selection)
{
    auto found = std::ranges::find_if(mixers,
        [&](const Mixer& mixer) { return mixer.isFilter() && mixer.record->path() == selection.record; });
    if (found == mixers.end())
        found = std::ranges::find(mixers, selection.layer, &Mixer::pattern);
    if (found == mixers.end())
        found = mixers.begin();
    return mixers.empty() ? -1 : static_cast<int>(found - mixers.begin());
}

Selection withMixer(Selection selection, const Mixer& mixer)
{
    selection.record = mixer.record->path();
    if (!mixer.isFilter())
        selection.layer = mixer.pattern;
    return selection;
}

std::vector<RecordPtr> tokensOf(const Slot& slot, const Services& services, std::size_t step,
    const std::string& block, const RecordPtr& marker, const Job::Context& context)
{
    ExecuteOptions options;
    options.patches = patchesOf(services, context);
    options.pool = services.labPool ? services.labPool : services.pool; // it follows each run
    options.stop = context.stop;
    options.record.clear();
    bool isKept = true;
    for (const SignalInfo& signal : slot.signalInfos()) {
        const bool isWanted = signal.kind == Kind::Tokens || (marker && signal.path == marker->path());
        if (signal.block != block || !isWanted)
            continue;
        options.record.push_back(signal.path);
        isKept = isKept && slot.trace()->find(signal.path, step);
    }
    const TracePtr from = isKept || !slot.weights
        ? slot.trace()
        : executeBlock(*slot.architecture, *slot.weights, slot.trace(), block, options);
    std::vector<RecordPtr> records;
    for (const RecordPtr& record : from->steps[from == slot.trace() ? step : 0]->all())
        if (record->info.block == block
            && (record->kind() == Kind::Tokens || (marker && record->path() == marker->path())))
            records.push_back(record);
    return records;
}

QString missingRun(const Session& session, const QString& what)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("Mixers", text); };
    const Slot& slot = session.slot();
    if (!slot.weights && !slot.base)
        return tr(QT_TRANSLATE_NOOP("Mixers", "Open a model, or drop one here."));
    if (slot.base)
        return what;
    return slot.input ? tr(QT_TRANSLATE_NOOP("Mixers", "The model is running."))
                      : tr(QT_TRANSLATE_NOOP("Mixers", "Drop a picture here: the model has not run yet."));
}

}
