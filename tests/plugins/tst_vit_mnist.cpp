// A model that somebody trained on handwritten digits computes what PyTorch computes, and is as good.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/open_weights.h"
#include "core/source/execute.h"

#include "tests/plugins/vit_room.h"
#include "tests/support/test.h"

#include <QFile>
#include <QProcess>

using namespace fovea;
using namespace fovea::io;

namespace {

const std::string mnistModel = FOVEA_SHARED "/data/models/vit-mnist-researchase/vit_mnist_gpu.safetensors";
const std::string mnistReference = FOVEA_SHARED "/data/models/ref/vit_mnist_gpu.10digits.safetensors";

std::map<std::string, std::string> mnistAnswers()
{
    return {{"heads", "4"}, {"activation", "relu"}, {"pool", "cls"},
        {"preprocess",
            R"({"size":28,"crop":28,"mean":[0.1307,0.1307,0.1307],"std":[0.3081,0.3081,0.3081],"interpolation":"bicubic"})"}};
}

/// Absolute: with scores up to 60 the float32 reference is itself 1.3e-4 of its root mean square off.
double largestDifference(const Tensor& found, const Tensor& expected)
{
    const auto a = found.toDoubles(), b = expected.toDoubles();
    double largest = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

/// The class of each sample.
std::vector<int> argmax(const Tensor& logits)
{
    std::vector<int> best;
    for (Index i = 0; i < logits.dim(0); ++i) {
        const Tensor sample = logits.at(i);
        const auto row = sample.values<float>();
        best.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
    }
    return best;
}

/// What follows the header of a gzipped IDX file.
QByteArray idxValues(const char* name, qsizetype headerBytes)
{
    QProcess gzip;
    gzip.start("gzip", {"-dc", QString(FOVEA_SHARED "/data/mnist/") + name});
    gzip.waitForFinished();
    return gzip.readAllStandardOutput().mid(headerBytes);
}

}

class TestVitMnist : public QObject, private test::VitRoom {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!QFile::exists(QString::fromStdString(mnistModel)))
            QSKIP("../shared/data is not here");
    }

    void questionsAreAskedByName()
    {
        try {
            openWeights(mnistModel, registry_);
        } catch (const OpenQuestions& questions) {
            std::vector<std::string> asked;
            for (const Field& field : questions.found.questions)
                asked.push_back(field.name);
            QCOMPARE(asked, (std::vector<std::string>{"heads", "activation", "pool", "preprocess"}));
            QVERIFY(QString(questions.what()).contains("activation (nonlinearity of the MLP: gelu, relu,"));
            return;
        }
        QFAIL("nothing was asked");
    }

    void theMnistModelComputesTheReferenceActivations()
    {
        const std::string own = at("mnist.h5");
        writeWeights(own, *openWeights(mnistModel, registry_, {mnistAnswers(), {}}).weights);
        const OpenedWeights opened = openWeights(own, registry_);
        const NamedTensors expected = tensorsOf(mnistReference);
        const Tensor found = logits(*opened.weights, expected["input"]);
        QCOMPARE_LT(test::relativeDifference(found, expected["logits"]), 1e-4);
        QCOMPARE(argmax(found), argmax(expected["logits"]));
        for (Index digit = 0; digit < 10; ++digit) {
            const TracePtr trace = execute(vit(), *opened.weights, expected["input"].rows(digit, digit + 1));
            for (const int block : {0, 1, 2, 3, 4, 5}) {
                const std::string b = std::to_string(block);
                const Tensor pattern = trace->find("blocks." + b + ".attn.pattern")->value;
                QCOMPARE_LT(largestDifference(pattern.at(0), expected["attn." + b].at(digit)), 1e-4);
                const Tensor out = trace->find("blocks." + b + ".out")->value;
                QCOMPARE_LT(test::relativeDifference(out, expected["block." + b].at(digit)), 1e-4);
            }
        }
    }

    // all 10,000 test digits: its author counted 97.21 % and so do we
    void theMnistModelIsAsGoodAsItsAuthorSays()
    {
#ifndef NDEBUG
        QSKIP("takes minutes without optimisation; the release preset runs it");
#endif
        const auto weights = openWeights(mnistModel, registry_, {mnistAnswers(), {}}).weights;
        const QByteArray pixels = idxValues("t10k-images-idx3-ubyte.gz", 16);
        const QByteArray labels = idxValues("t10k-labels-idx1-ubyte.gz", 8);
        QCOMPARE(pixels.size(), 10'000 * 784);
        constexpr qsizetype batch = 100;
        int right = 0;
        for (qsizetype first = 0; first < labels.size(); first += batch) {
            Tensor input({batch, 1, 28, 28});
            std::ranges::transform(QByteArrayView(pixels).sliced(first * 784, batch * 784),
                input.writable().begin(), [](char v) {
                    return (static_cast<float>(static_cast<unsigned char>(v)) / 255 - 0.1307F) / 0.3081F;
                });
            const std::vector<int> found = argmax(logits(*weights, input));
            for (qsizetype i = 0; i < batch; ++i)
                right += found[static_cast<std::size_t>(i)] == labels[first + i];
        }
        QCOMPARE(right, 9721);
    }
};

QTEST_APPLESS_MAIN(TestVitMnist)
#include "tst_vit_mnist.moc"
