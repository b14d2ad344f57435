// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/contract_report.h"
#include "core/source/contract_witness.h"
#include "core/source/execute.h"
#include "core/source/token_input.h"
#include "core/trace/attention.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fovea {

namespace {

/// An architecture with fresh weights of its tiny config, and the checks that run it.
class Subject {
public:
    Subject(const Architecture& architecture, Report& report)
        : architecture_(architecture)
        , report_(report)
        , config_(architecture.tinyConfig())
        , infos_(architecture.signalInfos(config_))
        , blocks_(architecture.blocks(config_))
        , manifest_(architecture.manifest(config_))
        , weights_(freshWeights(architecture, config_, 1))
        , input_(contractInput(architecture, config_, 1))
    {
    }

    void checkAll()
    {
        report_.rule("manifest", [&] { checkManifest(); });
        report_.rule("signals", [&] { checkShown(); });
        report_.rule("speed", [&] { checkSpeed(); });
        report_.rule("observing", [&] { checkObserving(); });
        report_.rule("repeating", [&] { checkRepeating(); });
        report_.rule("blocks", [&] { checkBlocks(); });
        report_.rule("batch", [&] { checkBatch(); });
        report_.rule("factors", [&] { checkFactors(); });
        report_.rule("weights", [&] { checkMissing(); });
        report_.rule("stopping", [&] { checkStopping(); });
    }

private:
    /// Stopped by who stops the contract.
    ExecuteOptions watched() const
    {
        ExecuteOptions options;
        options.stop = report_.stop();
        return options;
    }
    TracePtr record() const { return record(watched()); }
    TracePtr record(const ExecuteOptions& options) const
    {
        return execute(architecture_, *weights_, input_, options);
    }
    Tensor forward(RunOptions options, const Tensor& input) const
    {
        options.stop = report_.stop();
        Run run(*weights_, options);
        return architecture_.forward(run, config_, input);
    }

    void checkManifest()
    {
        report_.requireUnique(manifest_, &ParameterInfo::name, "tensor");
        std::set<std::string> asked;
        NamedTensors kept;
        RunOptions options;
        options.asked = &asked;
        options.kept = &kept;
        forward(options, input_);
        for (const ParameterInfo& info : manifest_)
            report_.require(
                asked.contains(info.name), "'" + info.name + "' is listed, but forward does not ask for it");
        for (const auto& [name, value] : kept) {
            const auto info = std::ranges::find(manifest_, name, &ParameterInfo::name);
            const bool isState = info != manifest_.end() && info->role == ParameterRole::State;
            report_.require(isState && info->shape == value.shape(),
                "'" + name + "' is kept, but is no state of that shape");
        }
    }

    void checkShown()
    {
        const Tensor two = contractInput(architecture_, config_, 2);
        for (const Tensor& input : {input_, two}) {
            Witness witness(infos_, blocks_, input.dim(0));
            RunOptions options;
            options.probe = &witness;
            const Tensor output = forward(options, input);
            for (const std::string& problem : witness.problems())
                report_.add(problem);
            report_.require(isAnswer(output, input), "the output is " + output.shape().text());
        }
        const RecordPtr logits = record()->find("logits");
        report_.require(logits && logits->value.identical(record()->output), "'logits' is not the output");
    }

    /// [B, class]; of token ids [B, token, id]: what follows each.
    bool isAnswer(const Tensor& output, const Tensor& input) const
    {
        const Index vocabulary = vocabularyOf(config_);
        return output.rank() == (vocabulary > 0 ? 3 : 2) && output.dim(0) == input.dim(0)
            && (vocabulary == 0 || (output.dim(1) == input.dim(1) && output.dim(2) == vocabulary));
    }

    void checkSpeed()
    {
        const auto begin = std::chrono::steady_clock::now();
        forward({}, input_);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        report_.require(
            seconds.count() < 1, "the tiny config takes " + std::to_string(seconds.count()) + " s");
    }

    void checkObserving()
    {
        const Tensor unobserved = forward({}, input_).at(0);
        report_.require(record()->output.identical(unobserved), "an observed run gives another output");
        ExecuteOptions few = watched();
        few.record = {"logits"};
        report_.require(record(few)->output.identical(unobserved), "recording less gives another output");
        checkAlone();
    }

    /// What a source leaves out where nobody looks must be there when somebody does.
    void checkAlone()
    {
        const TracePtr whole = record();
        for (const SignalInfo& info : infos_) {
            ExecuteOptions options = watched();
            options.record = {info.path};
            options.keepStates = false;
            const TracePtr alone = record(options);
            const RecordPtr found = alone->find(info.path), expected = whole->find(info.path);
            report_.require(found && expected ? found->value.identical(expected->value) : !found && !expected,
                "watched alone, '" + info.path + "' is another");
            report_.require(alone->output.identical(whole->output),
                "with '" + info.path + "' watched alone the output is another");
        }
    }

    void checkRepeating()
    {
        const TracePtr once = record();
        report_.require(firstDifference(*once->steps[0], *record()->steps[0]).empty(),
            "a second run differs at " + firstDifference(*once->steps[0], *record()->steps[0]));
        ExecuteOptions threads = watched();
        threads.pool = std::make_shared<Pool>(3);
        const std::string path = firstDifference(*once->steps[0], *record(threads)->steps[0]);
        report_.require(path.empty(), "three threads give another " + path);
    }

    void checkBlocks()
    {
        const TracePtr whole = record();
        for (const std::string& block : blocks_) {
            const TracePtr alone = executeBlock(architecture_, *weights_, whole, block, watched());
            for (const RecordPtr& found : alone->steps[0]->all())
                report_.require(found->value.identical(whole->find(found->path())->value),
                    "block '" + block + "' run alone gives another " + found->path());
        }
    }

    void checkBatch()
    {
        const Tensor both = contractInput(architecture_, config_, 2);
        ExecuteOptions options = watched();
        options.sample = 1;
        const TracePtr inBatch = execute(architecture_, *weights_, both, options);
        const TracePtr alone = execute(architecture_, *weights_, both.rows(1, 2), watched());
        const std::string path = firstDifference(*inBatch->steps[0], *alone->steps[0], 1e-5);
        report_.require(path.empty(), "a sample of a batch gives another " + path + " than alone");
    }

    void checkFactors()
    {
        ExecuteOptions options = watched();
        options.budget = 0;
        const TracePtr whole = record(), few = record(options);
        report_.require(few->output.identical(whole->output), "without patterns the output is another");
        for (const RecordPtr& found : few->steps[0]->all()) {
            if (!found->factors.defined())
                continue;
            const Record& expected = *whole->find(found->path());
            const std::vector<double> x = attentionMap(*found, {}).toDoubles(),
                                      y = attentionMap(expected, {}).toDoubles();
            for (std::size_t i = 0; i < x.size(); ++i)
                if (!(std::abs(x[i] - y[i]) <= 1e-4))
                    return report_.add(found->path() + " and its factors are not the same pattern");
        }
    }

    void checkMissing()
    {
        for (const ParameterInfo& gone : manifest_) {
            Weights::Parts parts = weights_->parts();
            parts.parameters = {};
            for (const auto& [name, tensor] : weights_->parts().parameters)
                if (name != gone.name)
                    parts.parameters.set(name, tensor);
            try {
                execute(architecture_, Weights(std::move(parts)), input_, watched());
                report_.add("'" + gone.name + "' may be missing and nobody says so");
            } catch (const Error& error) {
                const bool isNamed = std::string(error.what()).find(gone.name) != std::string::npos;
                report_.require(
                    isNamed, "'" + gone.name + "' is missing and the error is '" + error.what() + "'");
            }
        }
    }

    void checkStopping()
    {
        ExecuteOptions stopped;
        stopped.stop.stop();
        report_.require(isCancelled(stopped), "a run that was stopped before it began goes on");
        ExecuteOptions later;
        later.progress = [&](double) { later.stop.stop(); };
        report_.require(
            blocks_.size() < 2 || isCancelled(later), "a run that is stopped after a block goes on");
    }

    bool isCancelled(const ExecuteOptions& options) const
    {
        try {
            record(options);
            return false;
        } catch (const Cancelled&) {
            return true;
        }
    }

    const Architecture& architecture_;
    Report& report_;
    Config config_;
    std::vector<SignalInfo> infos_;
    std::vector<std::string> blocks_;
    Manifest manifest_;
    WeightsPtr weights_;
    Tensor input_;
};

}

void checkRuns(Report& report, const Architecture& architecture) { Subject(architecture, report).checkAll(); }

}
