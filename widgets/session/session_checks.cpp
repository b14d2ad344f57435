// Work that asks the model many times or against its reference.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"

#include "core/analysis/effect.h"
#include "core/analysis/head_sweep.h"
#include "core/source/execute.h"
#include "core/tensor/error.h"

#include <cmath>

namespace fovea {

namespace {

/// Largest difference over the reference's root mean square.
double relativeDifference(const Tensor& found, const Tensor& reference)
{
    const auto a = found.toDoubles(), b = reference.toDoubles();
    if (a.size() != b.size())
        return INFINITY;
    double worst = 0, square = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        worst = std::max(worst, std::abs(a[i] - b[i]));
        square += b[i] * b[i];
    }
    return square > 0 ? worst / std::sqrt(square / static_cast<double>(b.size())) : worst;
}

}

void Session::checkParity()
{
    const Slot& now = slot();
    if (!now.weights || !now.weights->parts().reference.input.defined() || !std::isnan(parity_))
        return;
    parityJob_->start(
        tr("Checking against the reference"),
        [slot = now, pool = services_.pool](const Job::Context& context) {
            ExecuteOptions options;
            options.record = {"logits"};
            options.keepStates = false;
            options.pool = pool;
            options.stop = context.stop;
            const Reference& reference = slot.weights->parts().reference;
            const TracePtr trace = execute(*slot.architecture, *slot.weights, reference.input, options);
            return relativeDifference(trace->output, reference.logits);
        },
        [this](double difference) {
            parity_ = difference;
            emit parityChanged();
        });
}

void Session::startSweep()
{
    const Slot& now = slot();
    if (!now.weights || !now.trace() || !now.trace()->output.defined())
        return;
    const int best = analysis::topClasses(now.trace()->output, 1).front().index;
    sweepJob_->start(
        tr("Switching off one head at a time"),
        [slot = now, best, services = services_, workspace = workspace_](const Job::Context& context) {
            ExecuteOptions options;
            options.patches = patchesOf(services, context);
            options.pool = services.pool;
            options.workspace = workspace;
            options.stop = context.stop;
            options.progress = context.progress;
            Record effect
                = analysis::sweepHeads(*slot.architecture, *slot.weights, slot.trace(), best, options).logit;
            effect.info.role = "logit of " + slot.weights->label(best);
            return std::make_shared<const Record>(std::move(effect));
        },
        [this](RecordPtr effect) {
            sweep_ = std::move(effect);
            emit sweepChanged();
        });
}

void Session::rememberSanity(const analysis::KnownSanity& found)
{
    emit sanityMeasured(found);
    if (!services_.sanity)
        return;
    sanityJob_->start(
        tr("Remembering the sanity check"),
        [memory = services_.sanity, found](const Job::Context&) -> std::string {
            try {
                memory->remember(found);
                return {};
            } catch (const Error& error) { // the result stands all the same
                return error.what();
            }
        },
        [this](const std::string& problem) {
            if (!problem.empty())
                note(tr("The sanity check is not remembered: %1").arg(QString::fromStdString(problem)));
        });
}

void Session::dropSweep()
{
    sweepJob_->cancel();
    sweep_.reset();
    emit sweepChanged();
}

}
