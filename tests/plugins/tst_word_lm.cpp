// Word-level language models against PyTorch, and as an architecture that takes token ids.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/word_lm/word_lm.h"

#include "core/source/contract.h"
#include "core/source/execute.h"
#include "core/source/execute_backward.h"
#include "core/source/field_list.h"
#include "core/trace/attention.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <cmath>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::word_lm::WordLm wordLm;

Golden goldenNamed(const QString& name)
{
    return readGolden(QString(FOVEA_FIXTURES) + "/word_lm/" + name + ".json");
}

Config configOf(const Golden& golden) { return Config::fromJson(wordLm.schema(), golden.config); }

/// floor(vocab (r + 1) / 2) of the rule's input.
Tensor ruleIds(const Golden& golden, const Config& config)
{
    const Tensor numbers = ruleInput(golden.inputShape);
    Tensor ids(golden.inputShape);
    const auto vocab = static_cast<double>(config.integer("vocab"));
    for (std::size_t i = 0; i < numbers.values<float>().size(); ++i)
        ids.writable()[i] = static_cast<float>(
            std::floor(vocab * (static_cast<double>(numbers.values<float>()[i]) + 1) / 2));
    return ids;
}

Config tinyWith(const Answers& fields) { return configWith(wordLm, wordLm.tinyConfig(), fields); }

/// The same with another tiny config.
class Variant final : public Architecture {
public:
    explicit Variant(const Config& tiny)
        : tiny_(tiny)
    {
    }
    Identity identity() const override { return wordLm.identity(); }
    Schema schema() const override { return wordLm.schema(); }
    std::vector<Preset> presets() const override { return wordLm.presets(); }
    Manifest manifest(const Config& c) const override { return wordLm.manifest(c); }
    Shape inputShape(const Config& c) const override { return wordLm.inputShape(c); }
    std::vector<std::string> blocks(const Config& c) const override { return wordLm.blocks(c); }
    std::vector<SignalInfo> signalInfos(const Config& c) const override { return wordLm.signalInfos(c); }
    Tensor forward(Run& run, const Config& c, const Tensor& input) const override
    {
        return wordLm.forward(run, c, input);
    }
    Config tinyConfig() const override { return tiny_; }

private:
    Config tiny_;
};

QString findingsOf(const Config& tiny)
{
    QString all;
    for (const Finding& finding : checkContract(Variant(tiny)))
        all += QString::fromStdString(finding.rule + ": " + finding.problem + "\n");
    return all;
}

}

class TestWordLm : public QObject {
    Q_OBJECT
private slots:
    /// By tools/make_word_lm_goldens.py.
    void equalsPyTorch_data()
    {
        QTest::addColumn<int>("signalCount");
        for (const auto& [name, count] : std::initializer_list<std::pair<const char*, int>>{{"encoder_1", 7},
                 {"encoder_3", 17}, {"encoder_figure_7", 7}, {"encoder_without_positions", 7},
                 {"original_1", 5}, {"original_2", 10}, {"original_bare", 6}, {"yz_1", 3}, {"yz_3", 7},
                 {"yz_softmax", 5}, {"yz_sigmoid", 5}})
            QTest::newRow(name) << count;
    }
    void equalsPyTorch()
    {
        QFETCH(const int, signalCount);
        const Golden golden = goldenNamed(QTest::currentDataTag());
        QCOMPARE(static_cast<int>(golden.captures.size()), signalCount);
        const Config config = configOf(golden);
        const TracePtr trace = execute(wordLm, *ruleWeights(wordLm, config), ruleIds(golden, config));
        QCOMPARE(firstDivergence(*trace, golden, 2e-5), QString());
    }

    void gradientsEqualPyTorchs_data()
    {
        QTest::addColumn<int>("parameterCount");
        for (const auto& [name, count] :
            std::initializer_list<std::pair<const char*, int>>{{"encoder_1", 15}, {"encoder_3", 39},
                {"original_2", 23}, {"yz_1", 4}, {"yz_3", 12}, {"yz_softmax", 8}, {"yz_sigmoid", 8}})
            QTest::newRow(name) << count;
    }
    void gradientsEqualPyTorchs()
    {
        QFETCH(const int, parameterCount);
        const Golden golden = goldenNamed(QString(QTest::currentDataTag()) + ".gradients");
        const Config config = configOf(golden);
        const BackwardResult result
            = executeBackward(wordLm, *ruleWeights(wordLm, config), ruleIds(golden, config),
                {.cotangent = [](const Tensor& out) { return ruleInput(out.shape(), "cotangent"); },
                    .parameters = {"*"}});
        int compared = 0;
        for (Capture capture : golden.captures) {
            capture.path = capture.path.substr(0, capture.path.size() - 4); // .out
            if (const Tensor* found = result.parameters.find(capture.path)) {
                QCOMPARE(difference(found->toDoubles(), capture, 5e-5), QString());
                ++compared;
            }
        }
        QCOMPARE(compared, parameterCount);
    }

    void keepsTheContract_data()
    {
        QTest::addColumn<QString>("fields");
        for (const char* fields : {"form=encoder", "form=encoder,positions=false", "form=original",
                 "form=original,norm=false,mlp=false", "form=yz", "form=yz,between=softmax,residual=false",
                 "form=yz,between=sigmoid,norm=false"})
            QTest::newRow(fields) << fields;
    }
    void keepsTheContract()
    {
        QFETCH(const QString, fields);
        QCOMPARE(findingsOf(tinyWith(fieldsIn(fields.toStdString(), "fields"))), QString());
    }

    /// Figure 7's model has as many parameters as the official one: 2 V 200 + V + 322,000 - 800 for each
    /// layer.
    void countsParametersAsTheOfficialModel()
    {
        for (const auto& [preset, layers] : {std::pair{"scan_snap_1", 1}, {"scan_snap_3", 3}}) {
            Index count = 0;
            for (const ParameterInfo& info : wordLm.manifest(presetConfig(wordLm, preset)))
                count += info.shape.count();
            // in_proj 600 x 201, out_proj, linear1 and linear2 200 x 201 each, two norms of 400
            QCOMPARE(count, Index{28782 * 401 + layers * (600 * 201 + 3 * 200 * 201 + 2 * 400)});
        }
    }

    void laterWordsChangeNothingBefore()
    {
        for (const char* form : {"encoder", "original", "yz"}) {
            const Config config = tinyWith({{"form", form}});
            const WeightsPtr weights = ruleWeights(wordLm, config);
            Tensor one({1, 7}), other({1, 7});
            for (std::size_t i = 0; i < 7; ++i) {
                one.writable()[i] = static_cast<float>(3 * i);
                other.writable()[i] = static_cast<float>(i < 4 ? 3 * i : i);
            }
            const auto a = execute(wordLm, *weights, one)->output.toDoubles(),
                       b = execute(wordLm, *weights, other)->output.toDoubles();
            for (std::size_t i = 0; i < 4 * 23; ++i)
                QCOMPARE(a[i], b[i]);
            QVERIFY(a != b);
        }
    }

    /// What the pattern is of: words where the weights have them, ids where not.
    void namesItsTokensByWords()
    {
        const Config config = tinyWith({{"layers", "1"}});
        Weights::Parts parts = ruleWeights(wordLm, config)->parts();
        const Tensor input = Tensor::of<float>({1, 7}, std::array<float, 7>{4, 0, 22, 4, 5, 6, 7});
        const auto nameOf = [&](int token) {
            const TracePtr trace = execute(wordLm, Weights(parts), input);
            return trace->find("transformer_encoder.layers.0.self_attn.pattern")->keys->name(token);
        };
        QCOMPARE(nameOf(2), "22");
        for (int i = 0; i < 23; ++i)
            parts.labels.push_back("word" + std::to_string(i));
        QCOMPARE(nameOf(2), "word22");
        QCOMPARE(nameOf(3), "word4");
    }

    void anEditOfThePatternChangesWhatFollows()
    {
        const Config config = tinyWith({{"layers", "1"}});
        const WeightsPtr weights = ruleWeights(wordLm, config);
        const Tensor input = Tensor::of<float>({1, 7}, std::array<float, 7>{1, 2, 3, 4, 5, 6, 7});
        const TracePtr base = execute(wordLm, *weights, input);
        ExecuteOptions options;
        options.edits = {Edit::parse("transformer_encoder.layers.0.self_attn.head.1=off")};
        QVERIFY(!execute(wordLm, *weights, input, options)->output.identical(base->output));
    }

    void idsOutsideTheVocabularyAreRefused()
    {
        const Config config = wordLm.tinyConfig();
        const WeightsPtr weights = ruleWeights(wordLm, config);
        const auto run = [&](float third) {
            execute(
                wordLm, *weights, Tensor::of<float>({1, 7}, std::array<float, 7>{1, 2, third, 4, 5, 6, 7}));
        };
        FOVEA_THROWS(run(23), Error, "token 2 of sample 0", "0 to 22", "23");
        FOVEA_THROWS(run(-1), Error, "token 2 of sample 0");
        FOVEA_THROWS(run(1.5F), Error, "whole number", "1.5");
        FOVEA_THROWS(run(NAN), Error, "whole number", "nan");
    }

    void contradictingFieldsAreRefused()
    {
        FOVEA_THROWS(tinyWith({{"heads", "3"}}), UsageError, "'heads'");
        FOVEA_THROWS(tinyWith({{"dim", "9"}, {"heads", "3"}}), UsageError, "'dim'");
    }
};

QTEST_APPLESS_MAIN(TestWordLm)
#include "tst_word_lm.moc"
