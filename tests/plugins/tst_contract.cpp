// The plugin contract over the whole registry: every plugin of the tree and the four toys.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plugin_host.h"

#include "core/source/contract.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <fstream>

using namespace fovea;
namespace fs = std::filesystem;

namespace {

/// toy_drop, but for what a test makes wrong about it.
class Spoiled final : public Architecture {
public:
    std::function<void(Identity&)> spoilIdentity = [](auto&) {};
    std::function<void(Schema&)> spoilSchema = [](auto&) {};
    std::function<void(Manifest&)> spoilManifest = [](auto&) {};
    std::function<void(std::vector<SignalInfo>&)> spoilInfos = [](auto&) {};
    std::function<void(Run&)> before = [](auto&) {};
    std::function<Tensor(Run&, const Tensor&)> after = [](Run&, const Tensor& output) { return output; };

    Identity identity() const override { return changed(toy_.identity(), spoilIdentity); }
    Schema schema() const override { return changed(toy_.schema(), spoilSchema); }
    std::vector<Preset> presets() const override { return toy_.presets(); }
    Manifest manifest(const Config& c) const override { return changed(toy_.manifest(c), spoilManifest); }
    Shape inputShape(const Config& c) const override { return toy_.inputShape(c); }
    std::vector<std::string> blocks(const Config& c) const override { return toy_.blocks(c); }
    std::vector<SignalInfo> signalInfos(const Config& c) const override
    {
        return changed(toy_.signalInfos(c), spoilInfos);
    }
    Tensor forward(Run& run, const Config& c, const Tensor& input) const override
    {
        before(run);
        return after(run, toy_.forward(run, c, input));
    }

private:
    template <class T, class Fn>
    static T changed(T value, const Fn& change)
    {
        change(value);
        return value;
    }
    const Architecture& toy_ = toys::toys().requireArchitecture("toy_drop");
};

/// The toy lab, but for a step of the test's own.
class SpoiledLab final : public Lab {
public:
    std::function<NamedTensors(Run&, NamedTensors)> step = [](Run&, NamedTensors next) { return next; };

    Identity identity() const override { return toy_.identity(); }
    Schema schema() const override { return toy_.schema(); }
    std::vector<SignalInfo> signalInfos(const Config& c) const override { return toy_.signalInfos(c); }
    NamedTensors start(const Config& c, std::uint64_t seed) const override { return toy_.start(c, seed); }
    NamedTensors advance(Run& run, const Config& c, const NamedTensors& state) const override
    {
        return step(run, toy_.advance(run, c, state));
    }

private:
    const Lab& toy_ = *toys::toys().lab("toy_lab");
};

/// Everything that can be loaded: the plugins of this build and the toys.
const Registry& everything()
{
    static Registry& all = []() -> Registry& {
        static Registry registry;
        app::loadPlugins(registry, {FOVEA_PLUGINS});
        toys::addToys(registry);
        return registry;
    }();
    return all;
}

QString text(const std::vector<Finding>& findings)
{
    QStringList lines;
    for (const Finding& finding : findings)
        lines.append(QString::fromStdString(finding.rule + ": " + finding.problem));
    return lines.join("\n");
}

}

class TestContract : public QObject {
    Q_OBJECT
private slots:
    void everyPluginOfTheTreeLoads()
    {
        Registry registry;
        const app::PluginReport report = app::loadPlugins(registry, {FOVEA_PLUGINS});
        for (const auto& failure : report.failures)
            QFAIL((failure.file + ": " + failure.message).c_str());
        for (const auto& folder : fs::directory_iterator(fs::path(FOVEA_SOURCE_DIR) / "plugins"))
            if (fs::exists(folder.path() / "CMakeLists.txt")) {
                const fs::path name = folder.path().filename();
                QVERIFY2(fs::exists(fs::path(FOVEA_PLUGINS) / (name.string() + ".so")), name.c_str());
                QVERIFY2(fs::exists(folder.path() / "README.md"), name.c_str());
            }
    }

    void architecturesKeepTheContract_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const Architecture* architecture : everything().architectures())
            QTest::newRow(architecture->identity().id.c_str())
                << QByteArray(architecture->identity().id.c_str());
    }
    void architecturesKeepTheContract()
    {
        QFETCH(QByteArray, id);
        QCOMPARE(text(checkContract(*everything().architecture(id.data()))), QString());
    }

    void labsKeepTheContract_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const Lab* lab : everything().labs())
            QTest::newRow(lab->identity().id.c_str()) << QByteArray(lab->identity().id.c_str());
    }
    void labsKeepTheContract()
    {
        QFETCH(QByteArray, id);
        QCOMPARE(text(checkContract(*everything().lab(id.data()))), QString());
    }

    void brokenRulesAreFound()
    {
        const auto finds = [](auto spoil, const char* expected) {
            Spoiled spoiled;
            spoil(spoiled);
            const QString found = text(checkContract(spoiled));
            QVERIFY2(found.contains(expected),
                qPrintable("expected '" + QString(expected) + "', found\n" + found));
        };
        finds([](auto& s) { s.spoilIdentity = [](auto& i) { i.id = "Toy drop"; }; },
            "identity: expected an id");
        finds([](auto& s) { s.spoilIdentity = [](auto& i) { i.sentence = ""; }; },
            "identity: the sentence is missing");
        finds([](auto& s) { s.spoilSchema = [](auto& f) { f[0].low = 5; }; }, "schema: field 'dim'");
        finds(
            [](auto& s) { s.spoilSchema = [](auto& f) { f[1].name = "dim"; }; }, "schema: two of the fields");
        finds([](auto& s) { s.spoilManifest = [](auto& m) {
                                m.push_back({"spare", {1}, {}});
                            }; },
            "manifest: 'spare' is listed");
        finds([](auto& s) { s.spoilManifest = [](auto& m) { m.pop_back(); }; }, "'head.weight'");
        finds([](auto& s) { s.spoilInfos = [](auto& i) { i.pop_back(); }; },
            "signals: logits is shown but not declared");
        finds(
            [](auto& s) {
                s.spoilInfos = [](auto& i) { i.push_back({"ghost", Kind::Scalar, "none", -1, ""}); };
            },
            "signals: ghost is declared but not shown");
        finds([](auto& s) { s.spoilInfos = [](auto& i) { i[0].kind = Kind::Matrix; }; },
            "with its batch a matrix has rank 3");
        finds([](auto& s) { s.spoilInfos = [](auto& i) { i[0].block = "blocks.9"; }; },
            "is of an unknown block");
        finds([](auto& s) { s.spoilInfos = [](auto& i) { i[0].block = "blocks.1"; }; },
            "is declared of block 'blocks.1', shown in 'blocks.0'");
        finds([](auto& s) { s.spoilInfos = [](auto& i) { i[3].fields.clear(); }; }, "declares no fields");
    }

    void badForwardsAreFound()
    {
        const auto finds = [](auto after, const char* expected) {
            Spoiled spoiled;
            spoiled.after = after;
            const QString found = text(checkContract(spoiled));
            QVERIFY2(found.contains(expected),
                qPrintable("expected '" + QString(expected) + "', found\n" + found));
        };
        const auto plus = [](const Tensor& x, float value) {
            Tensor out = x.clone();
            out.writable()[0] += value;
            return out;
        };
        int calls = 0;
        finds([&](Run&, const Tensor& x) { return plus(x, static_cast<float>(++calls)); }, "observing: ");
        finds(
            [&](Run& run, const Tensor& x) { return plus(x, run.wants("logits") == Want::Nothing ? 0 : 1); },
            "observing: an observed run gives another output");
        finds([&](Run&, const Tensor& x) { return plus(x, 1); }, "signals: 'logits' is not the output");
        finds([](Run&, const Tensor& x) { return x.at(0); }, "signals: the output is");
        finds([](Run&, const Tensor& x) -> Tensor { return x.dim(0) > 1 ? throw Error("too many") : x; },
            "too many");
    }

    /// A stop in the midst of any of its runs ends it; that is no finding.
    void theContractStops()
    {
        for (const int last : {1, 5, 20}) {
            Spoiled spoiled;
            const StopToken stop;
            int calls = 0;
            spoiled.after = [&](Run&, const Tensor& x) {
                if (++calls == last)
                    stop.stop();
                return x;
            };
            QVERIFY_THROWS_EXCEPTION(Cancelled, checkContract(spoiled, stop));
            QVERIFY2(calls <= last + 1, qPrintable(QString::number(calls)));
        }
        const StopToken stopped;
        stopped.stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, checkContract(SpoiledLab(), stopped));
    }

    void badLabsAreFound()
    {
        const auto finds = [](auto step, const char* expected) {
            SpoiledLab lab;
            lab.step = step;
            const QString found = text(checkContract(lab));
            QVERIFY2(found.contains(expected),
                qPrintable("expected '" + QString(expected) + "', found\n" + found));
        };
        finds(
            [](Run&, NamedTensors next) {
                next.set("y", Tensor::zeros({1}));
                return next;
            },
            "changes the names");
        double calls = 0;
        finds(
            [&](Run&, NamedTensors next) {
                next.set("x", Tensor::of<double>({4}, std::vector<double>(4, ++calls)));
                return next;
            },
            "steps: an unobserved step");
        finds(
            [](Run&, NamedTensors next) {
                next.set("x", Tensor::of<double>({4}, std::vector<double>(4, NAN)));
                return next;
            },
            "not finite");
        finds(
            [](Run& run, NamedTensors next) {
                run.show("more", Tensor::zeros({1}));
                return next;
            },
            "more is shown but not declared");
    }

    void toysAreSmall()
    {
        for (const char* name : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"}) {
            std::ifstream file(std::string(FOVEA_SOURCE_DIR "/tests/support/toys/") + name + ".cpp");
            const auto lines = std::count(std::istreambuf_iterator<char>(file), {}, '\n');
            QVERIFY2(lines > 0 && lines < 150, name);
        }
    }
};

QTEST_GUILESS_MAIN(TestContract)
#include "tst_contract.moc"
