// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/npy.h"
#include "core/tensor/error.h"

#include "tests/support/checkpoint_bytes.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::io;
using test::bytesOf;
using test::npy;

class TstIoNpy : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string at(const char* name) const { return folder_.filePath(name).toStdString(); }
    Tensor readBytes(const std::string& bytes) const
    {
        writeFile(at("x.npy"), bytes);
        return readNpy(at("x.npy"));
    }

private slots:
    void aTensorOfEachTypeComesBack()
    {
        using Complex = std::complex<float>;
        const float nan = NAN;
        const Tensor tensors[]
            = {Tensor::of<float>({2, 3}, std::array{1.F, -0.F, nan, INFINITY, 1e-40F, 6.F}),
                Tensor::of<double>({2}, std::array{1.0 / 3, -1e300}),
                Tensor::of<std::int32_t>({1, 1, 2}, std::array{-7, 8}),
                Tensor::of<std::int64_t>({1}, std::array{std::int64_t{-1} << 40}),
                Tensor::of<std::uint8_t>({3}, std::array<std::uint8_t, 3>{0, 128, 255}),
                Tensor::of<Complex>({2}, std::array{Complex(1, 2), Complex(-3, 4)}), Tensor::full({}, 5.F),
                Tensor({0, 4})};
        for (const Tensor& tensor : tensors) {
            writeNpy(at("t.npy"), tensor);
            QVERIFY2(readNpy(at("t.npy")).identical(tensor), nameOf(tensor.dtype()).data());
        }
    }

    void theBytesAreNumpys()
    {
        writeNpy(at("t.npy"), Tensor::full({2}, 1.F));
        const QByteArray bytes = test::contentOf(folder_.filePath("t.npy"));
        QCOMPARE(bytes.size(), 128 + 8);
        QVERIFY(bytes.startsWith(
            QByteArray("\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, ", 49)));
        QCOMPARE(bytes[127], '\n');
    }

    void whatNumpyWrote()
    {
        const Tensor input = readNpy(FOVEA_FIXTURES "/checkpoints/input.npy");
        QCOMPARE(test::text(input.shape()), "[1, 3, 8, 8]");
        QCOMPARE(input.dtype(), DType::F32);
    }

    void otherTypesBecomeOurs()
    {
        const Tensor half = readBytes(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }\n",
            bytesOf(std::uint16_t{0x3C00}) + bytesOf(std::uint16_t{0xC000})));
        QCOMPARE(half.dtype(), DType::F32);
        QCOMPARE(half.toDoubles(), (std::vector<double>{1, -2}));
        const Tensor small = readBytes(
            npy("{\"shape\": (), 'fortran_order': False, 'descr': '|i1'}", bytesOf(std::int8_t{-5})));
        QCOMPARE(small.dtype(), DType::I32);
        QCOMPARE(small.toDoubles(), (std::vector<double>{-5}));
    }

    void hostileHeaders_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const std::string& bytes, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(message);
        };
        const auto header = [](const char* descr, const char* order, const char* shape) {
            return std::string("{'descr': '") + descr + "', 'fortran_order': " + order + ", 'shape': " + shape
                + ", }\n";
        };
        row("empty", "", "too short");
        row("foreign", "this is a text, not an array", "not a .npy file");
        row("cut in the header", npy(header("<f4", "False", "(1,)"), "").substr(0, 30), "header claims");
        row("header of 60 kB", std::string("\x93NUMPY\x01\0\xFF\xEE", 10), "header claims 61183 bytes");
        row("header of 4 GB", std::string("\x93NUMPY\x02\0\xFF\xFF\xFF\xFF", 12),
            "header claims 4294967295 bytes");
        const std::string blanks(70000, ' '); // all there, and more than any header needs
        row("header of 70 kB", std::string("\x93NUMPY\x02\0\x70\x11\x01\0", 12) + blanks,
            "header claims 70000 bytes");
        row("version 9", std::string("\x93NUMPY\x09\0\0\0", 10), "version 9");
        row("data too short", npy(header("<f4", "False", "(2,)"), "1234"),
            "expected 8 bytes of data for [2], found 4");
        row("data too long", npy(header("<f4", "False", "(1,)"), "12345678"), "found 8");
        row("2^60 bytes", npy(header("<f4", "False", "(288230376151711744,)"), "1234"),
            "expected 1152921504606846976");
        row("shape overflows", npy(header("<f4", "False", "(4294967296, 4294967296)"), ""), "63 bits");
        row("bytes overflow", npy(header("<f8", "False", "(4611686018427387904,)"), ""), "63 bits");
        row("extent overflows", npy(header("<f4", "False", "(99999999999999999999,)"), ""), "shape");
        row("negative extent", npy(header("<f4", "False", "(-1,)"), ""), "shape");
        row("seven axes", npy(header("<f4", "False", "(1,1,1,1,1,1,1)"), "1234"), "axes");
        row("Fortran order", npy(header("<f4", "True", "(1,)"), "1234"), "Fortran");
        row("big endian", npy(header(">f4", "False", "(1,)"), "1234"), "'>f4'");
        row("python objects", npy(header("|O", "False", "(1,)"), "12345678"), "'|O'");
        row("no shape", npy("{'descr': '<f4', 'fortran_order': False}", "1234"), "'shape'");
        row("unknown field", npy("{'dtype': '<f4'}", "1234"), "'dtype'");
        row("unclosed quote", npy("{'descr: <f4", "1234"), "expected");
        row("unclosed tuple", npy("{'descr': '<f4', 'shape': (1, ", "1234"), "expected");
    }
    void hostileHeaders()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, message);
        FOVEA_THROWS(readBytes(bytes.toStdString()), Error, "x.npy: ", message.constData());
    }

    void largeNumbersAreRefusedNotWrapped()
    {
        FOVEA_THROWS(readBytes(npy("{'descr': '<u8', 'fortran_order': False, 'shape': (1,)}",
                         bytesOf(~std::uint64_t{0}))),
            Error, "x.npy: ", "18446744073709551615");
    }
};

QTEST_APPLESS_MAIN(TstIoNpy)
#include "tst_io_npy.moc"
