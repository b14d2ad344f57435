// What an untrusted file and a reader that fails are met with: no claim is believed, no child outlives its
// file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/hdf5_file.h"
#include "core/io/hdf5_writer.h"
#include "core/io/input_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <numeric>

using namespace fovea;
using namespace fovea::io;

class TstIoHdf5Reader : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    QByteArray programs_ = qgetenv("FOVEA_BIN");
    std::string at(const char* name) const { return folder_.filePath(name).toStdString(); }

    static Hdf5File foreign() { return Hdf5File(FOVEA_FIXTURES "/hdf5/foreign.h5"); }

    /// A shell script in the reader's place.
    void fakeReader(const QByteArray& script)
    {
        QFile file(folder_.filePath("fovea-h5-reader"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\n" + script + "\n");
        file.close();
        ::chmod(file.fileName().toUtf8().constData(), 0755);
        qputenv("FOVEA_BIN", folder_.path().toUtf8());
    }

private slots:
    void cleanup()
    {
        programs_.isEmpty() ? qunsetenv("FOVEA_BIN") : qputenv("FOVEA_BIN", programs_);
        QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1); // no child is left, dead or alive
        QCOMPARE(errno, ECHILD);
    }

    void claimsAreNotBelieved()
    {
        FOVEA_THROWS(Hdf5File(FOVEA_FIXTURES "/hdf5/bomb.h5"), Error, "bomb.h5: dataset 'bomb'",
            "claims 4398046511104 bytes");
        FOVEA_THROWS(Hdf5File(folder_.path().toStdString()), Error, "folder");
        FOVEA_THROWS(Hdf5File(at("missing.h5")), Error, "missing.h5: No such file");
        writeFile(at("text.h5"), "just a text");
        FOVEA_THROWS(Hdf5File(at("text.h5")), Error, "text.h5: is damaged or no HDF5 file");
        writeFile(at("zero.h5"), "");
        FOVEA_THROWS(Hdf5File(at("zero.h5")), Error, "zero.h5: is damaged");
        const std::string whole = readText(FOVEA_FIXTURES "/hdf5/foreign.h5", 1 << 20);
        for (const std::size_t length : {8U, 100U, 4000U, 20000U}) {
            writeFile(at("cut.h5"), whole.substr(0, length));
            FOVEA_THROWS(Hdf5File(at("cut.h5")), Error, "cut.h5: is damaged or no HDF5 file");
        }
    }

    /// h5py 3.7: a 4 x 4 with compression="lzf", its transpose with "gzip", and a text with "lzf".
    void aFilterThatIsNotHereIsNamed()
    {
        const Hdf5File file(FOVEA_FIXTURES "/hdf5/lzf.h5");
        const char* filter = "is compressed with the filter 'lzf', which is not available";
        FOVEA_THROWS(file.read({&file.numbers("w")}), Error, "lzf.h5: dataset 'w': ", filter);
        FOVEA_THROWS(file.readTexts(*file.find("names")), Error, "lzf.h5: dataset 'names': ", filter);
        const Tensor transposed = file.read({&file.numbers("transposed")}).front();
        QCOMPARE(transposed.values<float>()[1], 4.0F);
    }

    void answersAreNotBelieved_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* object, const char* message) {
            QTest::newRow(name) << QByteArray(object) << QByteArray(message);
        };
        row("past the end", R"("type":"f32","shape":[4],"offset":1000)",
            "claims 16 bytes from position 1000");
        row("offset overflows", R"("type":"f32","shape":[4],"offset":18446744073709551600)",
            "claims 16 bytes");
        row("shape overflows", R"("type":"f32","shape":[4294967296,4294967296],"offset":0)", "63 bits");
        row("compressed too well", R"("type":"f32","shape":[100000000])",
            "claims 400000000 bytes, more than");
        row("texts without end", R"("type":"text","shape":[1000000000])",
            "claims 1000000000 bytes, more than");
        row("seven axes", R"("type":"f32","shape":[1,1,1,1,1,1,1])", "axes");
        row("negative extent", R"("type":"f32","shape":[-1])", "expected a whole number, found -1");
        row("fractional extent", R"("type":"f32","shape":[1e300])", "expected a whole number");
        row("no shape", R"("type":"f32")", "no sensible answer");
        row("shape is text", R"("type":"f32","shape":"x")", "expected a whole number, found \"x\"");
    }
    void answersAreNotBelieved()
    {
        QFETCH(QByteArray, object);
        QFETCH(QByteArray, message);
        const std::string json = R"({"objects":[{"path":"w","attributes":{},)" + object.toStdString() + "}]}";
        FOVEA_THROWS(parseHdf5Outline(json, 1000), Error, message.constData());
    }

    void manyNamesForOneDatasetAreNotBelieved()
    {
        std::string json = R"({"objects":[)";
        for (int i = 0; i < 400; ++i)
            json += R"({"path":"w","attributes":{},"type":"u8","shape":[1000000],"offset":0},)";
        json.back() = ']';
        FOVEA_THROWS(parseHdf5Outline(json + "}", 1'000'000), Error, "dataset 'w'",
            "more than a file of 1000000 can hold");
    }

    void aReaderThatDiesIsAnError()
    {
        fakeReader("kill -9 $$");
        FOVEA_THROWS(foreign(), Error, "foreign.h5: cannot be read: the HDF5 reader died of it (Killed)");
        fakeReader("kill -SEGV $$");
        FOVEA_THROWS(foreign(), Error, "foreign.h5: ", "Segmentation fault");
        fakeReader("exit 0");
        FOVEA_THROWS(foreign(), Error, "foreign.h5: is damaged");
        fakeReader("echo nonsense");
        FOVEA_THROWS(foreign(), Error, "foreign.h5: the HDF5 reader gave no sensible answer");
        fakeReader("exec cat /dev/zero");
        FOVEA_THROWS(foreign(), Error, "foreign.h5: ");
    }

    void aReaderThatDiesBetweenIsAnError()
    {
        const Hdf5File file = foreign();
        fakeReader("printf abc; kill -9 $$");
        FOVEA_THROWS(file.read(file.numbers("chunked")), Error, "foreign.h5: dataset 'chunked'", "Killed");
        FOVEA_THROWS(file.readTexts(*file.find("texts")), Error, "foreign.h5: dataset 'texts'", "Killed");
        fakeReader("printf '\\377\\377\\377\\377'; exec sleep 100");
        FOVEA_THROWS(file.readTexts(*file.find("texts")), Error, "foreign.h5: dataset 'texts'",
            "a text of 4294967295 bytes");
        std::vector<double> plain(24);
        std::iota(plain.begin(), plain.end(), 0.0);
        QCOMPARE(file.read(file.numbers("plain")).toDoubles(), plain); // needs no reader
    }

    void aReaderThatHangsIsAnError()
    {
        fakeReader("exec sleep 100");
        const ReaderLimits brief{std::chrono::milliseconds(50)};
        FOVEA_THROWS(Hdf5File(FOVEA_FIXTURES "/hdf5/foreign.h5", brief), Error, "foreign.h5: ", "hangs");
    }

    /// An answer longer than a pipe holds keeps the reader waiting while its limits are looked at.
    void theReaderLimitsItself()
    {
        Hdf5Writer writer(at("long.h5"));
        writer.attribute("", "long", std::string(100'000, 'x'));
        writer.commit();
        const InputFile file(at("long.h5"));
        ReaderChild reader(file, {}, {});
        char first = 0;
        reader.read(&first, 1);
        const auto contents = [](const QString& path) {
            QFile text(path);
            return text.open(QIODevice::ReadOnly) ? QString(text.readAll()) : QString();
        };
        const QString children = contents(QString("/proc/self/task/%1/children").arg(::getpid())).trimmed();
        const QString limits = contents("/proc/" + children + "/limits");
        QStringList expected{"Max cpu time +120 ", "Max file size +0 ", "Max core file size +0 "};
#ifndef FOVEA_SANITIZED
        expected << "Max address space +4294967296 "
                 << "Max open files +4 ";
#endif
        for (const QString& limit : expected)
            QVERIFY2(limits.contains(QRegularExpression(limit)), qPrintable(limit + "\n" + limits));
    }

    void groupsNestedTooDeeplyAreRefused()
    {
        const auto nested = [&](int depth) {
            Hdf5Writer writer(at("deep.h5"));
            writer.group(QString("a/").repeated(depth).toStdString() + "b");
            writer.commit();
            return Hdf5File(at("deep.h5")).objects().size();
        };
        QCOMPARE(nested(60), 62U); // the root, 60 times a, b
        FOVEA_THROWS(nested(70), Error, "deep.h5: is damaged");
    }

    void theReaderIsNotStartedWithoutEnd()
    {
        const Hdf5File file(FOVEA_FIXTURES "/hdf5/foreign.h5", {.runs = 2});
        file.read(file.numbers("chunked"));
        file.readTexts(*file.find("texts"));
        file.read(file.numbers("plain")); // needs no reader
        FOVEA_THROWS(file.read(file.numbers("chunked")), Error, "foreign.h5: expected at most 2 datasets");
    }

    void aMissingReaderIsAnError()
    {
        qputenv("FOVEA_BIN", "/nowhere");
        FOVEA_THROWS(foreign(), Error, "foreign.h5: the program 'fovea-h5-reader' is not in /nowhere");
    }

    void nothingLeaks()
    {
        const auto descriptors
            = [] { return QDir("/proc/self/fd").entryList(QDir::NoDotAndDotDot | QDir::AllEntries).size(); };
        const auto before = descriptors();
        for (int i = 0; i < 5; ++i) {
            const Hdf5File file = foreign();
            file.read(file.numbers("chunked"));
            FOVEA_THROWS(Hdf5File(FOVEA_FIXTURES "/hdf5/bomb.h5"), Error, "bomb");
        }
        QCOMPARE(descriptors(), before);
    }
};

QTEST_APPLESS_MAIN(TstIoHdf5Reader)
#include "tst_io_hdf5_reader.moc"
