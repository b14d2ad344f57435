// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/describe.h"
#include "core/io/hdf5_writer.h"
#include "core/io/npy.h"
#include "core/io/trace_file.h"
#include "core/io/weights_file.h"
#include "core/tensor/error.h"

#include "tests/support/checkpoint_bytes.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace fovea;
using namespace fovea::io;

class TstIoDescribe : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string path() const { return folder_.filePath("file").toStdString(); }
    static std::string fact(const FileOutline& outline, const std::string& name)
    {
        for (const auto& [key, value] : outline.facts)
            if (key == name)
                return value;
        return "(none)";
    }

private slots:
    void weights()
    {
        Weights::Parts parts;
        parts.architecture = "line";
        parts.labels = {"a", "b"};
        parts.parameters.set("fc.weight", Tensor::zeros({2, 3}));
        writeWeights(path(), Weights(parts), StoredType::BF16);
        const FileOutline outline = describe(path());
        QCOMPARE(outline.kind, FileKind::Weights);
        QCOMPARE(fact(outline, "architecture"), std::string("line"));
        QCOMPARE(fact(outline, "labels"), std::string("2"));
        QCOMPARE(fact(outline, "reference"), std::string("no"));
        QCOMPARE(outline.tensors.size(), 1U);
        QCOMPARE(outline.tensors[0].name, std::string("fc.weight"));
        QCOMPARE(outline.tensors[0].type, StoredType::BF16);
        QCOMPARE(test::text(outline.tensors[0].shape), "[2, 3]");
        QCOMPARE(outline.bytes, InputFile(path()).size());
    }

    void trace()
    {
        Trace trace;
        trace.provenance.source = "vit";
        trace.provenance.edits = {"a=off", "b=off"};
        auto record = std::make_shared<Record>();
        record->info.path = "logits";
        record->info.kind = Kind::Vector;
        record->value = Tensor::zeros({3});
        record->axes = defaultAxes(record->info, {3});
        auto step = std::make_shared<StepRecords>();
        step->add(record);
        trace.steps = {step};
        writeTrace(path(), trace);
        const FileOutline outline = describe(path());
        QCOMPARE(outline.kind, FileKind::Trace);
        QCOMPARE(fact(outline, "source"), std::string("vit"));
        QCOMPARE(fact(outline, "edits"), std::string("a=off, b=off"));
        QCOMPARE(fact(outline, "steps"), std::string("1"));
        QCOMPARE(outline.tensors.at(0).name, std::string("logits"));
    }

    void othersFiles()
    {
        const FileOutline flat = describe(FOVEA_FIXTURES "/checkpoints/timm_flat.h5");
        QCOMPARE(flat.kind, FileKind::Checkpoint);
        QCOMPARE(flat.format, std::string("HDF5"));
        QCOMPARE(flat.tensors.size(), 32U);
        const FileOutline safetensors = describe(FOVEA_FIXTURES "/checkpoints/timm.safetensors");
        QCOMPARE(safetensors.kind, FileKind::Checkpoint);
        QCOMPARE(safetensors.format, std::string("safetensors"));
        QCOMPARE(safetensors.tensors.size(), 32U);
    }

    void inputs()
    {
        const Tensor input = Tensor::full({1, 2, 2}, 0.5F);
        writeNpy(path(), input);
        QCOMPARE(describe(path()).kind, FileKind::Input);
        QCOMPARE(test::text(describe(path()).tensors.at(0).shape), "[1, 2, 2]");
        QVERIFY(readInput(path()).identical(input));
        Hdf5Writer writer(path());
        writer.write("input", Tensor::of<double>({2}, std::array{0.5, 0.25}));
        writer.commit();
        QCOMPARE(describe(path()).kind, FileKind::Input);
        QCOMPARE(readInput(path()).toDoubles(), (std::vector<double>{0.5, 0.25}));
        QCOMPARE(readInput(path()).dtype(), DType::F32);
        writeNpy(path(), Tensor::zeros({1}, DType::I32));
        FOVEA_THROWS(readInput(path()), Error, "file: expected floating-point numbers, found i32");
        FOVEA_THROWS(readInput(FOVEA_FIXTURES "/checkpoints/timm_flat.h5"), Error,
            "timm_flat.h5: dataset 'input'", "nothing");
        writeFile(path(), "text");
        FOVEA_THROWS(readInput(path()), Error, "file: ");
    }

    void jsonAndTheRest()
    {
        writeFile(path(), R"({"fovea_format": "session", "slots": []})");
        QCOMPARE(describe(path()).kind, FileKind::Session);
        writeFile(path(), R"({"a": 1})");
        QCOMPARE(describe(path()).kind, FileKind::Unknown);
        QCOMPARE(describe(path()).format, std::string("JSON"));
        for (const char* content : {"", "a", "{", "PK\x03\x04", "some text"}) {
            writeFile(path(), content);
            QCOMPARE(describe(path()).kind, FileKind::Unknown);
            QCOMPARE(describe(path()).format, std::string());
        }
        writeFile(path(), "{");
        QVERIFY(QFile::resize(QString::fromStdString(path()), (64 << 20) + 1)); // is not parsed
        QCOMPARE(describe(path()).kind, FileKind::Unknown);
        FOVEA_THROWS(describe(folder_.path().toStdString()), Error, "folder");
    }
};

QTEST_APPLESS_MAIN(TstIoDescribe)
#include "tst_io_describe.moc"
