// Traces written to a file come back exactly, and other programs find their records.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_writer.h"
#include "core/io/trace_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QTemporaryDir>

#include <numeric>

using namespace fovea;
using namespace fovea::io;

namespace {

template <class T = float>
Tensor ramp(const Shape& shape, T first = T(0))
{
    Tensor tensor(shape, DTypeOf<T>::value);
    T next = first;
    for (T& value : tensor.writable<T>()) {
        value = next;
        next = static_cast<T>(next + T(1));
    }
    return tensor;
}

std::shared_ptr<Record> record(const std::string& path, Kind kind, Tensor value)
{
    auto made = std::make_shared<Record>();
    made->info.path = path;
    made->info.kind = kind;
    made->axes = defaultAxes(made->info, value.defined() ? value.shape() : Shape{0, 0, 0, 0});
    made->value = std::move(value);
    return made;
}

std::shared_ptr<Trace> traceOf(const std::vector<std::vector<RecordPtr>>& steps)
{
    auto trace = std::make_shared<Trace>();
    Index number = 0;
    for (const auto& records : steps) {
        auto step = std::make_shared<StepRecords>(number);
        number += 10;
        for (const RecordPtr& r : records)
            step->add(r);
        trace->steps.push_back(step);
    }
    return trace;
}

bool sameTensor(const Tensor& a, const Tensor& b)
{
    return a.defined() == b.defined() && (!a.defined() || a.identical(b));
}

bool sameLayout(const LayoutPtr& a, const LayoutPtr& b) { return a && b ? *a == *b : !a && !b; }

/// What differs between two records; empty when nothing does.
std::string difference(const Record& a, const Record& b)
{
    const SignalInfo &i = a.info, &j = b.info;
    if (i.path != j.path || i.kind != j.kind || i.role != j.role || i.depth != j.depth || i.block != j.block
        || i.help != j.help || i.unit != j.unit || i.fields != j.fields || i.domain != j.domain)
        return "info";
    if (!sameTensor(a.value, b.value))
        return "value";
    if (a.axes != b.axes)
        return "axes";
    if (!sameLayout(a.queries, b.queries) || !sameLayout(a.keys, b.keys))
        return "layout";
    if (!sameTensor(a.queryIndex, b.queryIndex) || !sameTensor(a.keyIndex, b.keyIndex))
        return "index";
    if (!sameTensor(a.factors.q, b.factors.q) || !sameTensor(a.factors.k, b.factors.k)
        || !sameTensor(a.factors.logSum, b.factors.logSum) || a.factors.scale != b.factors.scale)
        return "factors";
    return a.finite == b.finite && a.edited == b.edited ? "" : "flags";
}

std::string difference(const Trace& a, const Trace& b)
{
    const Provenance &p = a.provenance, &q = b.provenance;
    if (p.source != q.source || p.config != q.config || p.weightsHash != q.weightsHash || p.seed != q.seed
        || p.edits != q.edits || p.sample != q.sample || p.inputHash != q.inputHash)
        return "provenance";
    if (!sameTensor(a.input, b.input) || !sameTensor(a.output, b.output))
        return "input or output";
    if (a.blocks.size() != b.blocks.size() || a.steps.size() != b.steps.size())
        return "blocks or steps";
    for (std::size_t i = 0; i < a.blocks.size(); ++i)
        if (a.blocks[i].path != b.blocks[i].path || a.blocks[i].seconds != b.blocks[i].seconds)
            return "block";
    for (std::size_t s = 0; s < a.steps.size(); ++s) {
        const auto &x = a.steps[s]->all(), &y = b.steps[s]->all();
        if (a.steps[s]->step() != b.steps[s]->step() || x.size() != y.size())
            return "step";
        for (std::size_t i = 0; i < x.size(); ++i)
            if (const std::string what = difference(*x[i], *y[i]); !what.empty())
                return what + " of " + x[i]->path() + " at step " + std::to_string(s);
    }
    return "";
}

}

class TstIoTrace : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    std::string path() const { return folder_.filePath("t.h5").toStdString(); }
    std::string afterRoundTrip(const Trace& trace) const
    {
        writeTrace(path(), trace);
        return difference(*readTrace(path()), trace);
    }

private slots:
    void tracesOfTheToysComeBackExactly()
    {
        for (const char* id : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"})
            QCOMPARE(afterRoundTrip(*toys::toyTrace(id)), std::string());
        ExecuteOptions factors;
        factors.budget = 0;
        Trace trace = *toys::toyTrace("toy_drop", factors);
        trace.leftOut = {"blocks.0.attn.scores", "blocks.1.attn.scores"};
        QCOMPARE(afterRoundTrip(trace), std::string());
        QCOMPARE(readTrace(path())->leftOut, trace.leftOut);
    }

    void everyKindComesBackExactly()
    {
        const auto layout = TokenLayout::image(2, 3, 30, 20, {"cls"});
        auto attention = record("blocks.0.attn.pattern", Kind::Attention, ramp({1, 2, 7, 7}));
        attention->queries = attention->keys = layout;
        attention->info.role = "attention after softmax";
        attention->info.block = "blocks.0";
        attention->info.help = "zwölf Köpfe";
        attention->info.depth = 3;
        auto heads = record("blocks.0.attn.q", Kind::Heads, ramp({2, 7, 4}));
        heads->queries = layout;
        auto tokens = record("blocks.0.out", Kind::Tokens, ramp<double>({7, 4}));
        tokens->edited = true;
        auto grid = record("stem.out", Kind::Grid, Tensor::full({2, 3, 4}, NAN));
        grid->finite = false;
        auto filter = record("filter.weight", Kind::Filter, ramp<std::complex<float>>({2, 3, 2}));
        filter->info.domain = "half-spectrum";
        auto keep = record("stages.0.keep", Kind::Keep, ramp({7, 2}));
        keep->info.fields = {"score", "kept"};
        keep->axes = defaultAxes(keep->info, keep->value.shape());
        auto points = record("centroids", Kind::Points, ramp<std::int32_t>({3, 2}));
        points->axes[0].values = {0.1, 1.0 / 3, INFINITY};
        points->axes[0].unit = "ms";
        const auto trace = traceOf({{attention, heads, tokens, grid, filter, keep, points,
            record("routes", Kind::Graph, ramp<std::int64_t>({4, 3})),
            record("mask", Kind::Matrix, ramp<std::uint8_t>({2, 2})),
            record("logits", Kind::Vector, ramp({10})), record("loss", Kind::Scalar, Tensor::full({}, 0.1F)),
            record("nothing", Kind::Tokens, Tensor({0, 4}))}});
        trace->provenance = {"vit", R"({"dim":192})", std::string(64, 'a'), ~std::uint64_t{0},
            {"blocks.3=off", "x=scale:0.5"}, 1, std::string(64, 'b')};
        trace->input = ramp({1, 3, 4, 4});
        trace->output = ramp({10});
        trace->blocks = {BlockMark{"embed", {}, 0.001}, BlockMark{"blocks.0", {}, 1.0 / 3}};
        QCOMPARE(afterRoundTrip(*trace), std::string());
    }

    void otherProgramsFindRecordsUnderTheirPaths()
    {
        writeTrace(path(),
            *traceOf(
                {{record("a.b", Kind::Vector, ramp({3}))}, {record("a.b", Kind::Vector, ramp({3}, 5.F))}}));
        const Hdf5File file(path());
        const Hdf5Object& dataset = file.numbers("records/a.b");
        QCOMPARE(test::text(dataset.shape), "[2, 3]");
        QCOMPARE(file.attribute<std::string>(dataset, "kind"), std::string("vector"));
        QCOMPARE(file.attribute<std::vector<std::string>>(dataset, "axes"),
            (std::vector<std::string>{"step", "i"}));
        QCOMPARE(file.read(file.numbers("steps")).toDoubles(), (std::vector<double>{0, 10}));
    }

    void windowsAndOtherKeys()
    {
        auto windows = record("stage.attn.pattern", Kind::Attention, ramp({4, 2, 4, 2}));
        windows->queries = TokenLayout::image(4, 4, 64, 64);
        windows->keys = TokenLayout::image(4, 2, 64, 64);
        windows->queryIndex = ramp<std::int32_t>({4, 4});
        windows->keyIndex = ramp<std::int32_t>({4, 2});
        QCOMPARE(afterRoundTrip(*traceOf({{windows}})), std::string());
    }

    void droppedAndMergedTokens()
    {
        const auto whole = TokenLayout::image(2, 2, 8, 8, {"cls", "reg"});
        std::vector<std::vector<RecordPtr>> steps;
        for (const int n : {6, 4, 1}) {
            std::vector<int> kept(static_cast<std::size_t>(n));
            std::iota(kept.begin(), kept.end(), 0);
            auto tokens = record("out", Kind::Tokens, ramp({n, 3}, static_cast<float>(n)));
            tokens->queries = whole->selected(kept);
            auto merged = record("merged", Kind::Tokens, ramp({2, 1}));
            merged->queries = whole->merged({{0, 1}, {2, 3, 4}});
            steps.push_back({merged, tokens});
        }
        QCOMPARE(afterRoundTrip(*traceOf(steps)), std::string());
    }

    void factorsInsteadOfAPattern()
    {
        auto factors = record("pattern", Kind::Attention, {});
        factors->factors = {ramp({1, 2, 5, 3}), ramp({1, 2, 4, 3}), ramp({1, 2, 5}), 0.125F};
        auto kept = record("pattern", Kind::Attention, ramp({1, 2, 5, 4}));
        QCOMPARE(afterRoundTrip(*traceOf({{factors}})), std::string());
        QCOMPARE(afterRoundTrip(*traceOf({{kept}, {factors}, {kept}})), std::string());
    }

    void recordsThatComeAndGo()
    {
        const auto a = record("a", Kind::Scalar, Tensor::full({}, 1)),
                   b = record("b", Kind::Vector, ramp({2}));
        QCOMPARE(afterRoundTrip(*traceOf({{b, a}, {}, {a, b}, {b}})), std::string());
        QCOMPARE(afterRoundTrip(*traceOf({})), std::string());
    }

    void textAndSeriesLayouts()
    {
        auto text = record("text", Kind::Tokens, ramp({3, 1}));
        text->queries
            = TokenLayout::text({"the", "\xC3", ""}); // half a letter, as byte-level tokenizers have it
        auto series = record("series", Kind::Tokens, ramp({4, 1}));
        series->queries = TokenLayout::series(4, 2.5);
        QCOMPARE(afterRoundTrip(*traceOf({{text, series}})), std::string());
    }

    void stepsOfDifferentTypesAreRefused()
    {
        FOVEA_THROWS(writeTrace(path(),
                         *traceOf({{record("a", Kind::Vector, ramp({2}))},
                             {record("a", Kind::Vector, ramp<double>({2}))}})),
            Error, "t.h5: dataset 'records/a': the steps are of different types");
    }
};

QTEST_APPLESS_MAIN(TstIoTrace)
#include "tst_io_trace.moc"
