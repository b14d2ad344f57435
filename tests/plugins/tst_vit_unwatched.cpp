// What a ViT leaves out of its last block where nobody looks, and that nobody can tell.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/source/execute.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::test;

namespace {

const plugin::vit::Vit vit;

Config tiny()
{
    Config config = vit.tinyConfig();
    config.set("depth", std::int64_t{4});
    return config;
}

Tensor input(const Config& config)
{
    const Shape sample = vit.inputShape(config);
    return ruleInput({1, sample[0], sample[1], sample[2]});
}

Tensor unwatched(const Weights& weights, const Tensor& x)
{
    Run run(weights);
    return vit.forward(run, weights.config(), x);
}

/// Watches one signal, and sees how many tokens the last block hands on.
class LastBlock final : public Probe {
public:
    explicit LastBlock(std::string watched)
        : watched_(std::move(watched))
    {
    }
    Index tokens() const { return tokens_; }

    Want wants(std::string_view path, std::size_t) override
    {
        return path == watched_ ? Want::Value : Want::Nothing;
    }
    Tensor show(const Shown&, const Tensor& value) override { return value; }
    void enter(std::string_view block, const State& before) override
    {
        if (block == "head")
            tokens_ = before.x.dim(1);
    }

private:
    std::string watched_;
    Index tokens_ = 0;
};

}

class TestVitUnwatched : public QObject {
    Q_OBJECT
private slots:
    void whatNobodyLooksAtIsLeftOut_data()
    {
        QTest::addColumn<QString>("watched");
        QTest::addColumn<bool>("isLeftOut");
        QTest::newRow("nothing") << QString() << true;
        QTest::newRow("the last pattern") << "blocks.3.attn.pattern" << true;
        QTest::newRow("an earlier block") << "blocks.2.mlp.hidden" << true;
        for (const char* signal : {"norm2.out", "mlp.hidden", "mlp.out", "out"})
            QTest::newRow(signal) << QString("blocks.3.") + signal << false;
        QTest::newRow("norm.out") << "norm.out" << false;
    }
    void whatNobodyLooksAtIsLeftOut()
    {
        QFETCH(const QString, watched);
        QFETCH(const bool, isLeftOut);
        const Config config = tiny();
        const WeightsPtr weights = ruleWeights(vit, config);
        LastBlock probe(watched.toStdString());
        RunOptions options;
        options.probe = &probe;
        Run run(*weights, options);
        const Tensor logits = vit.forward(run, config, input(config));
        QVERIFY(logits.identical(unwatched(*weights, input(config))));
        const Index all = 17, specials = 1;
        QCOMPARE(probe.tokens(), isLeftOut ? specials : all);
    }

    void anEditOfTheLastBlockNeedsNoStates_data()
    {
        QTest::addColumn<QString>("edit");
        for (const char* edit : {"blocks.3=off", "blocks.3=scale:0.5", "blocks.3.mlp=off",
                 "blocks.3.mlp.hidden.*.0=off", "norm.out.cls=scale:2"})
            QTest::newRow(edit) << edit;
    }
    void anEditOfTheLastBlockNeedsNoStates()
    {
        QFETCH(const QString, edit);
        const WeightsPtr weights = ruleWeights(vit, tiny());
        const Tensor x = input(weights->config());
        ExecuteOptions options;
        options.record = {};
        options.keepStates = false;
        options.edits = {Edit::parse(edit.toStdString())};
        ExecuteOptions whole;
        whole.edits = options.edits;
        const Tensor expected = execute(vit, *weights, x, whole)->output;
        QVERIFY(!expected.identical(unwatched(*weights, x)));
        QVERIFY(execute(vit, *weights, x, options)->output.identical(expected));
    }
};

QTEST_APPLESS_MAIN(TestVitUnwatched)
#include "tst_vit_unwatched.moc"
