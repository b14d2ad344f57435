// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/navigate.h"
#include "widgets/session/session.h"

#include "tests/support/test.h"
#include "tests/widgets/toy_services.h"

#include <QSignalSpy>

#include <atomic>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace fovea;

class TestSession : public QObject {
    Q_OBJECT

private slots:
    void opensAndRuns()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        const TracePtr expected = toys::toyTrace("toy_drop");
        QVERIFY(session.slot().base->output.identical(expected->output));
        QVERIFY(session.record("blocks.0.attn.pattern"));
    }

    void fetchesWhatWasNotKept()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        QVERIFY(!session.record("blocks.1.out"));
        Selection selection = session.selection();
        selection.record = "blocks.1.out";
        session.setSelection(selection);
        QTRY_VERIFY(session.record("blocks.1.out"));
        const RecordPtr expected = toys::toyTrace("toy_drop")->find("blocks.1.out");
        QVERIFY(session.record("blocks.1.out")->value.identical(expected->value));
    }

    void badFilesLeaveTheSlotAlone()
    {
        Session session(toyServices("toy_drop"));
        QSignalSpy failed(&session, &Session::failed);
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        const TracePtr before = session.slot().base;
        session.open({"broken.h5"});
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.front().front().toString().contains("broken.h5"));
        QCOMPARE(session.slot().base, before);
    }

    void runsGiveWayWhileOneDrags()
    {
#ifdef __linux__
        const auto niceness = [] { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); };
        if (niceness() >= 10)
            QSKIP("all of this gives way already");
        std::atomic<int> ofRun{-1};
        Services services = toyServices("toy_drop");
        services.labPool = std::make_shared<Pool>(1, Pool::Manner::GivesWay);
        services.open = [&, open = services.open](
                            const std::string& path, const Answers& answers, const Job::Context& context) {
            if (path != "other")
                return open(path, answers, context);
            ofRun = niceness(); // a patch is read where the model runs
            Document document;
            document.trace = toys::toyTrace("toy_drop");
            return document;
        };
        Session session(services);
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        for (const char* key : {"drag", ""}) {
            ofRun = -1;
            session.setEdits({Edit::parse("blocks.1.out=patch:other")}, {}, key);
            QTRY_VERIFY(session.slot().edited);
            QCOMPARE(ofRun > niceness(), *key != 0);
            session.setEdits({}, {});
            QVERIFY(!session.slot().edited);
        }
#endif
    }

    void editsRunAndAreTakenBack()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        session.toggleEdit(headOff);
        QTRY_VERIFY(session.slot().edited);
        ExecuteOptions options;
        options.edits = {headOff};
        QVERIFY(session.slot().edited->output.identical(toys::toyTrace("toy_drop", options)->output));
        QVERIFY(!session.slot().edited->output.identical(session.slot().base->output));
        session.undo();
        QVERIFY(!session.slot().edited && session.slot().edits.empty());
        session.redo();
        QTRY_VERIFY(session.slot().edited);
    }

    void aSecondEditSharesWhatLiesBeforeTheFirst()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        session.toggleEdit(headOff);
        QTRY_VERIFY(session.slot().edited);
        const TracePtr first = session.slot().edited;
        session.toggleEdit({"blocks.1.attn.head.1", "off", {}});
        QTRY_VERIFY(session.slot().edited != first);
        int shared = 0;
        for (const RecordPtr& record : session.slot().base->matching("blocks.0.*", 0)) {
            QCOMPARE(session.slot().edited->find(record->path()), record); // the very same: nothing ran again
            ++shared;
        }
        QVERIFY(shared > 0);
        QVERIFY(session.slot().edited->find("logits") != session.slot().base->find("logits"));
    }

    void aDragIsOneEntry()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        session.toggleEdit(headOff);
        for (const char* factor : {"0.1", "0.2", "0.3"})
            session.setEdits({{headOff.path, "scale", {factor}}}, "scale", "drag");
        session.undo();
        QCOMPARE(session.slot().edits, std::vector<Edit>{headOff});
        session.undo();
        QVERIFY(session.slot().edits.empty());
    }

    void aSlowDragWithAKeyOfItsOwnIsOneEntryToo()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        for (const char* factor : {"0.1", "0.2"}) {
            session.setEdits({{headOff.path, "scale", {factor}}}, "scale", "drag 1", Merge::Always);
            QElapsedTimer rest;
            rest.start();
            QTRY_VERIFY(rest.elapsed() > History::mergeMs);
        }
        session.setEdits({headOff}, "another", "drag 2", Merge::Always);
        session.undo();
        QCOMPARE(session.slot().edits, (std::vector<Edit>{{headOff.path, "scale", {"0.2"}}}));
        session.undo();
        QVERIFY(session.slot().edits.empty());
        QVERIFY(!session.history().canUndo());
    }

    void runsComeToTheirEndWhileOneDrags()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        std::vector<std::string> shown;
        connect(&session, &Session::traceChanged, this, [&] {
            if (session.slot().edited)
                shown.push_back(session.slot().edited->provenance.edits.front());
        });
        const auto scaled = [](const char* factor) { return Edit{headOff.path, "scale", {factor}}; };
        for (const char* factor : {"0.1", "0.2", "0.3"})
            session.setEdits({scaled(factor)}, "scale", "drag");
        QTRY_COMPARE(shown.size(), std::size_t{2}); // the first of all, then the newest
        QCOMPARE(shown, (std::vector{scaled("0.1").text(), scaled("0.3").text()}));
        shown.clear();
        session.setEdits({scaled("0.4")}, "scale", "drag");
        session.setEdits({scaled("0.5")}, "no drag"); // takes its place at once
        QTRY_COMPARE(shown.size(), std::size_t{1});
        QCOMPARE(shown.front(), scaled("0.5").text());
        session.setEdits({scaled("0.6")}, "scale", "drag");
        session.setEdits({}, "clear", "drag");
        QVERIFY(!session.slot().edited);
    }

    void aDragThatWentOnIsNotTakenBackWithWhatItWas()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        QSignalSpy failures(&session, &Session::failed);
        session.setEdits({{"blocks.0.attn.head.99", "off", {}}}, "out of range", "drag");
        session.setEdits({headOff}, "drag", "drag");
        QTRY_COMPARE(failures.size(), 1);
        QTRY_VERIFY(session.slot().edited);
        QCOMPARE(session.slot().edits, std::vector<Edit>{headOff});
    }

    void pinsAreUndoneAndHoversAreNot()
    {
        Session session(toyServices("toy_drop"));
        session.open({"model", "input"});
        QTRY_VERIFY(session.slot().base);
        Selection selection = session.selection();
        selection.hover.query = Spot{{}, {1, 1}};
        session.setSelection(selection);
        QVERIFY(!session.history().canUndo());
        selection = pinned(session.patterns(), session.selection());
        session.setSelection(selection);
        QVERIFY(session.history().canUndo());
        session.undo();
        QVERIFY(session.selection().pin.empty());
    }
};

QTEST_MAIN(TestSession)
#include "tst_session.moc"
