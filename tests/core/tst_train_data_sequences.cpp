// Text as token ids and CSV series as data sets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/tensor/error.h"
#include "core/train/data_set.h"

#include "tests/support/test.h"

#include <QFileInfo>
#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::train;

class TstTrainDataSequences : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string at(const char* name) const { return folder_.filePath(name).toStdString(); }
    std::string write(const char* name, const std::string& text) const
    {
        io::writeFile(at(name), text);
        return at(name);
    }
    static std::vector<std::int32_t> ids(const Tensor& t)
    {
        const auto values = t.values<std::int32_t>();
        return {values.begin(), values.end()};
    }
    static std::vector<float> floats(const Tensor& t)
    {
        return {t.values<float>().begin(), t.values<float>().end()};
    }

private slots:
    void bytesAreFollowedByTheirSuccessors()
    {
        const std::string file = write("abc.txt", "abcdefghijklmnopqrst"); // 20 bytes: 15 train, 5 test
        const DataSetPtr data = openDataSet(file + ":length=4,test=0.25");
        QVERIFY(data->info().content == Content::Tokens);
        QCOMPARE(data->info().labels.size(), std::size_t{256});
        QCOMPARE(data->classes(), Index{0});
        QCOMPARE(data->count(Split::Train), Index{3});
        QCOMPARE(data->count(Split::Test), Index{1});
        const Sample second = data->sample(Split::Train, 1);
        QCOMPARE(ids(second.value), (std::vector<std::int32_t>{'e', 'f', 'g', 'h'}));
        QCOMPARE(ids(second.target), (std::vector<std::int32_t>{'f', 'g', 'h', 'i'}));
        QCOMPARE(ids(data->sample(Split::Test, 0).target), (std::vector<std::int32_t>{'q', 'r', 's', 't'}));
    }

    void wordsAreCutIntoTheLongestPieces()
    {
        const std::string vocab = write("vocab.txt", "[UNK]\nplay\n##ing\n##er\n,\nthe\nplayer\n##s\n");
        // play ##ing , the player ##s [UNK] the
        const std::string file = write("words.txt", "Playing, the\nplayers xyz the");
        const DataSetPtr data = openDataSet(file + ":length=3,test=0.5,vocab=" + vocab);
        QCOMPARE(ids(data->sample(Split::Train, 0).value), (std::vector<std::int32_t>{1, 2, 4}));
        QCOMPARE(ids(data->sample(Split::Train, 0).target), (std::vector<std::int32_t>{2, 4, 5}));
        QCOMPARE(ids(data->sample(Split::Test, 0).value), (std::vector<std::int32_t>{6, 7, 0}));
        QCOMPARE(ids(data->sample(Split::Test, 0).target), (std::vector<std::int32_t>{7, 0, 5}));
    }

    /// Numbered as they come; every line, an empty one too, ends with <eos>.
    void wordsOfTheTextAreItsVocabulary()
    {
        const std::string file = write("own.txt", "the cat  sat\r\n\n\tthe Cat\xC3\xA9 sat\nthe end");
        // the cat sat <eos> | <eos> the Caté sat <eos> the end <eos>
        const DataSetPtr data = openDataSet(file + ":vocab=words,length=3,test=0.5");
        QCOMPARE(data->info().labels,
            (std::vector<std::string>{"the", "cat", "sat", "<eos>", "Cat\xC3\xA9", "end"}));
        QCOMPARE(ids(data->sample(Split::Train, 0).value), (std::vector<std::int32_t>{0, 1, 2}));
        QCOMPARE(ids(data->sample(Split::Train, 0).target), (std::vector<std::int32_t>{1, 2, 3}));
        QCOMPARE(ids(data->sample(Split::Test, 0).value), (std::vector<std::int32_t>{4, 2, 3}));
        QCOMPARE(ids(data->sample(Split::Test, 0).target), (std::vector<std::int32_t>{2, 3, 0}));
    }

    void rareWordsBecomeUnknown()
    {
        // three times a, twice b and c, once <unk>, d and the line's end
        const std::string file = write("rare.txt", "c a d a b <unk> a b c");
        const DataSetPtr data = openDataSet(file + ":vocab=words,most=2,length=4,test=0.5");
        QCOMPARE(data->info().labels, (std::vector<std::string>{"<unk>", "c", "a"})); // c came before b
        QCOMPARE(ids(data->sample(Split::Train, 0).value), (std::vector<std::int32_t>{1, 2, 0, 2}));
        QCOMPARE(ids(data->sample(Split::Train, 0).target), (std::vector<std::int32_t>{2, 0, 2, 0}));
        QCOMPARE(ids(data->sample(Split::Test, 0).target), (std::vector<std::int32_t>{2, 0, 1, 0}));
    }

    void textsWithoutWordsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("empty") << QByteArray()
                               << QByteArray("expected 3 tokens at least in each split, found 0 and 0");
        QTest::newRow("short") << QByteArray("a b c") << QByteArray("found 2 and 2");
        for (const auto& [name, bytes] :
            std::initializer_list<std::pair<const char*, QByteArray>>{{"continued", "\x80"},
                {"cut", "\xE2\x82"}, {"overlong", "\xC0\xAF"}, {"overlong of three", "\xE0\x80\xAF"},
                {"surrogate", "\xED\xA0\x80"}, {"beyond", "\xF4\x90\x80\x80"}, {"latin", "caf\xE9 x"}})
            QTest::newRow(name) << "a b c d e f g h\na b " + bytes
                                << QByteArray(
                                       name == std::string("latin") ? "line 2, byte 23" : "line 2, byte 20");
    }
    void textsWithoutWordsAreRefused()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, problem);
        const std::string file = write("bad.txt", text.toStdString());
        FOVEA_THROWS(
            openDataSet(file + ":vocab=words,length=2,test=0.5"), Error, "bad.txt: ", problem.constData());
    }

    void everyLengthOfUtf8IsRead()
    {
        const std::string word
            = "a\xC3\xA9\xE2\x82\xAC\xED\x9F\xBF\xEF\xBF\xBF\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF";
        const std::string file = write("utf8.txt", word + " b c d e f");
        QCOMPARE(openDataSet(file + ":vocab=words,length=2,test=0.5")->info().labels.front(), word);
    }

    void badTextsAndVocabulariesAreRefused()
    {
        const std::string file = write("short.txt", "too short");
        FOVEA_THROWS(
            openDataSet(file), Error, "short.txt: expected 65 tokens at least in each split, found 9 and 0");
        const std::string twice = write("twice.txt", "[UNK]\na\na\n"), none = write("none.txt", "a\nb\n");
        FOVEA_THROWS(openDataSet(file + ":vocab=" + twice), Error, "twice.txt: line 3: the token 'a'");
        FOVEA_THROWS(openDataSet(file + ":vocab=" + none), Error, "none.txt: expected a token '[UNK]'");
        FOVEA_THROWS(openDataSet(file + ":vocab=" + at("missing")), Error, "missing: ");
        FOVEA_THROWS(openDataSet(file + ":length=0"), UsageError, "short.txt: field 'length'");
        FOVEA_THROWS(openDataSet(file + ":most=3"), UsageError, "field 'most'", "vocab=words");
    }

    void bertKnowsItsWords()
    {
        const std::string vocab = FOVEA_SHARED "/data/vocab/bert-base-uncased-vocab.txt";
        if (!QFileInfo::exists(QString::fromStdString(vocab)))
            QSKIP("../shared/data is not there");
        // as the paper's code has it: unaffable is una ##ffa ##ble, 14477 20961 3468
        const std::string file = write("bert.txt", "unaffable the unaffable the");
        const DataSetPtr data = openDataSet(file + ":length=3,test=0.5,vocab=" + vocab);
        QCOMPARE(ids(data->sample(Split::Train, 0).value), (std::vector<std::int32_t>{14477, 20961, 3468}));
        QCOMPARE(ids(data->sample(Split::Train, 0).target), (std::vector<std::int32_t>{20961, 3468, 1996}));
    }

    void rowsAreFollowedByTheirHorizon()
    {
        std::string text = "date,a,b\n";
        for (int row = 0; row < 10; ++row)
            text += "2016-07-01 0" + std::to_string(row) + ":00:00," + std::to_string(row) + ", "
                + std::to_string(-row) + "\r\n";
        const std::string file = write("series.csv", text);
        const DataSetPtr data = openDataSet(file + ":length=2,horizon=1,test=0.4,normalise=false");
        QVERIFY(data->info().content == Content::Series);
        QCOMPARE(data->info().labels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(test::text(data->info().shape), "[2, 2]");
        QCOMPARE(data->count(Split::Train), Index{4}); // rows 0 to 5: [0 1]2 [1 2]3 [2 3]4 [3 4]5
        QCOMPARE(data->count(Split::Test), Index{2});
        QCOMPARE(floats(data->sample(Split::Train, 3).value), (std::vector<float>{3, -3, 4, -4}));
        QCOMPARE(floats(data->sample(Split::Train, 3).target), (std::vector<float>{5, -5}));
        QCOMPARE(floats(data->sample(Split::Test, 0).value), (std::vector<float>{6, -6, 7, -7}));
    }

    void columnsAreNormalisedByTheirTrainingRows()
    {
        const std::string file = write("norm.csv", "x,flat\n1,7\n3,7\n1,7\n3,7\n5,7\n9,7\n1,7\n3,7\n");
        const DataSetPtr data = openDataSet(file + ":length=1,horizon=1,test=0.5"); // mean 2, deviation 1
        QCOMPARE(floats(data->sample(Split::Train, 0).value), (std::vector<float>{-1, 0}));
        QCOMPARE(floats(data->sample(Split::Test, 0).target), (std::vector<float>{7, 0}));
    }

    void badCellsAreNamedByLineAndColumn_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("word") << "a,b\n1,2\n3,oops\n"
                              << "line 3, column 'b': expected a finite number, found 'oops'";
        QTest::newRow("empty") << "a,b\n,2\n"
                               << "line 2, column 'a': expected a finite number, found ''";
        QTest::newRow("rest") << "a,b\n1,2x\n"
                              << "line 2, column 'b'";
        QTest::newRow("nan") << "a,b\nnan,2\n"
                             << "line 2, column 'a'";
        QTest::newRow("infinite") << "a,b\n1,1e999\n"
                                  << "line 2, column 'b'";
        QTest::newRow("few") << "a,b\n1,2\n\n3\n"
                             << "line 4: expected 2 columns, found 1";
        QTest::newRow("many") << "a,b\n1,2,3\n"
                              << "line 2: expected 2 columns, found 3";
        QTest::newRow("no names") << "\n1,2\n"
                                  << "line 1: expected the names of the columns";
        QTest::newRow("nothing") << ""
                                 << "line 1";
        QTest::newRow("only dates") << "date\n2016\n"
                                    << "line 1";
        QTest::newRow("few rows") << "a,b\n1,2\n1,2\n"
                                  << "expected 120 rows at least in each split";
    }
    void badCellsAreNamedByLineAndColumn()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        const std::string file = write("bad.csv", text.toStdString());
        const QByteArray expected = ("bad.csv: " + message).toUtf8();
        FOVEA_THROWS(openDataSet(file), Error, expected.constData());
    }

    void theTransformersTemperature()
    {
        const std::string file = FOVEA_SHARED "/data/series/ETTh1.csv";
        if (!QFileInfo::exists(QString::fromStdString(file)))
            QSKIP("../shared/data is not there");
        const DataSetPtr data = openDataSet(file + ":normalise=false");
        QCOMPARE(data->info().labels.back(), std::string("OT"));
        QCOMPARE(data->count(Split::Train) + data->count(Split::Test), Index{17420 - 2 * 119});
        QCOMPARE(data->sample(Split::Train, 0).value.values<float>()[6], 30.531F);
    }
};

QTEST_APPLESS_MAIN(TstTrainDataSequences)
#include "tst_train_data_sequences.moc"
