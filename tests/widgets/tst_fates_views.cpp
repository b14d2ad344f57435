// Views of kept patches: they draw what the fates are, a click chooses, the threshold is an edit.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/kept_view.h"
#include "widgets/views/threshold_view.h"
#include "widgets/views/token_fate_view.h"

#include "plugins/ia_red2/ia_red2.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

using namespace fovea;

namespace {

const plugin::ia_red2::IaRed2 iaRed2;

/// 4 x 4 patches in two groups, of which both drop some.
Slot dropping()
{
    Slot slot;
    slot.architecture = &iaRed2;
    Config config = configWith(iaRed2, iaRed2.tinyConfig(), {});
    slot.weights = freshWeights(iaRed2, config, 5);
    Tensor input({1, 3, 32, 32});
    for (Index i = 0; i < input.count(); ++i)
        input.writable().data()[i] = static_cast<float>((i * 37) % 101) / 50 - 1;
    slot.prepared.values = input;
    slot.base = execute(iaRed2, *slot.weights, input);
    return slot;
}

analysis::TokenFates fatesIn(const Room& room) { return *analysis::tokenFates(*room.session.slot().trace()); }

View& shown(Room& room, const char* id)
{
    View& view = room.view(id);
    view.resize(720, 420);
    view.show();
    QTest::qWait(0);
    return view;
}

}

class TestFatesViews : public QObject {
    Q_OBJECT
private slots:
    void droppedPatchesAreWhiteAndTheOthersUntouched()
    {
        Room room(dropping());
        const analysis::TokenFates fates = fatesIn(room);
        QImage picture(32, 32, QImage::Format_RGB32);
        picture.fill(QColor(10, 120, 200));
        int white = 0;
        const QImage image = keptPicture(picture, fates, 1, true);
        for (int token = 1; token < 17; ++token) {
            const Area area = fates.layout->cellArea(fates.layout->cells(token).front());
            const QPoint middle(static_cast<int>(area.x + 4), static_cast<int>(area.y + 4));
            const bool isKept = fates.droppedIn(token) == 2;
            QCOMPARE(image.pixelColor(middle), isKept ? QColor(10, 120, 200) : QColor(Qt::white));
            white += isKept ? 0 : 1;
        }
        QVERIFY(white > 0 && white < 16); // else nothing was told apart
    }

    void everyViewDrawsAndTellsItsCells_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"kept", "token-scores", "survival", "score-histogram", "token-threshold",
                 "token-fate", "token-heat"})
            QTest::newRow(id) << QString(id);
    }
    void everyViewDrawsAndTellsItsCells()
    {
        QFETCH(const QString, id);
        Room room(dropping());
        View& view = shown(room, qPrintable(id));
        QVERIFY2(view.missing().isEmpty(), qPrintable(view.missing()));
        QVERIFY(!view.data().empty());
        CellTable* table = view.cellTable();
        QVERIFY(table);
        const QSize cells = table->cells();
        int told = 0;
        for (int y = 0; y < cells.height(); ++y)
            for (int x = 0; x < cells.width(); ++x) {
                const QRectF rect = table->cellRect({x, y});
                QVERIFY(!table->cellText({x, y}).isEmpty());
                if (rect.isEmpty())
                    continue;
                QCOMPARE(table->cellAt(rect.center()), QPoint(x, y));
                ++told;
            }
        QVERIFY(told > 0);
        QVERIFY(!view.grab().isNull());
    }

    void aClickPinsAPatchAndChoosesItsGroup()
    {
        Room room(dropping());
        View& view = shown(room, "kept");
        CellTable* table = view.cellTable();
        const QPoint cell(4 + 2, 1); // group 1, row 1, column 2
        QTest::mouseClick(&view, Qt::LeftButton, {}, table->cellRect(cell).center().toPoint());
        QCOMPARE(room.session.selection().record, std::string("stages.1.keep"));
        QCOMPARE(table->current(), cell);
        QTest::mouseClick(&view, Qt::LeftButton, {}, table->cellRect(cell).center().toPoint());
        QVERIFY(room.session.selection().pin.empty());
    }

    void theHistogramHoldsEveryPatchThatStood()
    {
        Room room(dropping());
        const analysis::TokenFates fates = fatesIn(room);
        const std::vector<Record> records = shown(room, "score-histogram").data();
        const std::vector<double> table = records.back().value.toDoubles(); // [group, bin, field]
        for (int group = 0; group < 2; ++group) {
            double kept = 0, dropped = 0;
            for (std::size_t bin = 0; bin < 20; ++bin) {
                const std::size_t at = (static_cast<std::size_t>(group) * 20 + bin) * 4;
                kept += table[at + 2];
                dropped += table[at + 3];
                if (table[at] > 0.5)
                    QCOMPARE(table[at + 3], 0.0); // beyond the threshold nothing is dropped
            }
            QCOMPARE(kept + dropped, static_cast<double>(fates.standing(group)));
            QCOMPARE(kept, 16 * fates.keptShare(group));
        }
    }

    void theThresholdIsAnEditThatCanBeUndone()
    {
        Room room(dropping());
        auto& view = static_cast<ThresholdView&>(shown(room, "token-threshold"));
        const auto before = fatesIn(room).keptShare(0);
        view.setThreshold(0.05, false);
        QTRY_VERIFY(room.session.slot().edited != nullptr);
        QCOMPARE(room.session.slot().edits.size(), std::size_t{1});
        QCOMPARE(room.session.slot().edits[0].text(), std::string("stages.*.keep=threshold:0.05"));
        QCOMPARE(fatesIn(room).keptShare(0), 1.0);
        QVERIFY(before < 1);
        QTRY_VERIFY(view.cost().has_value());
        QCOMPARE(view.cost()->macs, view.cost()->fullMacs);
        view.setThreshold(0.5, false); // the model's own
        QVERIFY(room.session.slot().edits.empty());
        room.session.undo();
        QCOMPARE(room.session.slot().edits.size(), std::size_t{1});
    }

    void thatNothingIsLeftIsSaid()
    {
        Room room(dropping());
        auto& view = static_cast<ThresholdView&>(shown(room, "token-threshold"));
        QVERIFY(!view.badges().join(' ').contains("every patch"));
        view.setThreshold(0.999, false);
        QTRY_VERIFY(room.session.slot().edited != nullptr);
        const QString said = "group 0 drops every patch: the class token goes on alone";
        QVERIFY2(view.badges().contains(said), qPrintable(view.badges().join(' ')));
        View& kept = shown(room, "kept");
        QVERIFY2(kept.badges().contains(said), qPrintable(kept.badges().join(' ')));
        QVERIFY(kept.spokenText().contains(said));
        QVERIFY(room.session.slot().trace()->output.defined());
        room.session.setEdits({Edit::parse("stages.1.keep=drop")}, "drop");
        QTRY_VERIFY(fatesIn(room).keptShare(0) > 0 && fatesIn(room).keptShare(1) == 0);
        QVERIFY(room.view("kept").badges().join(' ').contains("group 1 drops every patch"));
    }

    void theOtherFateIsShownOfTheChosenGroup()
    {
        Room room(dropping());
        auto& view = static_cast<TokenFateView&>(shown(room, "token-fate"));
        QTRY_VERIFY2(view.otherFates() != nullptr, qPrintable(view.caption()));
        const analysis::TokenFates fates = fatesIn(room);
        int told = 0;
        for (int token = 1; token < 17; ++token)
            told += std::isfinite(view.otherFates()->value.data()[token]) ? 1 : 0;
        QCOMPARE(told, 16);
        Selection selection = room.session.selection();
        selection.record = "stages.1.keep";
        room.session.setSelection(selection);
        QTRY_VERIFY(view.otherFates() != nullptr && view.isReady());
        told = 0;
        for (int token = 1; token < 17; ++token)
            told += std::isfinite(view.otherFates()->value.data()[token]) ? 1 : 0;
        QCOMPARE(told, fates.standing(1));
    }

    void aModelThatDropsNothingSaysSo()
    {
        Room room(slotWithModel("toy_filter"));
        for (const char* id : {"kept", "token-scores", "survival", "score-histogram", "token-threshold",
                 "token-fate", "token-strip"})
            QVERIFY2(room.view(id).missing().contains("drops no tokens"), id);
    }
};

QTEST_MAIN(TestFatesViews)
#include "tst_fates_views.moc"
