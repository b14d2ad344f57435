// Results of sanity checks, kept from one time to the next: which one is found for a map, what a file of them
// may hold, and what happens to one that is damaged.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sanity_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QTemporaryDir>

#include <sys/wait.h>
#include <unistd.h>

using namespace fovea;
using namespace fovea::analysis;

namespace {

WeightsPtr weightsWith(const std::string& hash)
{
    Weights::Parts parts = toys::toyWeights(toys::toys().requireArchitecture("toy_windows"))->parts();
    parts.hash = hash;
    return std::make_shared<const Weights>(std::move(parts));
}

const WeightsPtr mine = weightsWith("cafe");
const RelevanceMethod& rolling = relevanceMethod("rollout");

Config options(const char* field = "rollout_start", const char* value = "0")
{
    Config config(relevanceSchema());
    config.setText(field, value);
    return config;
}

KnownSanity found(const SanityStudy& on, double largest, const Config& under = options())
{
    return knownSanity(*mine, rolling, under, on, {"rollout", {{"head", largest, largest > 0.5}}, 0.25});
}

const char* const row
    = R"({"weights": "cafe", "config": {}, "method": "rollout", "options": {}, "data": "shapes",
    "pictures": 50, "draws": 5, "largest": 0.3, "between_pictures": null})";

/// A file with that row, in which some text stands in the place of another.
QByteArray fileWith(const char* was, const char* is)
{
    return QByteArray("{\"fovea_format\": \"sanity\", \"version\": 1, \"rows\": [")
        + QByteArray(row).replace(was, is) + "]}";
}

}

class TestKnownSanity : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
    void write(const char* name, const QByteArray& text) const
    {
        QFile file(folder_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

private slots:
    void aResultIsOfOneModelMethodAndItsOptions()
    {
        const std::vector<KnownSanity> all{found({"shapes", 50, 5}, 0.3)};
        const KnownSanity* one = findSanity(all, *mine, rolling, options());
        QVERIFY(one && one->largest == 0.3 && one->betweenPictures == 0.25 && !one->fails());
        QVERIFY(!findSanity(all, *weightsWith("beef"), rolling, options()));
        QVERIFY(!findSanity(all, *weightsWith(""), rolling, options()));
        QVERIFY(!findSanity(all, *mine, relevanceMethod("flow"), options()));
        QVERIFY(!findSanity(all, *mine, rolling, options("rollout_start", "1")));
        QVERIFY(findSanity(all, *mine, rolling, options("path_steps", "7"))); // which rollout does not read
    }

    void weightsThatAreInNoFileAreNotKnown()
    {
        const WeightsPtr fresh = weightsWith("");
        const std::vector<KnownSanity> all{
            knownSanity(*fresh, rolling, options(), {"shapes", 50, 5}, {"rollout", {}, 0})};
        QVERIFY(!findSanity(all, *fresh, rolling, options()));
    }

    void theCheckOnMostPicturesCounts()
    {
        std::vector<KnownSanity> all;
        const auto largest = [&] { return findSanity(all, *mine, rolling, options())->largest; };
        addSanity(all, found({"shapes", 50, 5}, 0.1));
        addSanity(all, found({"shapes", 4, 100}, 0.2));
        QCOMPARE(largest(), 0.1);
        addSanity(all, found({"shapes", 50, 6}, 0.3));
        QCOMPARE(largest(), 0.3);
        addSanity(all, found({"other", 50, 6}, 0.4)); // the later of equals
        QCOMPARE(largest(), 0.4);
        QCOMPARE(all.size(), std::size_t{4});
        addSanity(all, found({"other", 50, 6}, 0.6)); // the same study anew
        QCOMPARE(all.size(), std::size_t{4});
        QVERIFY(largest() == 0.6 && findSanity(all, *mine, rolling, options())->fails());
    }

    void fieldsOfALaterDateAreAtTheirDefaults()
    {
        std::vector<KnownSanity> all{found({"shapes", 50, 5}, 0.3)};
        all.front().options.erase("rollout_residual");
        all.front().config = "{}";
        QVERIFY(findSanity(all, *mine, rolling, options()));
        QVERIFY(!findSanity(all, *mine, rolling, options("rollout_residual", "0.25")));
        all.front().config = R"({"no_such_field": 1})";
        QVERIFY(!findSanity(all, *mine, rolling, options()));
    }

    void aResultIsSaidWithWhatItMeans()
    {
        const QString passes = QString::fromStdString(found({"shapes:size=48,train=9", 50, 5}, 0.31).text());
        for (const char* said :
            {"0.31", "0.25 between pictures", "above .5 fails", "50 of shapes (size 48)", "draws: 5"})
            QVERIFY2(passes.contains(said), qPrintable(passes));
        QVERIFY(QString::fromStdString(found({"shapes", 50, 5}, 0.51).text()).contains("FAILS"));
        QCOMPARE(dataText("shapes:train=200000"), std::string("shapes"));
        QCOMPARE(dataText("/a/shapes:b"), std::string("/a/shapes:b"));
    }

    void aFileHoldsWhatWasRemembered()
    {
        const std::string file = path("deep/down/sanity.json");
        io::SanityMemory memory({path("not there.json")}, file);
        QVERIFY(memory.known().rows.empty() && memory.known().problems.empty());
        memory.remember(found({"shapes", 50, 5}, 0.3));
        memory.remember(found({"shapes", 50, 5}, 0.7, options("rollout_start", "1")));
        memory.remember(found({"shapes", 50, 5}, NAN, options("rollout_start", "0"))); // no map had an order
        const auto known = io::SanityMemory({file}, {}).known();
        QVERIFY(known.problems.empty());
        QCOMPARE(known.rows.size(), std::size_t{2});
        QVERIFY(std::isnan(findSanity(known.rows, *mine, rolling, options())->largest));
        const KnownSanity* other = findSanity(known.rows, *mine, rolling, options("rollout_start", "1"));
        QVERIFY(other && other->largest == 0.7 && other->on == (SanityStudy{"shapes", 50, 5}));
    }

    void twoProgramsLoseNoRow()
    {
        constexpr int each = 30;
        const std::string file = path("shared/sanity.json");
        std::vector<pid_t> writers;
        for (const char* name : {"one-", "two-"}) {
            const pid_t writer = ::fork();
            QVERIFY(writer >= 0);
            if (writer == 0) {
                for (int i = 0; i < each; ++i)
                    io::SanityMemory({}, file).remember(found({name + std::to_string(i), 50, 5}, 0.3));
                ::_exit(0);
            }
            writers.push_back(writer);
        }
        for (const pid_t writer : writers) {
            int status = -1;
            QCOMPARE(::waitpid(writer, &status, 0), writer);
            QCOMPARE(status, 0);
        }
        const auto known = io::SanityMemory({file}, {}).known();
        QVERIFY(known.problems.empty());
        QCOMPARE(known.rows.size(), std::size_t{2 * each});
    }

    void aFixedMemoryStaysAsItIs()
    {
        io::SanityMemory memory(std::vector<KnownSanity>{found({"shapes", 50, 5}, 0.3)});
        memory.remember(found({"shapes", 500, 5}, 0.9));
        QCOMPARE(memory.known().rows.size(), std::size_t{1});
        QCOMPARE(memory.known().rows.front().largest, 0.3);
    }

    void aDamagedFileIsNamedAndStays_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        const auto change = [](const char* name, const char* was, const char* is, const char* said) {
            QTest::newRow(name) << fileWith(was, is) << QString(said);
        };
        QTest::newRow("no JSON") << QByteArray("{\"rows\": [") << "no JSON";
        QTest::newRow("a list") << QByteArray("[]") << "damaged.json: expected an object";
        QTest::newRow("something else") << QByteArray("{\"fovea_format\": \"recipe\"}") << "'fovea_format'";
        QTest::newRow("a later version")
            << QByteArray(R"({"fovea_format": "sanity", "version": 2, "rows": []})") << "'version'";
        change("a field is missing", "\"weights\": \"cafe\", ", "",
            "'rows.0.weights': expected text, found none");
        change("no text", "\"rollout\"", "3", "'rows.0.method': expected text, found 3");
        change("a row is none", row, "7", "field 'rows.0': expected an object, found 7");
        change("no pictures", "50", "0", "'rows.0.pictures'");
        change("no integer", "\"draws\": 5", "\"draws\": 5.5", "'rows.0.draws': expected an integer");
        change("no correlation", "0.3", "1.5", "'rows.0.largest': expected -1 to 1, found 1.5");
        change("a word", "null", "\"none\"", "'rows.0.between_pictures'");
        change("an option is no text", "\"options\": {}", "\"options\": {\"a\": 1}", "'rows.0.options.a'");
        change("a config is none", "\"config\": {}", "\"config\": []", "'rows.0.config'");
    }

    void aDamagedFileIsNamedAndStays()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const QByteArray words = said.toUtf8();
        write("good.json", fileWith("", ""));
        write("damaged.json", content);
        io::SanityMemory memory({path("good.json")}, path("damaged.json"));
        const auto known = memory.known();
        QCOMPARE(known.rows.size(), std::size_t{1}); // of the other file
        QCOMPARE(known.problems.size(), std::size_t{1});
        const QString problem = QString::fromStdString(known.problems.front());
        QVERIFY2(problem.contains("damaged.json: ") && problem.contains(said), qPrintable(problem));
        FOVEA_THROWS(
            memory.remember(found({"shapes", 50, 5}, 0.3)), Error, "damaged.json", words.constData());
        QCOMPARE(test::contentOf(folder_.filePath("damaged.json")), content);
    }

    void whatCannotBeWrittenIsSaid()
    {
        io::SanityMemory memory({}, "/proc/no/sanity.json");
        FOVEA_THROWS(memory.remember(found({"shapes", 50, 5}, 0.3)), Error, "/proc/no/sanity.json");
    }
};

QTEST_APPLESS_MAIN(TestKnownSanity)
#include "tst_known_sanity.moc"
