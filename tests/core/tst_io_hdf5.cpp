// HDF5 files written, read back and read from others.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/hdf5_file.h"
#include "core/io/hdf5_writer.h"
#include "core/io/input_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QDir>
#include <QTemporaryDir>

#include <sys/resource.h>

#include <csignal>
#include <numeric>

using namespace fovea;
using namespace fovea::io;

class TstIoHdf5 : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string at(const char* name) const { return folder_.filePath(name).toStdString(); }

    static std::vector<double> ramp(int n)
    {
        std::vector<double> values(static_cast<std::size_t>(n));
        std::iota(values.begin(), values.end(), 0.0);
        return values;
    }
    static Hdf5File foreign() { return Hdf5File(FOVEA_FIXTURES "/hdf5/foreign.h5"); }

private slots:
    /// The same contents are the same bytes a second later: an object header ("OHDR", version 2, flags) that
    /// keeps times has bit 5 of its flags set (HDF5 file format specification 3.0, IV.A.1.b).
    void noObjectKeepsTimes()
    {
        Hdf5Writer writer(at("timeless.h5"));
        writer.group("made/by/name");
        writer.write("on/the/way", Tensor({3}));
        writer.commit();
        const QByteArray bytes = test::contentOf(folder_.filePath("timeless.h5"));
        int headers = 0;
        for (auto at = bytes.indexOf("OHDR\x02"); at >= 0; at = bytes.indexOf("OHDR\x02", at + 1), ++headers)
            QVERIFY((bytes[at + 5] & 0x20) == 0);
        QCOMPARE(headers, 7); // the root, made, by, name, on, the, way
    }

    void whatIsWrittenComesBack()
    {
        using Complex = std::complex<float>;
        const std::pair<std::string, Tensor> tensors[]
            = {{"f32", Tensor::of<float>({2, 2}, std::array{1.F, -0.F, NAN, 1e-40F})},
                {"deep/er/f64", Tensor::of<double>({2}, std::array{1.0 / 3, -1e300})},
                {"i32", Tensor::of<std::int32_t>({1, 1, 2}, std::array{-7, 8})},
                {"i64", Tensor::of<std::int64_t>({}, std::array{std::int64_t{-1} << 40})},
                {"u8", Tensor::of<std::uint8_t>({3}, std::array<std::uint8_t, 3>{0, 128, 255})},
                {"c64", Tensor::of<Complex>({1, 2}, std::array{Complex(1, 2), Complex(-3, 4)})},
                {"none", Tensor({0, 4})}};
        Hdf5Writer writer(at("w.h5"));
        for (const auto& [name, tensor] : tensors)
            writer.write(name, tensor);
        writer.write("texts", std::vector<std::string>{"a", "", "γράμμα"});
        writer.write("no_texts", std::vector<std::string>{});
        writer.commit();
        const Hdf5File file(at("w.h5"));
        for (const auto& [name, tensor] : tensors)
            QVERIFY2(file.read(file.numbers(name)).identical(tensor), name.c_str());
        QCOMPARE(file.readTexts(*file.find("texts")), (std::vector<std::string>{"a", "", "γράμμα"}));
        QVERIFY(file.readTexts(*file.find("no_texts")).empty());
        QCOMPARE(file.inside("deep").size(), 2U);
    }

    void attributesComeBack()
    {
        const std::pair<const char*, Hdf5Value> values[] = {{"i", std::int64_t{-5}}, {"d", 0.1}, {"t", "τ"},
            {"empty", ""}, {"is", std::vector<std::int64_t>{1, 2}}, {"ds", std::vector{0.1, 0.2}},
            {"ts", std::vector<std::string>{"a", "bc"}}, {"long", std::string(100'000, 'x')}};
        Hdf5Writer writer(at("a.h5"));
        writer.group("g");
        for (const auto& [name, value] : values) {
            writer.attribute("", name, value);
            writer.attribute("g", name, value);
        }
        writer.commit();
        const Hdf5File file(at("a.h5"));
        for (const auto& [name, value] : values) {
            QVERIFY2(file.find("")->attributes.at(name) == value, name);
            QVERIFY2(file.find("g")->attributes.at(name) == value, name);
        }
        QCOMPARE(file.attribute<std::int64_t>(*file.find("g"), "i"), -5);
        FOVEA_THROWS(file.attribute<double>(*file.find("g"), "i"), Error,
            "a.h5: 'g': attribute 'i' is of an unexpected");
        FOVEA_THROWS(file.attribute<double>(*file.find(""), "j"), Error, "a.h5: attribute 'j' is missing");
    }

    void sixteenBitFloatsAreRounded()
    {
        Hdf5Writer writer(at("h.h5"));
        const Tensor third = Tensor::full({3}, 1.F / 3);
        writer.write("half", third, StoredType::F16);
        writer.write("brain", third, StoredType::BF16);
        writer.commit();
        const Hdf5File file(at("h.h5"));
        QCOMPARE(file.numbers("half").type, StoredType::F16);
        QCOMPARE(file.read(file.numbers("half")).data()[2], 0.333251953125F);
        QCOMPARE(file.numbers("brain").type, StoredType::BF16);
        QCOMPARE(file.read(file.numbers("brain")).data()[2], 0.333984375F);
    }

    void sameContentsSameBytes()
    {
        for (const char* name : {"one.h5", "two.h5"}) {
            Hdf5Writer writer(at(name));
            writer.write("a/b", Tensor::zeros({3}));
            writer.attribute("a", "t", "x");
            writer.commit();
        }
        QCOMPARE(readText(at("one.h5"), 1 << 20), readText(at("two.h5"), 1 << 20));
    }

    void whatOtherProgramsWrite()
    {
        const Hdf5File file = foreign();
        for (const char* name : {"plain", "half", "big_endian", "big_endian_half", "big_endian_int",
                 "chunked", "compressed", "group/same"}) {
            const Tensor values = file.read(file.numbers(name));
            QCOMPARE(test::text(values.shape()), "[2, 3, 4]");
            QCOMPARE(values.toDoubles(), ramp(24));
        }
        const auto z = file.read(file.numbers("complex")).values<std::complex<float>>()[3];
        QCOMPARE(z, std::complex<float>(3, 15));
        QCOMPARE(file.read(file.numbers("bool")).toDoubles(), (std::vector<double>{1, 0, 1}));
        QCOMPARE(file.read(file.numbers("scalar")).toDoubles(), (std::vector<double>{2.5}));
        QCOMPARE(test::text(file.read(file.numbers("none")).shape()), "[0, 3]");
        QCOMPARE(file.read(file.numbers("never_written")).toDoubles(), (std::vector<double>{7, 7, 7, 7}));
        QCOMPARE(file.readTexts(*file.find("texts")), (std::vector<std::string>{"one", "zwei", "", "τρία"}));
        QCOMPARE(file.readTexts(*file.find("fixed_texts")), (std::vector<std::string>{"ab", "c"}));
        for (const char* name : {"null", "pairs", "padded", "enumeration", "external", "virtual"})
            FOVEA_THROWS(file.numbers(name), Error, "foreign.h5: dataset '", name, "expected numbers");
        QVERIFY(!file.find("elsewhere") && !file.find("group/circle/inner"));
        const auto& attributes = file.find("group")->attributes;
        QVERIFY(
            attributes.at("int") == Hdf5Value(std::int64_t{7}) && attributes.at("text") == Hdf5Value("τ"));
        QVERIFY(attributes.at("texts") == Hdf5Value(std::vector<std::string>{"a", "b"}));
        QVERIFY(attributes.at("complex") == Hdf5Value());
    }

    void manyDatasetsAtOnce()
    {
        const Hdf5File file = foreign();
        const auto tensors = file.read({&file.numbers("compressed"), &file.numbers("plain"),
            &file.numbers("none"), &file.numbers("chunked")});
        for (const std::size_t i : {0U, 1U, 3U})
            QCOMPARE(tensors[i].toDoubles(), ramp(24));
    }

    void whatCannotBeWrittenIsAnError()
    {
        FOVEA_THROWS(Hdf5Writer(at("no/folder.h5")), Error, "no/folder.h5: cannot be written");
        Hdf5Writer writer(at("twice.h5"));
        writer.write("a", Tensor::zeros({1}));
        FOVEA_THROWS(writer.write("a", Tensor::zeros({1})), Error, "twice.h5: dataset 'a' cannot be written");
        FOVEA_THROWS(
            writer.write("a/b", Tensor::zeros({1})), Error, "twice.h5: dataset 'a/b' cannot be written");
    }

    void aFullDiskLeavesTheOldFile_data()
    {
        QTest::addColumn<int>("limit");
        for (const int bytes : {0, 100, 600, 3000, 41000})
            QTest::addRow("%d bytes", bytes) << bytes;
    }
    void aFullDiskLeavesTheOldFile()
    {
        QFETCH(int, limit);
        writeFile(at("full.h5"), "old");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{static_cast<rlim_t>(limit), before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        QString message;
        try {
            Hdf5Writer writer(at("full.h5"));
            for (const char* name : {"a", "b", "c", "d"})
                writer.write(name, Tensor::zeros({2560}));
            writer.commit();
        } catch (const Error& error) {
            message = error.what();
        }
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY2(message.contains("full.h5: ") && message.contains("cannot be written"),
            message.toUtf8().constData());
        QCOMPARE(readText(at("full.h5"), 10), std::string("old"));
        QVERIFY(QDir(folder_.path()).entryList({".full*"}, QDir::Files | QDir::Hidden).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TstIoHdf5)
#include "tst_io_hdf5.moc"
