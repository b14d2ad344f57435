// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/safetensors.h"
#include "core/tensor/error.h"

#include "tests/support/checkpoint_bytes.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::io;
using test::bytesOf;
using test::safetensors;

class TstIoSafetensors : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string path() const { return folder_.filePath("x.safetensors").toStdString(); }
    SafetensorsFile opened(const std::string& bytes) const
    {
        writeFile(path(), bytes);
        return SafetensorsFile(path());
    }

private slots:
    void eachTypeIsRead_data()
    {
        QTest::addColumn<QString>("dtype");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("type");
        const auto row = [](const char* dtype, const auto& stored, double value, DType type) {
            QTest::newRow(dtype) << dtype << QByteArray::fromStdString(bytesOf(stored)) << value
                                 << static_cast<int>(type);
        };
        row("F32", 0.1F, static_cast<double>(0.1F), DType::F32);
        row("F64", 0.1, 0.1, DType::F64);
        row("F16", std::uint16_t{0xBC00}, -1, DType::F32);
        row("BF16", std::uint16_t{0x4049}, 3.140625, DType::F32);
        row("I8", std::int8_t{-3}, -3, DType::I32);
        row("I16", std::int16_t{-300}, -300, DType::I32);
        row("I32", std::int32_t{-70000}, -70000, DType::I32);
        row("I64", std::int64_t{1} << 40, 0x1p40, DType::I64);
        row("U8", std::uint8_t{200}, 200, DType::U8);
        row("U16", std::uint16_t{60000}, 60000, DType::I32);
        row("U32", std::uint32_t{4000000000U}, 4e9, DType::I64);
        row("U64", std::uint64_t{1} << 50, 0x1p50, DType::I64);
        row("BOOL", std::uint8_t{1}, 1, DType::U8);
    }
    void eachTypeIsRead()
    {
        QFETCH(QString, dtype);
        QFETCH(QByteArray, bytes);
        QFETCH(double, value);
        QFETCH(int, type);
        const std::string header = QString(R"({"w":{"dtype":"%1","shape":[1],"data_offsets":[0,%2]}})")
                                       .arg(dtype)
                                       .arg(bytes.size())
                                       .toStdString();
        const SafetensorsFile file = opened(safetensors(header, bytes.toStdString()));
        QCOMPARE(file.tensors().front().name, std::string("w"));
        const Tensor w = file.read(0);
        QCOMPARE(static_cast<int>(w.dtype()), type);
        QCOMPARE(w.toDoubles(), std::vector<double>{value});
    }

    void tensorsLieWhereTheHeaderSays()
    {
        const SafetensorsFile file = opened(safetensors(
            R"({"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]},
                "__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})",
            bytesOf(1.F) + bytesOf(2.F) + bytesOf(3.F)));
        QCOMPARE(file.tensors().size(), 3U);
        QCOMPARE(file.metadata().at("format"), std::string("pt"));
        QCOMPARE(file.tensors()[0].name, std::string("a"));
        QCOMPARE(file.read(0).toDoubles(), (std::vector<double>{1, 2}));
        QCOMPARE(file.tensors()[1].name, std::string("none"));
        QCOMPARE(file.read(1).count(), 0);
        QCOMPARE(file.read(2).toDoubles(), (std::vector<double>{3}));
    }

    void hostileHeaders_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const std::string& bytes, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(message);
        };
        const auto one = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
            return safetensors("{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape
                    + ",\"data_offsets\":" + offsets + "}}",
                std::string(16, 'x'));
        };
        row("empty", "", "too short");
        row("header of 2^60 bytes", bytesOf(std::uint64_t{1} << 60) + "{}",
            "header claims 1152921504606846976 bytes");
        row("header longer than the file", bytesOf(std::uint64_t{100}) + "{}", "header claims 100 bytes");
        row("truncated header", safetensors("{}", "").substr(0, 9), "header claims");
        row("no JSON", safetensors("<xml>", ""), "expected JSON");
        row("a list", safetensors("[1,2]", ""), "expected a JSON object");
        row("deep nesting", safetensors("{\"a\":" + std::string(100000, '['), ""), "expected JSON");
        row("bad UTF-8", safetensors("{\"\xC3\x28\":{}}", ""), "expected JSON in UTF-8");
        row("a name twice", safetensors(R"({"w":{"dtype":"F32"},"w":{"dtype":"F32"}})", ""),
            "'w' occurs twice");
        row("a field twice", safetensors(R"({"w":{"dtype":"F32","dtype":"F16"}})", ""),
            "'dtype' occurs twice");
        row("no object", safetensors(R"({"w":7})", ""), "tensor 'w': expected an object");
        row("no shape", safetensors(R"({"w":{"dtype":"F32","data_offsets":[0,0]}})", ""), "'shape'");
        row("unknown type", one("F8_E4M3", "[4]", "[0,4]"), "tensor 'w': the type 'F8_E4M3'");
        row("our own type name", one("f32", "[4]", "[0,16]"), "'f32' is not supported");
        row("offsets out of range", one("F32", "[4]", "[4,20]"), "tensor 'w': the offsets lie outside");
        row("a byte past the end", one("U8", "[17]", "[0,17]"), "tensor 'w': the offsets lie outside");
        row("offsets reversed", one("F32", "[4]", "[16,0]"), "offsets");
        row("one offset", one("F32", "[4]", "[0]"), "offsets");
        row("negative offset", one("F32", "[4]", "[-16,0]"), "data_offsets");
        row("offset overflows", one("F32", "[4]", "[0,18446744073709551616]"), "data_offsets");
        row("shape and offsets differ", one("F32", "[5]", "[0,16]"),
            "tensor 'w': expected 20 bytes for [5], found 16");
        row("shape overflows", one("F32", "[4294967296,4294967296]", "[0,16]"), "63 bits");
        row("bytes overflow", one("F64", "[4611686018427387904]", "[0,16]"), "63 bits");
        row("overflow behind a zero", one("F32", "[4611686018427387904,8,0]", "[0,0]"), "63 bits");
        row("negative extent", one("F32", "[-4]", "[0,16]"), "'shape'");
        row("fractional extent", one("F32", "[4.0]", "[0,16]"), "'shape'");
        row("seven axes", one("F32", "[1,1,1,1,1,1,4]", "[0,16]"), "axes");
        row("metadata is no text", safetensors(R"({"__metadata__":{"a":1}})", ""), "__metadata__");
        row("overlap",
            safetensors(
                R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[7,15]}})",
                std::string(16, 'x')),
            "'a' and 'b' overlap");
        // the format's own reader: MetadataIncompleteBuffer, and InvalidOffset for a hole
        row("bytes after the last tensor", one("F32", "[3]", "[0,12]"),
            "data_offsets: expected a tensor for each of the 16 bytes of data, found none for bytes 12 to "
            "16");
        row("bytes before the first tensor", one("F32", "[2]", "[8,16]"), "found none for bytes 0 to 8");
        row("a hole",
            safetensors(
                R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[8,16]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
                std::string(16, 'x')),
            "found none for bytes 4 to 8");
        row("data of nobody", safetensors("{}", "x"), "found none for bytes 0 to 1");
    }
    void hostileHeaders()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, message);
        FOVEA_THROWS(opened(bytes.toStdString()), Error, "x.safetensors: ", message.constData());
    }

    void aFileCutWhileItIsOpenIsAnError()
    {
        const SafetensorsFile file = opened(safetensors(
            R"({"w":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}})", std::string(4000, 'x')));
        QVERIFY(QFile::resize(QString::fromStdString(path()), 2000));
        FOVEA_THROWS(file.read(0), Error, "x.safetensors: ", "ends too early");
    }
};

QTEST_APPLESS_MAIN(TstIoSafetensors)
#include "tst_io_safetensors.moc"
