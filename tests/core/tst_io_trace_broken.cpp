// Trace files that contradict themselves are refused, with the record and the field in the message.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_writer.h"
#include "core/io/trace_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QTemporaryDir>

#include <numeric>

using namespace fovea;
using namespace fovea::io;

namespace {

/// 0, 1, 2, ...
template <class T = float>
Tensor ramp(const Shape& shape)
{
    Tensor tensor(shape, DTypeOf<T>::value);
    const auto values = tensor.writable<T>();
    std::iota(values.begin(), values.end(), T(0));
    return tensor;
}

}

class TstIoTraceBroken : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string path() const { return folder_.filePath("t.h5").toStdString(); }

private slots:
    void whatIsNoTraceIsAnError()
    {
        Hdf5Writer writer(path());
        writer.write("x", ramp({1}));
        writer.commit();
        FOVEA_THROWS(readTrace(path()), Error, "t.h5: expected a trace");
    }

    void contradictionsAreErrors_data()
    {
        QTest::addColumn<QByteArray>("broken");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("step") << QByteArray("step")
                              << QByteArray("record 'a': marks: step 9 is out of range");
        QTest::newRow("negative step")
            << QByteArray("negative step") << QByteArray("record 'a': marks: step -1 is out of range");
        QTest::newRow("marks") << QByteArray("marks")
                               << QByteArray("record 'a': marks: queries 7 is out of range");
        QTest::newRow("keys") << QByteArray("keys")
                              << QByteArray("record 'a': marks: keys 7 is out of range");
        QTest::newRow("axes") << QByteArray("axes")
                              << QByteArray("record 'a': marks: axes 7 is out of range");
        QTest::newRow("units") << QByteArray("units") << QByteArray("'axes/0': names and units");
        QTest::newRow("axis") << QByteArray("axis")
                              << QByteArray("record 'a': the axis 'token' does not fit");
        QTest::newRow("factors") << QByteArray("factors")
                                 << QByteArray("record 'a': the factors [1, 2, 5, 3], [1, 2, 4, 2] and");
        QTest::newRow("other heads") << QByteArray("other heads")
                                     << QByteArray("record 'a': the factors [1, 2, 5, 3], [1, 3, 5, 3] and");
        QTest::newRow("blocks") << QByteArray("blocks")
                                << QByteArray("dataset 'block_seconds': expected 0 numbers");
        QTest::newRow("rows") << QByteArray("rows")
                              << QByteArray("'layouts/0': attribute 'rows': 536870912 is out of range");
        QTest::newRow("grid") << QByteArray("grid")
                              << QByteArray("'layouts/0': a grid of 65536 x 2 for 2 cells");
        QTest::newRow("no marks") << QByteArray("no marks") << QByteArray("dataset 'details/a/marks'");
        QTest::newRow("rank") << QByteArray("rank")
                              << QByteArray("record 'a': the shape [2, 3, 1] is not of the kind tokens");
        QTest::newRow("kind") << QByteArray("kind") << QByteArray("record 'a': there is no kind 'colour'");
        QTest::newRow("steps") << QByteArray("steps")
                               << QByteArray("record 'a': dataset 'records/a': expected 1 steps, found [2");
        QTest::newRow("layout") << QByteArray("layout")
                                << QByteArray("'layouts/0': token layout: a cell outside the grid");
        QTest::newRow("tokens") << QByteArray("tokens")
                                << QByteArray("record 'a': found 9 tokens, the layout has 2");
        QTest::newRow("offsets") << QByteArray("offsets")
                                 << QByteArray("record 'a': dataset 'records/a': offsets");
        QTest::newRow("shapes") << QByteArray(
            "shapes") << QByteArray("record 'a': dataset 'records/a': offsets and shapes contradict");
        QTest::newRow("version") << QByteArray("version")
                                 << QByteArray("attribute 'version': expected 1, found 2");
    }
    void contradictionsAreErrors()
    {
        QFETCH(QByteArray, broken);
        QFETCH(QByteArray, message);
        writeBroken(broken);
        FOVEA_THROWS(readTrace(path()), Error, "t.h5: ", message.constData());
    }

    void tokensThatTheLayoutHasNotAreRefused()
    {
        auto pattern = std::make_shared<Record>();
        pattern->info = {"p", Kind::Attention, "", 0, ""};
        pattern->value = ramp({1, 1, 2, 2});
        pattern->axes = defaultAxes(pattern->info, pattern->value.shape());
        pattern->queries = pattern->keys = TokenLayout::series(3, 1);
        for (const std::int32_t last : {2, 3}) {
            pattern->keyIndex = Tensor::of<std::int32_t>({1, 2}, std::array{0, last});
            auto step = std::make_shared<StepRecords>();
            step->add(pattern);
            Trace trace;
            trace.steps.push_back(step);
            writeTrace(path(), trace);
            if (last < 3)
                QVERIFY(readTrace(path())->find("p"));
            else
                FOVEA_THROWS(readTrace(path()), Error, "t.h5: record 'p': a token index is out of range");
        }
    }

private:
    /// A trace with one record 'a' of kind tokens [2, 3], wrong in one place.
    void writeBroken(const QByteArray& broken) const
    {
        using Texts = std::vector<std::string>;
        Hdf5Writer writer(path());
        const std::pair<const char*, Hdf5Value> root[]
            = {{"fovea_format", "trace"}, {"version", std::int64_t{broken == "version" ? 2 : 1}},
                {"source", "x"}, {"config", "{}"}, {"weights_sha256", ""}, {"seed", std::int64_t{0}},
                {"edits", Texts()}, {"sample", std::int64_t{0}}, {"blocks", Texts()}};
        for (const auto& [name, value] : root)
            writer.attribute("", name, value);
        writer.write("block_seconds", Tensor::zeros({broken == "blocks" ? 1 : 0}, DType::F64));
        writer.write("steps", ramp<std::int64_t>({1}));
        const Index tokens = broken == "tokens" ? 9 : 2, steps = broken == "steps" ? 2 : 1;
        writer.write("records/a",
            broken == "offsets"      ? ramp({6})
                : broken == "shapes" ? ramp({7})
                : broken == "rank"   ? ramp({1, 2, 3, 1})
                                     : ramp({steps, tokens, 3}));
        const std::pair<const char*, Hdf5Value> info[]
            = {{"kind", broken == "kind" ? "colour" : "tokens"}, {"role", ""}, {"depth", std::int64_t{0}},
                {"block", ""}, {"help", ""}, {"unit", ""}, {"fields", Texts()}, {"domain", ""}};
        for (const auto& [name, value] : info)
            writer.attribute("records/a", name, value);
        if (broken == "offsets" || broken == "shapes") { // of 2 x 3 values
            writer.write(
                "details/a/value.offsets", Tensor::of<std::int64_t>({2}, std::array<std::int64_t, 2>{0, 7}));
            writer.write("details/a/value.shapes",
                Tensor::of<std::int64_t>({1, 7}, std::array<std::int64_t, 7>{2, 2, 3}));
        }
        if (broken == "factors") {
            writer.write("details/a/q", Tensor::zeros({1, 1, 2, 5, 3}));
            writer.write("details/a/k", Tensor::zeros({1, 1, 2, 4, 2}));
            writer.write("details/a/log_sum", Tensor::zeros({1, 1, 2, 5}));
        }
        if (broken == "other heads") {
            writer.write("details/a/q", Tensor::zeros({1, 1, 2, 5, 3}));
            writer.write("details/a/k", Tensor::zeros({1, 1, 3, 5, 3}));
            writer.write("details/a/log_sum", Tensor::zeros({1, 1, 2, 5}));
        }
        if (broken != "no marks")
            writer.write("details/a/marks",
                Tensor::of<std::int64_t>({1, 7},
                    std::array<std::int64_t, 7>{broken == "step" ? 9
                            : broken == "negative step"          ? -1
                                                                 : 0,
                        0, broken == "marks" ? 7 : 0, broken == "keys" ? 7 : -1, broken == "axes" ? 7 : 0, 1,
                        0}));
        writer.group("axes/0");
        writer.attribute("axes/0", "names", Texts{"token", "channel"});
        writer.attribute("axes/0", "units", broken == "units" ? Texts{""} : Texts{"", ""});
        if (broken == "axis")
            writer.write("axes/0/values.0", Tensor::zeros({3}, DType::F64));
        writer.group("layouts/0");
        const std::pair<const char*, Hdf5Value> layout[] = {{"domain", "image"},
            {"rows",
                std::int64_t{broken == "rows" ? 1 << 29
                        : broken == "grid"    ? 65536
                                              : 1}},
            {"cols", std::int64_t{2}}, {"extent", std::vector<double>{0, 0, 2, 1}},
            {"special_names", Texts()}};
        for (const auto& [name, value] : layout)
            writer.attribute("layouts/0", name, value);
        writer.write("layouts/0/special", Tensor::of<std::int32_t>({2}, std::array{-1, -1}));
        writer.write("layouts/0/offsets", Tensor::of<std::int32_t>({3}, std::array{0, 1, 2}));
        writer.write(
            "layouts/0/cells", Tensor::of<std::int32_t>({2}, std::array{0, broken == "layout" ? 2 : 1}));
        writer.commit();
    }
};

QTEST_APPLESS_MAIN(TstIoTraceBroken)
#include "tst_io_trace_broken.moc"
