// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/gfnet/gfnet.h"

#include "core/source/contract.h"
#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <complex>

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::gfnet::Gfnet gfnet;

Config configOf(std::initializer_list<std::pair<const char*, FieldValue>> fields)
{
    Config config(gfnet.schema());
    for (const auto& [name, value] : fields)
        config.set(name, value);
    return config;
}

/// Two blocks on a grid of 6 x 6.
Config small()
{
    return configOf({{"image_size", std::int64_t{24}}, {"patch_size", std::int64_t{4}},
        {"dims", std::string("20")}, {"depths", std::string("2")}, {"classes", std::int64_t{5}}});
}

/// The form that tinyConfig() is not.
struct Isotropic final : plugin::gfnet::Gfnet {
    Config tinyConfig() const override { return small(); }
};
const Isotropic isotropic{};

std::vector<TensorOutline> outlinesOf(const Config& config)
{
    std::vector<TensorOutline> all;
    for (const ParameterInfo& info : gfnet.manifest(config))
        all.push_back({info.name, info.shape});
    return all;
}

}

class TestGfnet : public QObject {
    Q_OBJECT
private slots:
    void presetsHaveTheOfficialNumbersOfParameters_data()
    {
        QTest::addColumn<qint64>("count");
        QTest::newRow("ti") << qint64{7'511'784};
        QTest::newRow("xs") << qint64{15'985'768};
        QTest::newRow("s") << qint64{24'869'608};
        QTest::newRow("b") << qint64{43'120'616};
        QTest::newRow("h-ti") << qint64{15'085'096};
        QTest::newRow("h-s") << qint64{32'162'632};
        QTest::newRow("h-b") << qint64{53'744'200};
    }
    void presetsHaveTheOfficialNumbersOfParameters()
    {
        QFETCH(const qint64, count);
        Index found = 0;
        for (const ParameterInfo& info : gfnet.manifest(presetConfig(gfnet, QTest::currentDataTag())))
            found += info.shape.count();
        QCOMPARE(found, count);
    }

    void everyPresetIsRecognisedFromItsShapes()
    {
        for (const Preset& preset : gfnet.presets()) {
            const Config config = presetConfig(gfnet, preset.name);
            const auto recognised = gfnet.recognise(outlinesOf(config), {});
            QVERIFY2(recognised, preset.name.c_str());
            QVERIFY(recognised->questions.empty());
            const Manifest expected = gfnet.manifest(config), found = gfnet.manifest(recognised->config);
            QCOMPARE(found.size(), expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                QCOMPARE(found[i].name, expected[i].name);
                QCOMPARE(text(found[i].shape), text(expected[i].shape));
            }
        }
    }

    void unevenStagesAreRecognised()
    {
        const Config config = configOf({{"image_size", std::int64_t{88}}, {"patch_size", std::int64_t{4}},
            {"dims", std::string("8,12,18")}, {"depths", std::string("1,11,2")},
            {"mlp_ratios", std::string("4.0,2.0,3.5")}});
        const auto recognised = gfnet.recognise(outlinesOf(config), {});
        QVERIFY(recognised);
        for (const char* field : {"dims", "depths", "mlp_ratios"})
            QCOMPARE(QString::fromStdString(recognised->config.text(field)),
                QString::fromStdString(config.text(field)));
    }

    void withoutAFilterNothingIsRecognised()
    {
        std::vector<TensorOutline> outlines = outlinesOf(small());
        std::erase_if(outlines, [](const auto& tensor) { return tensor.name.ends_with("complex_weight"); });
        QVERIFY(!gfnet.recognise(outlines, {}));
    }

    void filtersThatDoNotFitAreNamedWithTheirShapes()
    {
        const Config config = small();
        const auto problemWith = [&](const Shape& shape) {
            NamedTensors parameters = ruleWeights(gfnet, config)->parts().parameters;
            parameters.set("blocks.1.filter.complex_weight", Tensor::zeros(shape));
            return QString::fromStdString(problemIn(compare(gfnet.manifest(config), parameters)));
        };
        for (const Shape& shape :
            {Shape{6, 4, 20, 3}, Shape{5, 3, 20, 2}, Shape{7, 4, 20, 2}, Shape{6, 6, 20, 2}}) {
            const QString problem = problemWith(shape);
            QVERIFY2(problem.contains("blocks.1.filter.complex_weight")
                    && problem.contains("expected [6, 4, 20, 2], found " + text(shape)),
                qPrintable(problem));
        }
        QVERIFY(problemWith({6, 4, 20, 2}).isEmpty());
    }

    void fieldsThatContradictAreRefused()
    {
        const auto refusal = [](std::initializer_list<std::pair<const char*, FieldValue>> fields) {
            gfnet.manifest(configOf(fields));
        };
        FOVEA_THROWS(refusal({{"dims", std::string("64,128")}}), Error, "'depths'", "2", "found 1");
        FOVEA_THROWS(refusal({{"dims", std::string("64,")}}), Error, "'dims'", "'64,'");
        FOVEA_THROWS(refusal({{"dims", std::string()}}), Error, "'dims'", "found ''");
        FOVEA_THROWS(refusal({{"depths", std::string("3 3")}}), Error, "'depths'");
        FOVEA_THROWS(refusal({{"dims", std::string("0")}}), Error, "'dims'");
        FOVEA_THROWS(refusal({{"mlp_ratios", std::string("4,4")}}), Error, "'mlp_ratios'");
        FOVEA_THROWS(refusal({{"mlp_ratios", std::string("nan")}}), Error, "'mlp_ratios'");
        FOVEA_THROWS(refusal({{"patch_size", std::int64_t{15}}}), Error, "'patch_size'", "224");
        FOVEA_THROWS(refusal({{"layer_scale", 0.1}}), Error, "'layer_scale'");
        FOVEA_THROWS(refusal({{"image_size", std::int64_t{32}}, {"dims", std::string("4,4,4")},
                         {"depths", std::string("1,1,1")}}),
            Error, "'dims'", "at most 2 stages");
    }

    void anEditedFilterIsWhatTheTransformUses()
    {
        const Config config = small();
        const WeightsPtr weights = ruleWeights(gfnet, config);
        const Tensor input = ruleInput({1, 3, 24, 24});
        const auto runWith = [&](const Weights& used, const char* edit) {
            ExecuteOptions options;
            if (*edit)
                options.edits = {Edit::parse(edit)};
            return execute(gfnet, used, input, options);
        };
        const TracePtr cut = runWith(*weights, "blocks.0.filter=lowpass:0.3");
        Weights::Parts parts;
        parts.architecture = "gfnet";
        parts.config = config;
        for (const auto& [name, tensor] : weights->parts().parameters) {
            Tensor changed = tensor.clone(); // [6, 4, 20, 2]: frequencies of sixths
            if (name == "blocks.0.filter.complex_weight")
                for (std::size_t i = 0; i < 6 * 4 * 40; ++i) {
                    const auto y = static_cast<double>(i / 160), x = static_cast<double>(i / 40 % 4);
                    if (std::hypot(y > 3 ? y - 6 : y, x) / 6 > 0.3)
                        changed.writable()[i] = 0;
                }
            parts.parameters.set(name, changed);
        }
        const Weights byHand(std::move(parts));
        QVERIFY(cut->output.identical(runWith(byHand, "")->output));
        QVERIFY(!cut->output.identical(runWith(*weights, "")->output));
        QVERIFY(cut->find("blocks.0.filter.weight")->edited);
        const TracePtr off = runWith(*weights, "blocks.0.filter.weight=off");
        for (const float value : off->find("blocks.0.filter.out")->value.values<float>())
            QCOMPARE(value, 0.0F);
    }

    void theFilterIsShownWithItsChannelsAndFrequencies()
    {
        const WeightsPtr weights = ruleWeights(gfnet, small());
        const TracePtr trace = execute(gfnet, *weights, ruleInput({1, 3, 24, 24}));
        const Record& record = *trace->find("blocks.1.filter.weight");
        QCOMPARE(text(record.value.shape()), QString("[20, 6, 4]"));
        QCOMPARE(QString::fromStdString(record.info.domain), QString("half-spectrum"));
        QCOMPARE(record.axes[1].values[5], -1.0 / 6);
        QCOMPARE(record.axes[2].values[3], 0.5);
        const auto at = static_cast<std::size_t>(((5 * 4 + 3) * 20 + 7) * 2);
        const float* pairs = weights->parts().parameters["blocks.1.filter.complex_weight"].data();
        QCOMPARE(record.value.values<std::complex<float>>()[(7 * 6 + 5) * 4 + 3],
            std::complex(pairs[at], pairs[at + 1]));
    }

    void gradientsReachFiltersThroughAnEdit()
    {
        const WeightsPtr weights = ruleWeights(gfnet, small());
        RunOptions options;
        Tape tape({{"blocks.0.filter.complex_weight"}, {}});
        options.tape = &tape;
        EditPlan edits(
            {Edit::parse("blocks.0.filter=lowpass:0.2")}, gfnet.signalInfos(small()), gfnet.blocks(small()));
        RecorderOptions recording;
        recording.edits = edits;
        Recorder recorder(gfnet.signalInfos(small()), recording);
        options.probe = &recorder;
        Run run(*weights, options);
        const Tensor logits = gfnet.forward(run, small(), ruleInput({1, 3, 24, 24}));
        tape.backward(run, logits, Tensor::full(logits.shape(), 1));
        const NamedTensors gradients = tape.parameterGradients();
        const Tensor& gradient = gradients["blocks.0.filter.complex_weight"];
        int passed = 0;
        for (std::size_t i = 0; i < 6 * 4; ++i) {
            const auto y = static_cast<double>(i / 4), x = static_cast<double>(i % 4);
            const bool isCut = std::hypot(y > 3 ? y - 6 : y, x) / 6 > 0.2;
            const auto part = gradient.values<float>().subspan(i * 40, 40);
            const bool isZero = std::ranges::all_of(part, [](float g) { return g == 0; });
            QCOMPARE(isZero, isCut);
            passed += !isCut;
        }
        QCOMPARE(passed, 4);
    }

    void twoLayersSwapTheFiltersThatTheWeightsHave()
    {
        const WeightsPtr weights = ruleWeights(gfnet, small());
        const Tensor input = ruleInput({1, 3, 24, 24});
        ExecuteOptions options;
        options.record = {"*.filter.weight"};
        const TracePtr plain = execute(gfnet, *weights, input, options);
        for (const char* edit :
            {"blocks.1.filter=zero", "blocks.0.filter=from:blocks.1", "blocks.1.filter=from:blocks.0"})
            options.edits.push_back(Edit::parse(edit));
        const TracePtr swapped = execute(gfnet, *weights, input, options);
        const auto filter = [](const TracePtr& trace, int block) {
            return trace->find("blocks." + std::to_string(block) + ".filter.weight")->value;
        };
        QVERIFY(filter(swapped, 0).identical(filter(plain, 1)));
        QVERIFY(filter(swapped, 1).identical(filter(plain, 0)));
        QVERIFY(!filter(plain, 0).identical(filter(plain, 1)));
        options.edits = {Edit::parse("blocks.0.filter=from:blocks.9")};
        FOVEA_THROWS(execute(gfnet, *weights, input, options), UsageError, "'blocks.9' has no filter");
    }

    void bothFormsKeepTheContract()
    {
        for (const Architecture* form : std::initializer_list<const Architecture*>{&gfnet, &isotropic})
            for (const Finding& finding : checkContract(*form))
                QFAIL(qPrintable(QString::fromStdString(finding.rule + ": " + finding.problem)));
    }
};

QTEST_APPLESS_MAIN(TestGfnet)
#include "tst_gfnet.moc"
