// Views of what mixes tokens: they draw what the analyses say, a click selects, a layer has one name.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/page.h"
#include "widgets/panels/side_panels.h"
#include "widgets/views/mixers.h"
#include "widgets/views/reading.h"

#include "core/analysis/attention_spectrum.h"
#include "core/analysis/filter_bands.h"
#include "core/analysis/mixing.h"
#include "core/analysis/token_spectrum.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QPainter>
#include <QSpinBox>

using namespace fovea;

namespace {

const std::string first = "blocks.0.filter.weight", second = "blocks.1.filter.weight";

/// One pattern of two heads over cls and 4 x 4 patches, in block 3 of a model: head 0 uniform, head 1 at
/// itself; and the tokens before and after it.
TracePtr attending()
{
    auto step = std::make_shared<StepRecords>();
    const LayoutPtr layout = TokenLayout::image(4, 4, 64, 64, {"cls"});
    const auto add = [&](const char* path, Kind kind, const Shape& shape) {
        auto record = std::make_shared<Record>();
        record->info = {path, kind, "", 3, "blocks.3"};
        record->value = Tensor::zeros(shape);
        record->queries = layout;
        record->axes = defaultAxes(record->info, shape);
        return record;
    };
    auto before = add("blocks.3.norm1.out", Kind::Tokens, {17, 2});
    auto pattern = add("blocks.3.attn.pattern", Kind::Attention, {1, 2, 17, 17});
    auto after = add("blocks.3.out", Kind::Tokens, {17, 2});
    pattern->keys = layout;
    for (int query = 0; query < 17; ++query) {
        for (int key = 0; key < 17; ++key)
            pattern->value.writable()[static_cast<std::size_t>(query * 17 + key)] = 1.0F / 17;
        pattern->value.writable()[static_cast<std::size_t>(289 + query * 18)] = 1;
        before->value.writable()[static_cast<std::size_t>(2 * query)] = static_cast<float>(query % 3);
        after->value.writable()[static_cast<std::size_t>(2 * query + 1)] = static_cast<float>(query % 5);
    }
    for (const auto& record : {before, pattern, after})
        step->add(record);
    Trace trace;
    trace.steps.push_back(step);
    trace.input = Tensor::full({1, 1, 64, 64}, 0.5F);
    return std::make_shared<const Trace>(trace);
}

/// Attention between patches in block 0, and of the class token alone in block 1.
TracePtr classAttention()
{
    auto step = std::make_shared<StepRecords>();
    const LayoutPtr layout = TokenLayout::image(4, 4, 64, 64, {"cls"});
    for (int block = 0; block < 2; ++block) {
        auto record = std::make_shared<Record>();
        const std::string path = "blocks." + std::to_string(block);
        record->info = {path + ".attn.pattern", Kind::Attention, "", block, path};
        record->value = Tensor::full({1, 1, block == 0 ? 17 : 1, 17}, 1.0F / 17);
        record->queries = block == 0 ? layout : TokenLayout::text({"cls"});
        record->keys = layout;
        record->axes = defaultAxes(record->info, record->value.shape());
        step->add(record);
    }
    Trace trace;
    trace.steps.push_back(step);
    trace.input = Tensor::full({1, 1, 64, 64}, 0.5F);
    return std::make_shared<const Trace>(trace);
}

/// A filter of two channels that pass frequency 0 alone.
TracePtr lowPassOnly()
{
    Tensor weight = Tensor::zeros({2, 8, 5}, DType::C64);
    for (const std::size_t channel : {0U, 1U})
        weight.writable<std::complex<float>>()[channel * 40] = 1;
    return traceOfFilter(first, weight, 8);
}

View& ready(Room& room, const char* id)
{
    View& view = room.view(id);
    view.resize(700, 420);
    [&] { QTRY_VERIFY(view.isReady()); }();
    return view;
}

}

class TestSpectralViews : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { loadFigureFonts(); }

    void mixingSaysWhyItShowsNothing()
    {
        Room room(slotOf(traceOfFilter(first, Tensor({1, 4, 3, 1}, DType::C64), 4))); // an axis too many
        View& view = room.view("mixing");
        QTRY_VERIFY(view.missing().contains("expected a filter"));
        QVERIFY(view.missing().contains(QString::fromStdString(first)));
    }

    void mixingIsWhatTheAnalysisSays()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = ready(room, "mixing");
        const auto shown = view.data();
        QCOMPARE(shown.size(), 2U);
        QVERIFY(shown[1].value.identical(analysis::mixingDistance(*room.session.record(second)).value));
        CellTable& cells = *view.cellTable();
        QTest::mouseClick(&view, Qt::LeftButton, {}, cells.cellRect({1, 1}).center().toPoint());
        QCOMPARE(room.session.selection().record, second);
        QCOMPARE(room.session.selection().channel, 1);
        QVERIFY2(view.caption().startsWith("L1, channel 1: "), qPrintable(view.caption()));
    }

    void theLineGoesThroughTheMedians()
    {
        Room room(slotOf(attending()));
        View& view = ready(room, "mixing"); // heads 1 and 0: their median is a half
        figure::Page page({400, 300});
        QPainter painter(&page);
        view.paint(painter, {0, 0, 400, 300}, Style::paper());
        painter.end();
        std::vector<QPointF> heads, medians; // middles of filled shapes by their colour
        for (const figure::PageItem& item : page.items())
            if (const auto* shape = std::get_if<figure::ShapeItem>(&item.what);
                shape && shape->fill.isValid()) {
                const QRectF box = shape->path.boundingRect();
                if (box.width() > 10)
                    continue; // the ground
                if (shape->fill == Style::paper().ink)
                    medians.push_back(box.center());
                else if (shape->fill.alpha() < 255) // the legend's mark is opaque
                    heads.push_back(box.center());
            }
        QCOMPARE(heads.size(), 2U);
        QCOMPARE(medians.size(), 1U);
        QVERIFY(std::abs(heads[0].y() - heads[1].y()) > 50);
        QVERIFY(std::abs(medians[0].y() - (heads[0].y() + heads[1].y()) / 2) < 0.5);
    }

    void attentionIsOnTheSameScale()
    {
        Room room(slotOf(attending()));
        View& view = ready(room, "mixing");
        CellTable& cells = *view.cellTable();
        QCOMPARE(cells.cellText({0, 0}), QString("L3, head 0: 1 of uniform mixing"));
        QCOMPARE(cells.cellText({1, 0}), QString("L3, head 1: 0 of uniform mixing"));
        cells.goTo({1, 0});
        QCOMPARE(room.session.selection().head, 1);
        QCOMPARE(room.session.selection().layer, 0);
    }

    void aLayerHasOneName()
    {
        Room room(slotOf(attending()));
        const Patterns& patterns = room.session.patterns();
        QCOMPARE(patterns.number(0), 3);
        QVERIFY(readOut(patterns, room.session.selection()).startsWith("L3 H0 "));
        QVERIFY(mapName(patterns, room.session.selection()).startsWith("layer 3"));
        SelectionPanel panel(room.session, nullptr);
        QCOMPARE(panel.findChild<QSpinBox*>()->value(), 3); // the first of its boxes
        QCOMPARE(ready(room, "head-grid").cellTable()->rowName(0), QString("layer 3"));
        QCOMPARE(ready(room, "head-scatter").cellTable()->rowName(1), QString("layer 3, head 1"));
    }

    void spectraOfHeadsAreOverTheirOwnLevel()
    {
        Room room(slotOf(attending()));
        const auto shown = ready(room, "band-spectra").data();
        QCOMPARE(shown.size(), 1U);
        const auto values = shown[0].value.toDoubles(); // uniform: 4 at frequency 0 and 0; itself: 1 and 1
        QVERIFY(std::abs(values[0] - 2.5) < 1e-4);
        QVERIFY(std::abs(values[1] - 0.5) < 1e-4 && std::abs(values[2] - 0.5) < 1e-4);
        Room filters(slotOf(toys::toyTrace("toy_filter")));
        QCOMPARE(ready(filters, "band-spectra").data().size(), 2U);
    }

    void logAmplitudesAreOfTheStreamAfterEachBlock()
    {
        Room room(slotOf(attending()));
        const auto shown = ready(room, "log-amplitude").data();
        QCOMPARE(shown.size(), 1U);
        QVERIFY(shown[0].value.identical(
            analysis::relativeLogAmplitude(*room.session.record("blocks.3.out")).value));
    }

    void tokensAreShownBeforeAndAfter()
    {
        Room room(slotOf(attending()));
        View& view = ready(room, "token-spectrum");
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        const auto shown = view.data();
        QCOMPARE(shown.size(), 8U);
        QCOMPARE(shown[0].path(), std::string("blocks.3.norm1.out.spectrum"));
        QCOMPARE(shown[4].path(), std::string("blocks.3.out.spectrum"));
        QVERIFY(
            shown[4].value.identical(analysis::tokenSpectrum(*room.session.record("blocks.3.out")).value));
        const QImage one = view.grab().toImage();
        Selection other = room.session.selection();
        other.channel = 1;
        room.session.setSelection(other);
        QVERIFY(view.grab().toImage() != one);
    }

    void bandsAreSharesOfChannels()
    {
        Room room(slotOf(toys::toyTrace("toy_filter")));
        View& view = ready(room, "filter-bands");
        const auto expected = analysis::bandShares(analysis::filterBands(*room.session.record(first)));
        QCOMPARE(view.data()[0].value.toDoubles(), std::vector<double>(expected.begin(), expected.end()));
        view.cellTable()->goTo({0, 1});
        QCOMPARE(room.session.selection().record, second);
        Room whole(slotOf(lowPassOnly()));
        View& one = ready(whole, "filter-bands");
        QCOMPARE(one.cellTable()->cellText({0, 0}), QString("L0, low-pass: 100.0 % of 2 channels"));
        figure::Page page({400, 200});
        QPainter painter(&page);
        one.paint(painter, {0, 0, 400, 200}, Style::paper());
        painter.end();
        QVERIFY(textsOn(page).contains("100 %"));
        Room none(slotWithModel("toy_windows"));
        QCOMPARE(ready(none, "filter-bands").missing(), QString("This model has no spectral filters."));
    }

    void anotherModelWithoutARunShowsNothingOfTheLast_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"mixing", "token-spectrum", "band-spectra", "log-amplitude", "filter-bands"})
            QTest::newRow(id) << id;
    }
    void anotherModelWithoutARunShowsNothingOfTheLast()
    {
        QFETCH(QString, id);
        Room room(slotOf(attending()));
        View& view = room.view(qPrintable(id)); // its Job has begun, and nothing came back yet
        Slot next = slotWithModel("toy_windows");
        next.base = nullptr;
        room.session.adopt(std::move(next));
        QTRY_VERIFY(view.isReady());
        QCoreApplication::processEvents();
        QVERIFY(!view.missing().isEmpty() && view.data().empty());
    }

    void tokensOfAPatchedRunAreFound() // by running a block again, with the trace that the edit names
    {
        Slot slot = slotWithModel("toy_windows");
        const TracePtr whole = slot.base;
        ExecuteOptions options;
        options.record = {"*.pattern"};
        options.edits = {Edit::parse("stages.0.out=patch:t.h5")};
        options.patches = [&](const std::string&) { return whole; };
        slot.base = execute(*slot.architecture, *slot.weights, whole->input, options);
        Services services{&toys::toys(), std::make_shared<Pool>(1),
            [&](const std::string& path, const Answers&, const Job::Context&) {
                Document document;
                document.path = path;
                document.trace = whole;
                return document;
            }};
        const auto tokens = tokensOf(slot, services, 0, "stages.1", nullptr, {});
        QCOMPARE(tokens.back()->path(), std::string("stages.1.out"));
        QVERIFY(tokens.back()->value.identical(whole->find("stages.1.out")->value)); // patched with itself
    }

    void whatHasNoCurveIsNotInTheAccent() // class attention among blocks that leave a grid
    {
        Room room(slotOf(attending()));
        View& view = ready(room, "log-amplitude");
        QVERIFY(view.caption().contains("in the accent: L3"));
        Room alone(slotOf(classAttention()));
        View& spectra = ready(alone, "band-spectra");
        QVERIFY2(spectra.caption().contains("in the accent: L0"), qPrintable(spectra.caption()));
        Selection chosen = alone.session.selection();
        chosen.record = {};
        chosen.layer = 1;
        alone.session.setSelection(chosen);
        QVERIFY2(!spectra.caption().contains("in the accent"), qPrintable(spectra.caption()));
        QCOMPARE(spectra.cellTable()->current(), CellTable::none);
    }
};

QTEST_MAIN(TestSpectralViews)
#include "tst_spectral_views.moc"
