// Replays the corpora and some thousand random changes of valid files: nothing but Error may come out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/input_file.h"
#include "core/run/random.h"

#include "tests/fuzz/targets.h"
#include "tests/support/test.h"

#include <QDir>
#include <QRegularExpression>

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

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".")); }

    void onlyErrorsComeOut_data()
    {
        QTest::addColumn<fuzz::Target>("target");
        QTest::addColumn<int>("attempts");
        QTest::addColumn<QByteArrayList>("seeds");
        const auto row = [](const char* name, fuzz::Target target, int attempts, const char* fixtures = "") {
            QByteArrayList seeds;
            for (const QString& path : {QString(FOVEA_SOURCE_DIR "/tests/fuzz/corpus/") + name,
                     QString(FOVEA_FIXTURES "/") + fixtures})
                for (const QFileInfo& file : QDir(path).entryInfoList(QDir::Files))
                    seeds.push_back(fileBytes(file.filePath().toStdString()));
            QTest::newRow(name) << target << attempts << seeds;
        };
        row("safetensors", fuzz::safetensors, 10000);
        row("npy", fuzz::npy, 10000);
        row("anyFile", fuzz::anyFile, 300, "hdf5");
        row("forged", fuzz::forged, 2000);
        row("outline", fuzz::outline, 500);
        row("nameMap", fuzz::nameMap, 10000);
        row("texts", fuzz::texts, 10000);
        row("recipe", fuzz::recipe, 10000);
        row("idx", fuzz::idx, 10000);
        row("cifar", fuzz::cifar, 2000);
        row("csv", fuzz::csv, 10000);
        row("vocabulary", fuzz::vocabulary, 10000);
        row("session", fuzz::session, 10000);
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
