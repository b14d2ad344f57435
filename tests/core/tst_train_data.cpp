// IDX and CIFAR-10, and what all sets of pictures in memory have in common.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/tensor/error.h"
#include "core/train/data_set.h"

#include "tests/support/test.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

#include <set>

using namespace fovea;
using namespace fovea::train;

namespace {

std::string bigEndian(std::uint32_t value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16 & 0xFF),
        static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
}

/// An IDX file of unsigned bytes.
std::string idx(const std::vector<std::uint32_t>& extents, const std::string& values)
{
    std::string text{'\0', '\0', '\x08', static_cast<char>(extents.size())};
    for (const std::uint32_t extent : extents)
        text += bigEndian(extent);
    return text + values;
}

/// `count` pictures of 2 x 3 pixels; picture i is filled with the byte i.
std::string pictures(std::uint32_t count)
{
    std::string values;
    for (std::uint32_t i = 0; i < count; ++i)
        values += std::string(6, static_cast<char>(i));
    return idx({count, 2, 3}, values);
}

std::string labels(const std::string& values)
{
    return idx({static_cast<std::uint32_t>(values.size())}, values);
}

}

class TstTrainData : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;
    std::string path() const { return folder_->path().toStdString(); }
    void write(const std::string& name, const std::string& bytes) const
    {
        io::writeFile(path() + "/" + name, bytes);
    }
    /// Ten training pictures of two classes and two test pictures.
    void writeSound() const
    {
        write("train-images-idx3-ubyte", pictures(10));
        write("train-labels-idx1-ubyte", labels(std::string("\0\1\0\1\0\1\0\1\0\1", 10)));
        write("t10k-images-idx3-ubyte", pictures(2));
        write("t10k-labels-idx1-ubyte", labels(std::string("\1\0", 2)));
    }

private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void idxComesAsItWasWritten()
    {
        writeSound();
        const DataSetPtr data = openDataSet(path());
        QCOMPARE(test::text(data->info().shape), "[1, 2, 3]");
        QCOMPARE(data->count(Split::Train), Index{10});
        QCOMPARE(data->count(Split::Test), Index{2});
        const Sample sample = data->sample(Split::Train, 7);
        QCOMPARE(sample.label, Index{1});
        QVERIFY(sample.value.identical(Tensor::of<std::uint8_t>({1, 2, 3}, std::vector<std::uint8_t>(6, 7))));
        QCOMPARE(data->label(Split::Test, 0), Index{1});
        QCOMPARE(data->info().labels, (std::vector<std::string>{"0", "1"}));
        QVERIFY(sample.objects.empty());
    }

    void labelsTxtNamesTheClasses()
    {
        writeSound();
        write("labels.txt", "cat\r\ndog\n\n");
        QCOMPARE(openDataSet(path())->info().labels, (std::vector<std::string>{"cat", "dog"}));
    }

    void aSetWithoutTestPicturesIsSplitByItsSeed()
    {
        write("t10k-images.idx3-ubyte", pictures(10));
        write("t10k-labels.idx1-ubyte", labels(std::string("\0\1\0\1\0\1\0\1\0\1", 10)));
        const auto firstBytes = [&](const std::string& fields, Split split) {
            const DataSetPtr data = openDataSet(path() + fields);
            std::set<int> all;
            for (Index i = 0; i < data->count(split); ++i)
                all.insert(data->sample(split, i).value.values<std::uint8_t>()[0]);
            return all;
        };
        const auto train = firstBytes(":test=0.3", Split::Train),
                   tests = firstBytes(":test=0.3", Split::Test);
        QCOMPARE(train.size(), std::size_t{7});
        QCOMPARE(tests.size(), std::size_t{3});
        std::set<int> all = train;
        all.insert(tests.begin(), tests.end());
        QCOMPARE(all.size(), std::size_t{10}); // none is in both
        QCOMPARE(firstBytes(":test=0.3,seed=0", Split::Test), tests);
        QVERIFY(firstBytes(":test=0.3,seed=1", Split::Test) != tests
            || firstBytes(":test=0.3,seed=2", Split::Test) != tests);
    }

    void brokenIdxIsRefusedByName_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const auto row
            = [](const char* name, const char* file, const std::string& bytes, const char* message) {
                  QTest::newRow(name) << file << QByteArray::fromStdString(bytes) << message;
              };
        const char *images = "train-images-idx3-ubyte", *numbers = "train-labels-idx1-ubyte";
        const std::string ten("\0\1\0\1\0\1\0\1\0\1", 10);
        row("no IDX", images, "PNG or so", "magic");
        row("empty", images, "", "magic");
        row("floats", images, std::string("\0\0\x0D\3", 4) + std::string(12, '\1'), "type 13");
        row("other rank", images, labels(ten), "expected 3 axes, found 1");
        row("header cut", images, pictures(10).substr(0, 9), "ends within its header");
        row("pixels cut", images, pictures(10).substr(0, 70), "ends too early: expected 60 elements");
        row("goes on", images, pictures(10) + "x", "goes on after the 60 elements");
        row("claims too much", images, idx({4000000000U, 4000, 4000}, "x"), "more than the file can hold");
        row("claims beyond 63 bits", images, idx({4000000000U, 4000000000U, 4000000000U}, "x"), "");
        row("no pictures", images, pictures(0), "");
        row("no pixels", images, idx({10, 0, 3}, ""), "expected pictures with pixels, found [1, 0, 3]");
        row("no labels", numbers, labels(""),
            "train-labels-idx1-ubyte: expected names of classes, found none");
        row("labels fewer", numbers, labels("\1"), "expected a label for each of 10 pictures, found 1");
        row("label out of range", "t10k-labels-idx1-ubyte", labels("\1\2"),
            "label 1: expected 0 to 1, found 2");
        row("empty class", numbers, labels(std::string("\0\2\0\2\0\2\0\2\0\2", 10)),
            "class '1' has no training picture");
        row("other size", "t10k-images-idx3-ubyte", idx({2, 3, 2}, std::string(12, 'x')),
            "expected pictures [1, 2, 3]");
    }
    void brokenIdxIsRefusedByName()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        writeSound();
        write(file.toStdString(), bytes.toStdString());
        const QByteArray expected = message.toUtf8();
        const std::string place = path();
        FOVEA_THROWS(openDataSet(place), Error, expected.constData(), place.c_str());
        try {
            openDataSet(path());
        } catch (const Error& error) {
            const QString text = error.what();
            QVERIFY2(text.contains(file), error.what());
            QVERIFY2(!text.contains('\n'), error.what());
        }
    }

    void picturesWithoutLabelsAreRefused()
    {
        write("train-images-idx3-ubyte", pictures(4));
        FOVEA_THROWS(openDataSet(path()), Error, "train-labels-idx1-ubyte", "expected the labels");
    }

    void gzippedFilesAreUnpacked()
    {
        writeSound();
        QProcess gzip;
        gzip.start("gzip", {QString::fromStdString(path() + "/train-images-idx3-ubyte")});
        QVERIFY(gzip.waitForFinished() && gzip.exitCode() == 0);
        QCOMPARE(
            openDataSet(path())->sample(Split::Train, 3).value.values<std::uint8_t>()[5], std::uint8_t{3});
        QFile file(QString::fromStdString(path() + "/train-images-idx3-ubyte.gz"));
        QVERIFY(file.resize(file.size() - 12));
        FOVEA_THROWS(openDataSet(path()), Error, "train-images-idx3-ubyte.gz: ");
    }

    void fashionMnistOfDebian()
    {
        const std::string place = "/usr/share/datasets/fashion-mnist";
        if (!QDir(QString::fromStdString(place)).exists())
            QSKIP("the package dataset-fashion-mnist is not installed");
        const DataSetPtr data = openDataSet(place);
        QCOMPARE(data->count(Split::Train), Index{60000});
        QCOMPARE(data->count(Split::Test), Index{10000});
        QCOMPARE(test::text(data->info().shape), "[1, 28, 28]");
        QCOMPARE(data->info().labels.at(9), std::string("Ankle boot"));
        QCOMPARE(data->label(Split::Train, 0), Index{9}); // as its README shows
        QCOMPARE(data->label(Split::Test, 0), Index{9});
        std::array<int, 10> counts{};
        for (Index i = 0; i < 60000; ++i)
            ++counts[static_cast<std::size_t>(data->label(Split::Train, i))];
        for (const int count : counts)
            QCOMPARE(count, 6000);
    }

    void digitsWithoutATrainingSplit()
    {
        if (!QDir(FOVEA_SHARED "/data/mnist").exists())
            QSKIP("../shared/data is not there");
        const DataSetPtr data = openDataSet(FOVEA_SHARED "/data/mnist:test=0.2");
        QCOMPARE(data->count(Split::Train), Index{8000});
        QCOMPARE(data->count(Split::Test), Index{2000});
    }

    void cifarComesAsItWasWritten()
    {
        writeCifar();
        const DataSetPtr data = openDataSet(path());
        QCOMPARE(data->count(Split::Train), Index{20});
        QCOMPARE(data->count(Split::Test), Index{10});
        QCOMPARE(test::text(data->info().shape), "[3, 32, 32]");
        QCOMPARE(data->info().labels.at(3), std::string("cat"));
        const Sample sample = data->sample(Split::Train, 13); // of the second batch: label 3, values 103
        QCOMPARE(sample.label, Index{3});
        QCOMPARE(sample.value.values<std::uint8_t>()[3071], std::uint8_t{103});
    }

    void brokenCifarIsRefusedByName()
    {
        writeCifar();
        write("data_batch_2.bin", std::string(3072, '\1'));
        FOVEA_THROWS(
            openDataSet(path()), Error, "data_batch_2.bin: expected records of 3073 bytes", "found 3072");
        write("data_batch_2.bin", "");
        FOVEA_THROWS(openDataSet(path()), Error, "data_batch_2.bin: expected records", "found 0 bytes");
        write("data_batch_2.bin", std::string(3073, '\x0A'));
        FOVEA_THROWS(openDataSet(path()), Error, "data_batch_2.bin: label 0: expected 0 to 9, found 10");
    }

    void whatIsNoDataSetIsRefused()
    {
        const std::string place = path();
        FOVEA_THROWS(openDataSet(place), Error, place.c_str(), "expected a folder of pictures per class",
            "found none");
        write("notes.md", "x");
        FOVEA_THROWS(openDataSet(path() + "/notes.md"), Error, "notes.md: expected a folder of pictures");
        FOVEA_THROWS(openDataSet(path() + "/nothing"), Error, "nothing: expected a file");
        writeSound();
        FOVEA_THROWS(openDataSet(place + ":seeds=1"), UsageError, place.c_str(), "'seeds'");
    }

    void pathsMayHaveColons()
    {
        QVERIFY(QDir(folder_->path()).mkdir("a:b"));
        write("a:b/t10k-images-idx3-ubyte", pictures(4));
        write("a:b/t10k-labels-idx1-ubyte", labels(std::string(4, '\0')));
        QCOMPARE(openDataSet(path() + "/a:b")->classes(), Index{1});
        QCOMPARE(openDataSet(path() + "/a:b:test=0.5")->count(Split::Test), Index{2});
    }

private:
    /// Two batches of ten and a test batch; record i has label i, and its values are 100 * batch + i.
    void writeCifar() const
    {
        int batch = 0;
        for (const char* name : {"data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"}) {
            std::string bytes;
            for (int i = 0; i < 10; ++i)
                bytes += static_cast<char>(i) + std::string(3072, static_cast<char>(100 * batch + i));
            write(name, bytes);
            ++batch;
        }
    }
};

QTEST_APPLESS_MAIN(TstTrainData)
#include "tst_train_data.moc"
