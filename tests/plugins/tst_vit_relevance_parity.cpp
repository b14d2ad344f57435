// Relevance maps against those that the authors' own code computed (tools/make_relevance_goldens.py).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/analysis/attention_flow.h"
#include "core/analysis/patch_map.h"
#include "core/analysis/relevance.h"
#include "core/analysis/rollout.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

namespace {

using Doubles = std::vector<double>;
using Options = std::vector<std::pair<std::string, std::string>>;

const plugin::vit::Vit vit;

QJsonObject official()
{
    static const QJsonObject json
        = QJsonDocument::fromJson(contentOf(FOVEA_FIXTURES "/relevance/official.json")).object();
    return json;
}

Doubles numbers(const QJsonValue& array)
{
    Doubles values;
    for (const auto& value : array.toArray())
        values.push_back(value.toDouble());
    return values;
}

struct Model {
    WeightsPtr weights;
    RelevanceQuestion question;

    Model()
    {
        Config config(vit.schema());
        const QJsonObject fields = official()["config"].toObject();
        for (const QString& name : fields.keys())
            config.set(name.toStdString(), std::int64_t{fields[name].toInt()});
        weights = ruleWeights(vit, config);
        question = {&vit, weights.get(), execute(vit, *weights, ruleInput({1, 3, 32, 32})), 0};
    }

    Doubles map(const std::string& method, const Options& options = {}, int classIndex = 0) const
    {
        RelevanceQuestion asked = question;
        asked.classIndex = classIndex;
        Config config(relevanceSchema());
        for (const auto& [field, value] : options)
            config.setText(field, value);
        return patchValues(relevance(asked, relevanceMethod(method), config));
    }
};

const Model& model()
{
    static const Model one;
    return one;
}

/// vit-explain divides its maps by their largest value.
Doubles overLargest(Doubles map)
{
    const double largest = *std::ranges::max_element(map);
    for (double& v : map)
        v /= largest;
    return map;
}

Doubles patchesOf(const Doubles& tokens) { return {tokens.begin() + 1, tokens.end()}; }

}

class TestVitRelevanceParity : public QObject {
    Q_OBJECT

private slots:
    void theModelsAreTheSame()
    {
        const Doubles expected = numbers(official()["logits"]);
        QVERIFY(relativeDifference(model().question.base->output.toDoubles(), expected) < 1e-4);
    }

    void rolloutIsAbnars()
    {
        const Record found = rollout(analysis::patternsOf(*model().question.base));
        Doubles expected;
        for (const auto& row : official()["abnar"].toObject()["rollout"].toArray())
            for (const double v : numbers(row))
                expected.push_back(v);
        QVERIFY(relativeDifference(found.value.toDoubles(), expected) < 1e-4);
        QVERIFY(relativeDifference(
                    model().map("rollout"), patchesOf(Doubles(expected.begin(), expected.begin() + 17)))
            < 1e-4);
    }

    void flowIsAbnars()
    {
        const QJsonArray rows = official()["abnar"].toObject()["flow"].toArray();
        QVERIFY(relativeDifference(model().map("flow"), patchesOf(numbers(rows[0]))) < 1e-4);
        std::vector<LayerMap> mixed = fusedMaps(analysis::patternsOf(*model().question.base), {});
        for (LayerMap& map : mixed)
            map = mixedMap(map, {});
        Pool pool(1);
        QVERIFY(relativeDifference(attentionFlow(mixed, 1, pool), numbers(rows[1])) < 1e-4);
    }

    void gradientTimesAttentionIsChefers()
    {
        for (const auto& one : official()["chefer"].toArray()) {
            const Doubles found = model().map("chefer", {}, one.toObject()["class"].toInt());
            QVERIFY(relativeDifference(found, numbers(one.toObject()["map"])) < 1e-4);
        }
    }

    void rolloutsAreGildenblats()
    {
        int compared = 0;
        for (const auto& value : official()["vit_explain"].toArray()) {
            const QJsonObject one = value.toObject();
            Options options{{"rollout_variant", "vit-explain"},
                {"rollout_discard", std::to_string(one["discard"].toDouble())}};
            if (one.contains("fusion"))
                options.emplace_back("rollout_fusion", one["fusion"].toString().toStdString());
            const Doubles found
                = model().map(one["method"].toString().toStdString(), options, one["class"].toInt());
            const double difference = relativeDifference(overLargest(found), numbers(one["map"]));
            QVERIFY2(difference < 1e-4,
                qPrintable(QString("%1 %2: %3")
                               .arg(one["method"].toString(), one["fusion"].toString())
                               .arg(difference)));
            ++compared;
        }
        QCOMPARE(compared, 10);
    }

    void theVariantMatters()
    {
        // Rows that sum to 1 leave nothing to divide by; those of the largest head do not.
        const Doubles plain = overLargest(model().map("rollout", {{"rollout_fusion", "max"}}));
        const Doubles variant = overLargest(
            model().map("rollout", {{"rollout_fusion", "max"}, {"rollout_variant", "vit-explain"}}));
        QVERIFY(relativeDifference(plain, variant) > 1e-3);
    }
};

QTEST_APPLESS_MAIN(TestVitRelevanceParity)
#include "tst_vit_relevance_parity.moc"
