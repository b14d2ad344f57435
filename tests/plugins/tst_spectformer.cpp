// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/source/contract.h"
#include "core/source/execute.h"
#include "core/train/loss.h"
#include "core/train/trainer.h"

#include "tests/support/golden.h"
#include "tests/support/striped_data.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

using plugin::spectformer::Spectformer;

const Spectformer spectformer;

Config with(Config config, const std::vector<std::pair<std::string, std::string>>& fields)
{
    for (const auto& [name, value] : fields)
        config.setText(name, value);
    return config;
}

Config tinyHierarchical(bool hasTokenLabels = true)
{
    return with(Config(spectformer.schema()),
        {{"form", "hierarchical"}, {"image_size", "64"}, {"classes", "7"}, {"stem_dim", "4"},
            {"dims", "6,8,12,16"}, {"depths", "1,2,1,1"}, {"mlp_ratios", "2,2,2,2"}, {"head_dim", "4"},
            {"token_label", hasTokenLabels ? "yes" : "no"}});
}

Config tinyVanilla(int alpha)
{
    return with(spectformer.tinyConfig(), {{"depth", "3"}, {"alpha", std::to_string(alpha)}});
}

/// The contract knows one tiny config of a source: this one's is of the other form.
class Hierarchical final : public Spectformer {
public:
    explicit Hierarchical(bool hasTokenLabels)
        : hasTokenLabels_(hasTokenLabels)
    {
    }
    Config tinyConfig() const override { return tinyHierarchical(hasTokenLabels_); }

private:
    bool hasTokenLabels_;
};

QString text(const std::vector<Finding>& findings)
{
    QStringList lines;
    for (const Finding& finding : findings)
        lines.append(QString::fromStdString(finding.rule + ": " + finding.problem));
    return lines.join("\n");
}

Index learned(const Config& config)
{
    Index count = 0;
    for (const ParameterInfo& info : spectformer.manifest(config))
        if (info.role == ParameterRole::Parameter)
            count += info.shape.count();
    return count;
}

Tensor input(const Config& config, Index batch = 1)
{
    const Shape sample = spectformer.inputShape(config);
    return ruleInput({batch, sample[0], sample[1], sample[2]});
}

/// All that it learns from, of a batch of two, with a cotangent of noise; and the sum that it differentiates.
struct Differentiated {
    NamedTensors gradients, kept;
    double sum = 0;
};
Differentiated differentiated(const Config& config, const NamedTensors& parameters, bool isTraining)
{
    Weights::Parts parts;
    parts.config = config;
    parts.parameters = parameters;
    const Weights weights(std::move(parts));
    Tape tape({{"*"}, {}});
    Differentiated result;
    RunOptions options;
    options.tape = &tape;
    options.isTraining = isTraining;
    options.kept = &result.kept;
    Run run(weights, options);
    const Tensor output = spectformer.forward(run, config, input(config, 2));
    const Tensor cotangent = ruleInput(output.shape(), "cotangent");
    for (std::size_t i = 0; i < static_cast<std::size_t>(output.count()); ++i)
        result.sum += static_cast<double>(output.data()[i]) * static_cast<double>(cotangent.data()[i]);
    tape.backward(run, output, cotangent);
    result.gradients = tape.parameterGradients();
    return result;
}

void addForms()
{
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char* name, const Config& config) {
        QTest::newRow(name) << QByteArray::fromStdString(config.json());
    };
    for (const int alpha : {0, 2, 3})
        row(qPrintable(QString("vanilla, alpha %1").arg(alpha)), tinyVanilla(alpha));
    row("hierarchical", tinyHierarchical());
    row("hierarchical without token labels", tinyHierarchical(false));
}
Config chosenForm()
{
    QFETCH(QByteArray, json);
    return Config::fromJson(spectformer.schema(), json.toStdString());
}

}

class TestSpectformer : public QObject {
    Q_OBJECT
private slots:
    // Counts of the sheet spectformer.md.
    void presetsHaveTheirPublishedSize()
    {
        const std::pair<const char*, Index> sizes[] = {{"ti", 9158376}, {"xs", 20028520}, {"s", 32449768},
            {"b", 57159656}, {"h-s", 22226928}, {"h-b", 33052880}, {"h-l", 54675792}};
        for (const auto& [preset, expected] : sizes)
            QCOMPARE(learned(presetConfig(spectformer, preset)), expected);
        const std::pair<const char*, Index> withoutLabels[]
            = {{"h-s", 21777928}, {"h-b", 32539880}, {"h-l", 54162792}};
        for (const auto& [preset, expected] : withoutLabels)
            QCOMPARE(learned(with(presetConfig(spectformer, preset), {{"token_label", "no"}})), expected);
    }

    void headsAndAlphaChangeNoOtherSize()
    {
        const Config tiny = presetConfig(spectformer, "ti");
        QCOMPARE(learned(with(tiny, {{"heads", "8"}})), learned(tiny));
        // A filter of 14 x 8 bins of 256 channels for the four matrices of attention and their biases.
        const Index perBlock = 2 * 14 * 8 * 256 - 4 * 256 * 257;
        QCOMPARE(learned(with(tiny, {{"alpha", "5"}})), learned(tiny) + perBlock);
        QCOMPARE(learned(with(tiny, {{"alpha", "0"}})), learned(tiny) - 4 * perBlock);
    }

    void contradictionsAreRefused()
    {
        const auto refuses = [](const char* field, const char* value, const Config& config) {
            FOVEA_THROWS(spectformer.manifest(with(config, {{field, value}})), Error, field);
        };
        for (const auto& [field, value] : {std::pair{"heads", "5"}, {"patch_size", "7"}, {"alpha", "4"}})
            refuses(field, value, tinyVanilla(2));
        for (const auto& [field, value] : {std::pair{"image_size", "100"}, {"dims", "6,8,12"},
                 {"dims", "6,8,12,16,"}, {"depths", "1,0,1,1"}, {"mlp_ratios", "2,2,x,2"}, {"head_dim", "5"}})
            refuses(field, value, tinyHierarchical());
        spectformer.manifest(with(tinyVanilla(2), {{"dims", "no list"}})); // of the other form: not read
    }

    void everyDeclaredSignalIsShownOnce_data() { addForms(); }
    void everyDeclaredSignalIsShownOnce()
    {
        const Config config = chosenForm();
        const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
        std::vector<std::string> declared, shown;
        for (const SignalInfo& info : spectformer.signalInfos(config))
            declared.push_back(info.path);
        for (const RecordPtr& record : trace->steps.front()->all())
            shown.push_back(record->path());
        QCOMPARE(shown, declared);
    }

    /// `vanilla` keeps it in tst_contract.
    void theHierarchicalFormKeepsTheContract()
    {
        for (const bool hasTokenLabels : {true, false})
            QCOMPARE(text(checkContract(Hierarchical(hasTokenLabels))), QString());
    }

    void theFirstAlphaBlocksFilterAndTheOthersAttend()
    {
        for (const int alpha : {0, 1, 3}) {
            const Config config = tinyVanilla(alpha);
            const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
            for (int i = 0; i < 3; ++i) {
                const std::string block = "blocks." + std::to_string(i);
                QCOMPARE(trace->find(block + ".filter.out") != nullptr, i < alpha);
                QCOMPARE(trace->find(block + ".attn.pattern") != nullptr, i >= alpha);
            }
        }
    }

    void theClassTokenAloneAsksAndSeesAll()
    {
        const Config config = tinyHierarchical();
        const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
        const RecordPtr pattern = trace->find("post_network.0.attn.pattern");
        QCOMPARE(test::text(pattern->value.shape()), "[1, 4, 1, 5]"); // 2 x 2 patches
        QCOMPARE(pattern->queries->tokens(), 1);
        QVERIFY(pattern->queries->isSpecial(0));
        QCOMPARE(pattern->keys->tokens(), 5);
        QCOMPARE(pattern->keys->specialNames(), std::vector<std::string>{"cls"});
    }

    /// logits = those of the class token and half of the largest of the patches'.
    void tokenLabelsAddTheBestPatch()
    {
        const Config config = tinyHierarchical();
        const TracePtr trace = execute(spectformer, *ruleWeights(spectformer, config), input(config));
        const Tensor cls = trace->find("head.out")->value, patches = trace->find("aux_head.out")->value;
        QCOMPARE(test::text(patches.shape()), "[4, 7]");
        for (Index c = 0; c < 7; ++c) {
            float best = patches.data()[c];
            for (Index t = 1; t < 4; ++t)
                best = std::max(best, patches.data()[t * 7 + c]);
            QVERIFY(std::abs(trace->output.data()[c] - (cls.data()[c] + best / 2)) < 1e-5F);
        }
    }

    void threadsChangeNoBit_data() { addForms(); }
    void threadsChangeNoBit()
    {
        const Config config = chosenForm();
        const WeightsPtr weights = ruleWeights(spectformer, config);
        const auto outputOf = [&](int threads) {
            RunOptions options;
            options.pool = std::make_shared<Pool>(threads);
            Run run(*weights, options);
            return spectformer.forward(run, config, input(config, 2));
        };
        const Tensor alone = outputOf(1);
        for (const int threads : {2, 3})
            QVERIFY(outputOf(threads).identical(alone));
    }

    void allThatIsLearnedHasAGradient_data() { addForms(); }
    void allThatIsLearnedHasAGradient()
    {
        const Config config = chosenForm();
        for (const bool isTraining : {false, true}) {
            const NamedTensors parameters = ruleWeights(spectformer, config)->parts().parameters;
            const Differentiated all = differentiated(config, parameters, isTraining);
            for (const ParameterInfo& info : spectformer.manifest(config))
                if (info.role == ParameterRole::Parameter) {
                    const Tensor* gradient = all.gradients.find(info.name);
                    QVERIFY2(gradient && allFinite(*gradient), info.name.c_str());
                    // a shift of all keys changes no softmax
                    const bool isShift
                        = info.name.ends_with("attn.q.bias") || info.name.ends_with(".kv.bias");
                    const auto values = gradient->values<float>();
                    QVERIFY2(isShift || std::ranges::any_of(values, [](float g) { return g != 0; }),
                        info.name.c_str());
                } else {
                    QCOMPARE(all.kept.find(info.name) != nullptr, isTraining);
                }
        }
    }

    /// Along a direction in which every parameter moves a little.
    void gradientsAgreeWithDifferencesOfTheWhole_data() { addForms(); }
    void gradientsAgreeWithDifferencesOfTheWhole()
    {
        const Config config = chosenForm();
        const NamedTensors parameters = ruleWeights(spectformer, config)->parts().parameters;
        for (const bool isTraining : {false, true}) {
            const NamedTensors gradients = differentiated(config, parameters, isTraining).gradients;
            double expected = 0;
            const auto moved = [&](float step) {
                NamedTensors all = parameters;
                for (const auto& [name, gradient] : gradients) {
                    Tensor value = parameters[name].clone();
                    const Tensor direction = ruleInput(value.shape(), "direction of " + name);
                    for (std::size_t i = 0; i < value.writable().size(); ++i)
                        value.writable()[i] += step * direction.data()[i];
                    all.set(name, value);
                }
                return differentiated(config, all, isTraining).sum;
            };
            for (const auto& [name, gradient] : gradients) {
                const Tensor direction = ruleInput(gradient.shape(), "direction of " + name);
                for (std::size_t i = 0; i < static_cast<std::size_t>(gradient.count()); ++i)
                    expected
                        += static_cast<double>(gradient.data()[i]) * static_cast<double>(direction.data()[i]);
            }
            constexpr float step = 5e-5F; // larger ones step over kinks of the stem's ReLU
            const double found = (moved(step) - moved(-step)) / (2 * static_cast<double>(step));
            QVERIFY2(std::abs(found - expected) < 0.01 * std::abs(expected) + 0.01,
                qPrintable(QString("%1 by differences, %2 by the tape").arg(found).arg(expected)));
        }
    }

    void bothFormsLearn_data() { addForms(); }
    void bothFormsLearn()
    {
        const Config chosen = with(chosenForm(), {{"drop_path", "0.1"}, {"init", "glorot"}});
        const auto data = std::make_shared<StripedData>(3, chosen.count("image_size"), 4, 40, 8);
        const Config config = with(chosen, {{"classes", "4"}});
        Config settings(train::trainingSchema());
        settings.setText("batch", "10");
        settings.setText("lr", "0.003");
        train::TrainingTask task{&spectformer, config, {}, data, train::TrainingSettings(settings), 5};
        const train::Trainer trainer(task);
        train::TrainState state = trainer.start();
        std::vector<double> losses;
        for (int i = 0; i < 24; ++i) {
            train::StepResult result = trainer.step(state, {});
            losses.push_back(result.loss);
            state = std::move(result.state);
        }
        const auto mean = [&](int first) {
            return std::accumulate(losses.begin() + first, losses.begin() + first + 4, 0.0) / 4;
        };
        QVERIFY2(mean(20) < 0.9 * mean(0), qPrintable(QString("%1 -> %2").arg(mean(0)).arg(mean(20))));
        for (const ParameterInfo& info : spectformer.manifest(config))
            if (info.role == ParameterRole::State) { // it moved, and the evaluation uses it
                const auto values = state.parameters[info.name].values<float>();
                QVERIFY(std::ranges::any_of(
                    values, [&](float v) { return v != (info.name.ends_with("var") ? 1 : 0); }));
            }
        QVERIFY(std::isfinite(trainer.evaluate(state.parameters, train::Split::Test, {}).loss));
    }

    /// Filters and positions for another picture: what they must become is gfnet's rule, in core/parts.
    void anotherResolutionRuns()
    {
        for (const auto& [before, side] : {std::pair{tinyVanilla(2), "64"}, {tinyHierarchical(), "96"}}) {
            const Config after = with(before, {{"image_size", side}});
            const WeightsPtr weights = ruleWeights(spectformer, before);
            Weights::Parts parts = weights->parts();
            parts.config = after;
            parts.parameters = spectformer.resized(before, after, std::move(parts.parameters));
            for (const ParameterInfo& info : spectformer.manifest(after))
                QCOMPARE(test::text(parts.parameters[info.name].shape()), test::text(info.shape));
            QVERIFY(allFinite(execute(spectformer, Weights(std::move(parts)), input(after))->output));
            const NamedTensors same = spectformer.resized(before, before, weights->parts().parameters);
            for (const auto& [name, value] : weights->parts().parameters)
                QVERIFY(same[name].same(value));
        }
    }
};

QTEST_APPLESS_MAIN(TestSpectformer)
#include "tst_spectformer.moc"
