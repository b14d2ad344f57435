// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/execute_backward.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;
using namespace fovea::test;

namespace {

Tensor cotangentFor(const Tensor& output) { return noise(output.shape(), "cotangent"); }

/// sum of cotangent * output
double scalarOf(const Architecture& toy, const Weights& weights, const Tensor& x)
{
    Run run(weights);
    const Doubles y = toy.forward(run, weights.config(), x).toDoubles();
    const Doubles c = noise({static_cast<Index>(y.size())}, "cotangent").toDoubles();
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        sum += c[i] * y[i];
    return sum;
}

/// t + step * direction
Tensor moved(const Tensor& t, const Tensor& direction, float step)
{
    Tensor out = t.clone();
    for (std::size_t i = 0; i < out.writable().size(); ++i)
        out.writable()[i] += step * direction.values<float>()[i];
    return out;
}

double dot(const Tensor& a, const Tensor& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.values<float>().size(); ++i)
        sum += static_cast<double>(a.values<float>()[i]) * static_cast<double>(b.values<float>()[i]);
    return sum;
}

/// The slope along a direction, by central differences of a float forward: good to a few 1e-4.
template <class At>
double slope(At at)
{
    constexpr float step = 5e-3F;
    return (at(step) - at(-step)) / (2 * static_cast<double>(step));
}

}

class TestGradientToys : public QObject {
    Q_OBJECT
private slots:
    /// Windows with overlapping keys, tokens dropped and merged, complex filters: all by custom().
    void slopesAlongAnyDirectionAgree_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"toy_windows", "toy_drop", "toy_filter"})
            QTest::newRow(id) << QString(id);
    }
    void slopesAlongAnyDirectionAgree()
    {
        QFETCH(const QString, id);
        const Architecture& toy = *toys::toys().architecture(id.toStdString());
        const WeightsPtr weights = toys::toyWeights(toy);
        const Tensor x = toys::toyInput(toy, 2);
        BackwardOptions all;
        all.cotangent = cotangentFor;
        all.parameters = {"*"};
        all.ofInput = true;
        const BackwardResult found = executeBackward(toy, *weights, x, all);

        const auto agrees = [&](const std::string& name, const Tensor& gradient, auto at) {
            const Tensor direction = noise(gradient.shape(), "direction of " + name);
            const double expected = slope([&](float step) { return at(direction, step); });
            const double length = std::sqrt(dot(gradient, gradient) * dot(direction, direction));
            const double wrong = std::abs(dot(gradient, direction) - expected) / length;
            QVERIFY2(
                wrong < 1e-3, qPrintable(QString("%1: %2").arg(QString::fromStdString(name)).arg(wrong)));
        };
        agrees("input", found.input, [&](const Tensor& direction, float step) {
            return scalarOf(toy, *weights, moved(x, direction, step));
        });
        for (const auto& [key, gradient] : found.parameters) {
            const std::string& name = key; // clang captures no structured binding
            agrees(name, gradient, [&](const Tensor& direction, float step) {
                Weights::Parts parts = weights->parts();
                parts.parameters.set(name, moved(parts.parameters[name], direction, step));
                return scalarOf(toy, Weights(std::move(parts)), x);
            });
        }
        for (const ParameterInfo& info : toy.manifest(weights->config())) {
            const bool isSelection = info.name == "stages.0.score.weight"; // it only decides who stays
            QVERIFY2(isSelection != static_cast<bool>(found.parameters.find(info.name)), info.name.c_str());
        }
    }

    void gradientsOfComplexSignalsAreShown()
    {
        const Architecture& toy = *toys::toys().architecture("toy_filter");
        BackwardOptions all;
        all.signalPaths = {"*"};
        const BackwardResult found = executeBackward(toy, *toys::toyWeights(toy), toys::toyInput(toy), all);
        const RecordPtr gradient = found.trace->find("grad.blocks.0.filter.spectrum");
        QVERIFY(gradient);
        QCOMPARE(gradient->value.dtype(), DType::C64);
        QCOMPARE(gradient->kind(), Kind::Filter);
        QVERIFY(!found.trace->find("grad.blocks.0.peaks")); // the output does not depend on them
    }
};

QTEST_APPLESS_MAIN(TestGradientToys)
#include "tst_gradient_toys.moc"
