// Replays the corpora and some thousand random changes of valid files: nothing but Error may come out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "core/io/input_file.h"
#include "core/io/trace_file.h"
#include "core/io/weights_file.h"
#include "core/run/random.h"
#include "core/source/execute.h"

#include "tests/fuzz/targets.h"
#include "tests/support/test.h"

#include <QDir>
#include <QTemporaryDir>

using namespace fovea;

Q_DECLARE_METATYPE(fuzz::Target)

namespace {

constexpr std::uint64_t largest = 1 << 20;

/// One to four changes of the kinds that hurt readers, decided by (seed, attempt) alone.
class Mutation {
public:
    Mutation(std::uint64_t seed, std::uint64_t attempt)
        : place_{seed, attempt, 0, 0}
    {
    }

    std::string of(std::string bytes)
    {
        for (std::uint32_t change = next(4); change < 4 && !bytes.empty(); ++change)
            apply(bytes);
        return bytes;
    }

private:
    std::uint32_t next(std::size_t below)
    {
        return place_.word(drawn_++) % static_cast<std::uint32_t>(below);
    }

    /// Mostly near the beginning, where headers are.
    std::size_t position(const std::string& bytes)
    {
        const std::size_t reach = next(4) ? std::min<std::size_t>(bytes.size(), 2048) : bytes.size();
        return next(reach);
    }

    void apply(std::string& bytes)
    {
        constexpr std::uint64_t awkward[] = {0, 1, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
            1ULL << 60, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
        const std::size_t at = position(bytes), rest = bytes.size() - at;
        const std::size_t size = std::min<std::size_t>(rest, std::size_t{1} << next(4));
        switch (next(6)) {
        case 0: // one bit
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << next(8)));
            break;
        case 1: // an awkward number
            std::memcpy(bytes.data() + at, &awkward[next(std::size(awkward))], size);
            break;
        case 2: // cut
            bytes.resize(at);
            break;
        case 3: // left out
            bytes.erase(at, next(64));
            break;
        case 4: // said twice
            bytes.insert(at, bytes.substr(at, next(64)));
            break;
        default: // a digit, bracket or quote of a text header
            bytes[at] = "0123456789-.,:[]{}()\"'<>"[next(24)];
        }
    }

    RandomPlace place_;
    std::uint64_t drawn_ = 0;
};

QByteArray fileBytes(const std::string& path)
{
    return QByteArray::fromStdString(io::readText(path, largest));
}

}

class TstFuzz : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    /// Our own formats: a tiny model and its trace.
    QByteArrayList ownFiles() const
    {
        const plugin::vit::Vit vit;
        Weights::Parts parts;
        parts.architecture = "vit";
        parts.config = vit.tinyConfig();
        parts.config.set("depth", std::int64_t{1});
        parts.parameters = freshParameters(vit.manifest(parts.config), 1);
        const Weights weights(std::move(parts));
        const std::string model = folder_.filePath("w.h5").toStdString(),
                          trace = folder_.filePath("t.h5").toStdString();
        io::writeWeights(model, weights);
        io::writeTrace(trace, *execute(vit, weights, Tensor::zeros({1, 3, 32, 32})));
        return {fileBytes(model), fileBytes(trace)};
    }

private slots:
    void onlyErrorsComeOut_data()
    {
        QTest::addColumn<fuzz::Target>("target");
        QTest::addColumn<int>("attempts");
        QTest::addColumn<QByteArrayList>("seeds");
        const auto corpus = [](const char* name) {
            QByteArrayList seeds;
            const QDir folder(QString(FOVEA_SOURCE_DIR "/tests/fuzz/corpus/") + name);
            for (const QString& file : folder.entryList(QDir::Files))
                seeds.push_back(fileBytes(folder.filePath(file).toStdString()));
            return seeds;
        };
        const std::string fixtures = FOVEA_FIXTURES;
        QTest::newRow("safetensors") << fuzz::Target(fuzz::safetensors) << 3000
                                     << corpus("safetensors")
                + QByteArrayList{fileBytes(fixtures + "/checkpoints/hf_deit.safetensors")};
        QTest::newRow("npy") << fuzz::Target(fuzz::npy) << 3000
                             << corpus("npy")
                + QByteArrayList{fileBytes(fixtures + "/checkpoints/input.npy")};
        QTest::newRow("answer") << fuzz::Target(fuzz::answer) << 3000 << corpus("answer");
        QTest::newRow("any file") << fuzz::Target(fuzz::anyFile) << 1000
                                  << corpus("hdf5") + ownFiles()
                + QByteArrayList{fileBytes(fixtures + "/hdf5/foreign.h5"),
                    fileBytes(fixtures + "/checkpoints/timm_nested.h5"),
                    fileBytes(fixtures + "/checkpoints/timm.safetensors")};
    }
    void onlyErrorsComeOut()
    {
        QFETCH(fuzz::Target, target);
        QFETCH(int, attempts);
        QFETCH(QByteArrayList, seeds);
        QVERIFY(!seeds.isEmpty());
        for (const QByteArray& seed : seeds)
            target(seed.toStdString());
        for (int attempt = 0; attempt < attempts; ++attempt) {
            const std::string seed = seeds[attempt % seeds.size()].toStdString();
            try {
                target(Mutation(20261122, static_cast<std::uint64_t>(attempt)).of(seed));
            } catch (const std::exception& error) {
                QFAIL(qPrintable(QString("attempt %1: %2").arg(attempt).arg(error.what())));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TstFuzz)
#include "tst_fuzz.moc"
