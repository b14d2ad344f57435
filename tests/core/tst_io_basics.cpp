// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/half.h"
#include "core/io/input_file.h"
#include "core/io/sha256.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

using namespace fovea;
using namespace fovea::io;

class TstIoBasics : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string at(const char* name) const { return folder_.filePath(name).toStdString(); }

private slots:
    void everyF16ComesBack()
    {
        for (std::uint32_t bits = 0; bits < 65536; ++bits) {
            const float value = fromF16(static_cast<std::uint16_t>(bits));
            if (std::isnan(value))
                QVERIFY(std::isnan(fromF16(toF16(value))));
            else
                QCOMPARE(toF16(value), bits);
        }
    }

    void f16RoundsToNearestEven()
    {
        QCOMPARE(toF16(1.0F), 0x3C00);
        QCOMPARE(toF16(1.0F + 0x1p-11F), 0x3C00); // a tie: to the even neighbour
        QCOMPARE(toF16(1.0F + 0x3p-11F), 0x3C02);
        QCOMPARE(toF16(65519.996F), 0x7BFF);
        QCOMPARE(toF16(65520.0F), 0x7C00);
        QCOMPARE(toF16(-0x1p-25F), 0x8000); // a tie between zero and the smallest subnormal
        QCOMPARE(toF16(0x1.8p-25F), 0x0001);
        QCOMPARE(fromF16(0x3555), 0.333251953125F);
    }

    void everyBf16ComesBack()
    {
        for (std::uint32_t bits = 0; bits < 65536; ++bits) {
            const float value = fromBf16(static_cast<std::uint16_t>(bits));
            if (std::isnan(value))
                QVERIFY(std::isnan(fromBf16(toBf16(value))));
            else
                QCOMPARE(toBf16(value), bits);
        }
        QCOMPARE(toBf16(1.00390625F), 0x3F80); // a tie: to even
        QCOMPARE(toBf16(1.01171875F), 0x3F82);
        QCOMPARE(toBf16(3.4e38F), 0x7F80);
    }

    // the examples of FIPS 180-4, and lengths around the block's
    void sha256OfKnownTexts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("hash");
        QTest::newRow("empty") << QByteArray()
                               << "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        QTest::newRow("abc") << QByteArray("abc")
                             << "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
        QTest::newRow("a million") << QByteArray(1'000'000, 'a')
                                   << "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        for (const int n : {55, 56, 63, 64, 65, 119, 120})
            QTest::addRow("%d", n)
                << QByteArray(n, 'x')
                << QString(QCryptographicHash::hash(QByteArray(n, 'x'), QCryptographicHash::Sha256).toHex());
    }
    void sha256OfKnownTexts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, hash);
        writeFile(at("text"), text.toStdString());
        QCOMPARE(QString::fromStdString(sha256(InputFile(at("text")))), hash);
        Sha256 pieces;
        for (const char& c : std::as_const(text))
            pieces.update(std::as_bytes(std::span(&c, 1)));
        QCOMPARE(QString::fromStdString(pieces.finish()), hash);
    }

    void whatCannotBeReadIsAnError()
    {
        FOVEA_THROWS(InputFile(at("nothing")), Error, "nothing: ", "No such file");
        FOVEA_THROWS(InputFile(folder_.path().toStdString()), Error, "found a folder");
        FOVEA_THROWS(InputFile("/dev/null"), Error, "/dev/null: ", "not a regular file");
        ::mkfifo(at("pipe").c_str(), 0600);
        FOVEA_THROWS(InputFile(at("pipe")), Error, "not a regular file");
        if (::geteuid() != 0) {
            writeFile(at("secret"), "x");
            ::chmod(at("secret").c_str(), 0);
            FOVEA_THROWS(InputFile(at("secret")), Error, "Permission denied");
        }
        writeFile(at("short"), "abc");
        char into[8];
        FOVEA_THROWS(InputFile(at("short")).read(1, into, 8), Error, "short: the file ends too early");
        FOVEA_THROWS(readText(at("short"), 2), Error, "at most 2 bytes", "found 3");
    }

    void anAtomicFileAppearsWholeOrNotAtAll()
    {
        writeFile(at("a"), "old");
        {
            AtomicFile file(at("a"));
            file.write("new");
            QCOMPARE(readText(at("a"), 10), std::string("old"));
        }
        QCOMPARE(readText(at("a"), 10), std::string("old"));
        writeFile(at("a"), "new");
        QCOMPARE(readText(at("a"), 10), std::string("new"));
        QVERIFY(QDir(folder_.path()).entryList({".a*"}, QDir::Files | QDir::Hidden).isEmpty());
    }

    void whatAKilledWriterLeftIsRemoved()
    {
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(0);
        QCOMPARE(::waitpid(child, nullptr, 0), child); // now nobody has its number
        const QString dead = QString::number(child);
        QStringList others{".k.1-0", ".k." + dead, ".k." + dead + "-0.h5", ".kk." + dead + "-0"};
        for (const QString& name : others + QStringList{".k." + dead + "-0", ".k." + dead + "-12"})
            writeFile(at(name.toUtf8().constData()), "half");
        const AtomicFile file(at("k"));
        QStringList found;
        for (const QString& name : QDir(folder_.path()).entryList({".k*"}, QDir::Files | QDir::Hidden))
            if (!name.startsWith(".k." + QString::number(::getpid()) + "-")) // the new one
                found.append(name);
        std::ranges::sort(found);
        std::ranges::sort(others);
        QCOMPARE(found, others);
    }

    void aReplacedFileKeepsItsPermissionsAndALinkStays()
    {
        writeFile(at("kept"), "1");
        ::chmod(at("kept").c_str(), 0640);
        QVERIFY(QFile::link(folder_.filePath("kept"), folder_.filePath("link")));
        writeFile(at("link"), "2");
        struct stat about { };
        QCOMPARE(::lstat(at("link").c_str(), &about), 0);
        QVERIFY(S_ISLNK(about.st_mode));
        QCOMPARE(readText(at("kept"), 10), std::string("2"));
        ::stat(at("kept").c_str(), &about);
        QCOMPARE(about.st_mode & 0777U, 0640U);
    }

    void whatCannotBeWrittenIsAnError()
    {
        FOVEA_THROWS(
            writeFile(at("no/such/folder/file"), "x"), Error, "no/such/folder/file: cannot be written");
        FOVEA_THROWS(writeFile("/dev/full", "x"), Error, "/dev/full: cannot be written");
        FOVEA_THROWS(writeFile(folder_.path().toStdString(), "x"), Error, "cannot be written");
    }

    void aFullDiskLeavesTheOldFile()
    {
        writeFile(at("b"), "old");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{1000, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        try {
            writeFile(at("b"), std::string(5000, 'x'));
        } catch (const Error& error) {
            ::setrlimit(RLIMIT_FSIZE, &before);
            QVERIFY(QString(error.what()).contains("b: cannot be written: File too large"));
            QCOMPARE(readText(at("b"), 10), std::string("old"));
            QVERIFY(QDir(folder_.path()).entryList({".b*"}, QDir::Files | QDir::Hidden).isEmpty());
            return;
        }
        ::setrlimit(RLIMIT_FSIZE, &before);
        QFAIL("nothing was thrown");
    }
};

QTEST_APPLESS_MAIN(TstIoBasics)
#include "tst_io_basics.moc"
