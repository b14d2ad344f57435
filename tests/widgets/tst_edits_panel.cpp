// The list of edits: what can be written, scaled and removed there.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/edits_panel.h"

#include "tests/support/test.h"
#include "tests/widgets/room.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>

using namespace fovea;

class TestEditsPanel : public QObject {
    Q_OBJECT

private slots:
    void theScaleOfAnEditIsWritten()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        EditsPanel panel(session);
        const auto* factor = panel.findChild<QLabel*>("factor");
        auto* slider = panel.findChild<QSlider*>();
        Slot slot;
        slot.architecture = &toys::toys().requireArchitecture("toy_drop");
        slot.weights = toys::toyWeights(*slot.architecture);
        slot.edits
            = {Edit{"blocks.0.attn.head.0", "scale", {"0.25"}}, Edit{"blocks.0.attn.head.1", "off", {}}};
        session.adopt(slot);
        QCOMPARE(factor->text(), QString("× 0.25"));
        QCOMPARE(slider->value(), 25);
        panel.findChild<QListWidget*>()->setCurrentRow(1); // the other one's
        QCOMPARE(factor->text(), QString("off"));
        QCOMPARE(slider->value(), 0);
        slider->setValue(130);
        QCOMPARE(factor->text(), QString("× 1.30"));
        QCOMPARE(session.slot().edits[1].text(), std::string("blocks.0.attn.head.1=scale:1.3"));
    }

    void theScaleOfAStrokeKeepsItsRegion()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        EditsPanel panel(session);
        auto* slider = panel.findChild<QSlider*>();
        Slot slot;
        slot.architecture = &toys::toys().requireArchitecture("toy_filter");
        slot.weights = toys::toyWeights(*slot.architecture);
        for (const char* edit :
            {"blocks.0.filter.1=gain:0.5:ring:0.1..0.3", "blocks.0.filter=zero:wedge:0..20",
                "blocks.1.filter=lowpass:0.25", "blocks.1.filter=gain:1.5"})
            slot.edits.push_back(Edit::parse(edit));
        session.adopt(slot);
        const auto scaled = [&](int row, int before) {
            panel.findChild<QListWidget*>()->setCurrentRow(row);
            const int shown = slider->value();
            slider->setValue(80);
            return shown == before ? session.slot().edits[static_cast<std::size_t>(row)].text()
                                   : "at first " + std::to_string(shown);
        };
        QCOMPARE(scaled(0, 50), std::string("blocks.0.filter.1=gain:0.8:ring:0.1..0.3"));
        QCOMPARE(scaled(1, 0), std::string("blocks.0.filter=gain:0.8:wedge:0..20"));
        QCOMPARE(scaled(2, 0), std::string("blocks.1.filter=gain:0.8:ring:0.25..1"));
        QCOMPARE(scaled(3, 150), std::string("blocks.1.filter=gain:0.8:all"));
    }

    void editsPanelRefusesNonsense()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        QSignalSpy failed(&session, &Session::failed);
        EditsPanel panel(session);
        auto* line = panel.findChild<QLineEdit*>();
        QTest::keyClicks(line, "=off");
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(failed.size(), 1);
        QCOMPARE(panel.findChild<QListWidget*>()->count(), 0);
    }

    void onlyWhatScalesHasASlider()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        EditsPanel panel(session);
        panel.show();
        const auto* slider = panel.findChild<QSlider*>();
        const auto* factor = panel.findChild<QLabel*>("factor");
        QVERIFY(!slider->isVisible());
        Slot slot = slotWithModel("toy_filter");
        const std::pair<const char*, bool> cases[]{{"blocks.0.filter=zero:ring:0..0.2", true},
            {"blocks.0.filter=phase:0:ring:0..0.2", false}, {"blocks.0.filter=magnitude", false},
            {"blocks.0.filter=from:blocks.1", false}, {"blocks.0.filter=lowpass:0.3", true},
            {"blocks.1=off", true}, {"blocks.1=mean", false}, {"blocks.0.out=set:1", false},
            {"blocks.0.filter=gain:2:disc:1", false}}; // no region: a file may hold it
        for (const auto& [edit, scales] : cases)
            slot.edits.push_back(Edit::parse(edit));
        session.adopt(slot);
        for (int row = 0; row < 9; ++row) {
            panel.findChild<QListWidget*>()->setCurrentRow(row);
            QVERIFY2(slider->isVisible() == cases[row].second, cases[row].first);
            QVERIFY(factor->isVisible() && !factor->text().isEmpty());
        }
        session.setEdits({}, {});
        QVERIFY(!slider->isVisible());
    }

    void aLongEditIsSeenAtBothEnds()
    {
        Room room(slotWithModel("toy_filter"));
        EditsPanel panel(room.session);
        const char* text = "blocks.0.filter.weight=zero:ring:0.0625..0.3125";
        room.session.setEdits({Edit::parse(text)}, {});
        const auto* list = panel.findChild<QListWidget*>();
        QCOMPARE(list->item(0)->toolTip(), QString(text));
        QCOMPARE(list->textElideMode(), Qt::ElideMiddle);
        QCOMPARE(list->horizontalScrollBarPolicy(), Qt::ScrollBarAlwaysOff); // with one nothing is elided
    }

    void ofTwoEqualEditsTheChosenOneGoes()
    {
        Room room(slotWithModel("toy_filter"));
        EditsPanel panel(room.session);
        const auto zero = Edit::parse("blocks.0.filter=zero"), gain = Edit::parse("blocks.0.filter=gain:2");
        room.session.setEdits({zero, gain, zero}, {});
        panel.findChild<QListWidget*>()->setCurrentRow(2);
        panel.findChild<QToolButton*>()->click();
        QVERIFY(room.session.slot().edits == (std::vector{zero, gain}));
        QCOMPARE(room.session.history().undoLabel(), QString("remove blocks.0.filter=zero"));
    }
};

QTEST_MAIN(TestEditsPanel)
#include "tst_edits_panel.moc"
