// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job.h"
#include "widgets/session/navigate.h"
#include "widgets/session/session.h"
#include "widgets/session/session_file.h"

#include "core/tensor/error.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QFile>
#include <QPainter>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace fovea;

namespace {

/// "model" and "input" are the toy's, anything else is a bad file.
Services toyServices(const std::string& id)
{
    return {&toys::toys(), std::make_shared<Pool>(1),
        [id](const std::string& path, const Answers&, const Job::Context&) {
            const Architecture& toy = toys::toys().requireArchitecture(id);
            Document document;
            document.path = path;
            if (path.ends_with("model"))
                document.weights = toys::toyWeights(toy);
            else if (path.ends_with("input"))
                document.input = std::make_shared<const InputData>(
                    InputData{path, "cafe", {}, toys::toyInput(toy).at(0)});
            else
                throw Error(path, "expected a toy, found something else");
            return document;
        }};
}

const Edit headOff{"blocks.1.attn.head.0", "off", {}};

}

class TestSession : public QObject {
    Q_OBJECT

private slots:
    void newestJobWins()
    {
        Job job(this);
        QSemaphore gate;
        std::vector<int> values;
        for (int i = 0; i < 20; ++i)
            job.start(
                "count",
                [i, &gate](const Job::Context&) {
                    gate.acquire();
                    return i;
                },
                [&values](int value) { values.push_back(value); });
        gate.release(20);
        QTRY_VERIFY(!job.isRunning());
        Job::waitForAll();
        QCoreApplication::processEvents();
        QCOMPARE(values, std::vector<int>{19});
    }

    void olderJobIsToldToStop()
    {
        Job job(this);
        QSemaphore started, stopped;
        const auto wait = [&](const Job::Context& context) {
            started.release();
            while (!context.stop.stopped())
                QThread::yieldCurrentThread();
            stopped.release();
            context.stop.check();
            return 0;
        };
        job.start("wait", wait, [](int) { QFAIL("a stopped job delivered"); });
        started.acquire();
        job.cancel();
        QVERIFY(!job.isRunning());
        QVERIFY(stopped.tryAcquire(1, 5000));
    }

    void paintingWaitsForNoJob()
    {
        std::vector<std::unique_ptr<Job>> jobs;
        QSemaphore started, gate;
        for (int i = 0; i < 2 * QThread::idealThreadCount(); ++i) {
            jobs.push_back(std::make_unique<Job>(this));
            jobs.back()->start(
                "hold",
                [&](const Job::Context&) {
                    started.release();
                    return gate.tryAcquire(1, 5000);
                },
                [](bool) {});
        }
        QVERIFY(started.tryAcquire(static_cast<int>(jobs.size()), 5000)); // none waits for another's end
        QImage image(512, 512, QImage::Format_RGB32);
        QPainter(&image).fillRect(image.rect(), QColor(0, 0, 0, 100)); // Qt paints this with several threads
        QCOMPARE(gate.available(), 0);
        for (const auto& job : jobs)
            QVERIFY(job->isRunning());
        gate.release(static_cast<int>(jobs.size()));
        for (const auto& job : jobs)
            QTRY_VERIFY(!job->isRunning());
        Job::waitForAll();
    }

    void ownerMayDieFirst()
    {
        for (int i = 0; i < 50; ++i) {
            auto owner = std::make_unique<QObject>();
            auto* job = new Job(owner.get());
            job->start(
                "late", [](const Job::Context& c) { return c.stop.stopped(); },
                [](bool) { QFAIL("delivered to the dead"); });
            owner.reset();
        }
        Job::waitForAll();
        QCoreApplication::processEvents();
    }

    void errorsArriveAsText()
    {
        Job job(this);
        QSignalSpy failed(&job, &Job::failed);
        job.start(
            "fail", [](const Job::Context&) -> int { throw Error("a.h5", "expected x, found y"); },
            [](int) { QFAIL("a failed job delivered"); });
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.front().front().toString(), QString("a.h5: expected x, found y"));
    }

    void errorsKeepTheirType()
    {
        Job job(this);
        QSignalSpy ended(&job, &Job::ended);
        job.start(
            "fail", [](const Job::Context&) -> int { throw UsageError("no such head"); }, [](int) {});
        QTRY_COMPARE(ended.size(), 1);
        FOVEA_THROWS(job.rethrow(), UsageError, "no such head");
        job.start(
            "work", [](const Job::Context&) { return 1; }, [](int) {});
        job.rethrow(); // it is forgotten
        QTRY_COMPARE(ended.size(), 2);
        job.rethrow();
    }

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

    void equalSelectionsAreIgnored()
    {
        Session session(toyServices("toy_drop"));
        QSignalSpy changed(&session, &Session::selectionChanged);
        session.setSelection(session.selection());
        QCOMPARE(changed.size(), 0);
        Selection selection = session.selection();
        selection.reading = HeadReading::Mean;
        session.setSelection(selection);
        session.setSelection(selection);
        QCOMPARE(changed.size(), 1);
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

    void sessionFilesComeBack()
    {
        QTemporaryDir folder;
        QFile(folder.filePath("model")).open(QIODevice::WriteOnly);
        SessionFile file;
        file.model = {folder.filePath("model").toStdString(), "abc"};
        file.edits = {headOff};
        file.selection.layer = 3;
        file.selection.pin.query = Spot{"cls", {}};
        file.display.hideSpecials = true;
        file.layout = "layout";
        const QString path = folder.filePath("a.fovea");
        writeSessionFile(path, file);
        QFile text(path);
        QVERIFY(text.open(QIODevice::ReadOnly));
        QVERIFY(text.readAll().contains("\"path\": \"model\""));
        const SessionFile back = readSessionFile(path);
        QCOMPARE(back.model.path, file.model.path);
        QCOMPARE(back.edits, file.edits);
        QCOMPARE(back.selection, file.selection);
        QCOMPARE(back.display, file.display);
        QCOMPARE(back.layout, file.layout);
    }

    void brokenSessionFilesAreNamed()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("b.fovea");
        const auto write = [&](const QByteArray& bytes) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
        };
        write("{ not json");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "JSON");
        write("{\"fovea_format\": \"session\", \"version\": 9}");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "version");
        write("{\"fovea_format\": \"session\", \"version\": 1, \"display\": {\"opacity\": 7}}");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "opacity");
        write(R"({"fovea_format": "session", "version": 1, "edits": ["="]})");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "edits: ");
        write(R"({"fovea_format": "session", "version": 1, "model": {"path": "a\u0000b"}})");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "field 'model.path'");
    }

    void aSessionIsSavedAndOpened()
    {
        QTemporaryDir folder;
        for (const char* name : {"model", "input"})
            QVERIFY(QFile(folder.filePath(name)).open(QIODevice::WriteOnly));
        Session session(toyServices("toy_drop"));
        session.open({folder.filePath("model"), folder.filePath("input")});
        QTRY_VERIFY(session.slot().base);
        session.toggleEdit(headOff);
        QTRY_VERIFY(session.slot().edited);
        QSignalSpy noted(&session, &Session::noted);
        session.save(folder.filePath("s.fovea"), "docks");
        QTRY_COMPARE(noted.size(), 1);

        Session other(toyServices("toy_drop"));
        QSignalSpy layout(&other, &Session::sessionOpened);
        other.open({folder.filePath("s.fovea")});
        QTRY_VERIFY(other.slot().edited);
        QCOMPARE(layout.size(), 1);
        QVERIFY(other.slot().edited->output.identical(session.slot().edited->output));
    }

    void selectionsStayWithinTheTrace()
    {
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        Slot slot;
        slot.base = toys::toyTrace("toy_windows");
        session.adopt(slot);
        Selection selection;
        selection.layer = selection.head = selection.group = 99;
        session.setSelection(selection);
        QCOMPARE(session.selection().layer, 1);
        QCOMPARE(session.selection().head, 1);
        QCOMPARE(session.selection().group, 0); // the second stage has one
    }

    void aPinHoldsTheAnchorAndTheHoverTheOther()
    {
        const Spot a{{}, {1, 1}}, b{{}, {2, 2}}, c{{}, {3, 3}};
        Selection selection;
        selection.pin = {a, b};
        selection.hover = {c, c};
        QCOMPARE(selection.anchor(), std::optional(a));
        QCOMPARE(selection.other(), std::optional(c));
        selection.direction = Direction::KeyColumn;
        QCOMPARE(selection.anchor(), std::optional(b));
        selection.pin = {};
        QCOMPARE(selection.anchor(), std::optional(c));
    }

    void layersAndHeadsGoRound()
    {
        const Patterns patterns(*toys::toyTrace("toy_drop"), 0, false); // three layers of two heads
        QCOMPARE(movedLayer(patterns, {}, 1).layer, 1);
        QCOMPARE(movedLayer(patterns, {}, -1).layer, 2);
        Selection last;
        last.head = 1;
        last.reading = HeadReading::Mean;
        QCOMPARE(movedHead(patterns, last, 1).head, 0);
        QCOMPARE(movedHead(patterns, last, 1).reading, HeadReading::One);
    }

    void arrowsMoveTheCell()
    {
        const TracePtr trace = toys::toyTrace("toy_windows");
        const Patterns patterns(*trace, 0, false);
        Selection selection;
        selection.pin.query = Spot{{}, {1, 1}}; // cells are 2 x 2 pixels
        selection = movedCell(patterns, selection, 1, 2);
        QCOMPARE(selection.pin.query->place, (Place{3, 5}));
        selection = movedCell(patterns, selection, -2, 0); // the edge holds
        QCOMPARE(selection.pin.query->place, (Place{3, 5}));
    }
};

QTEST_MAIN(TestSession)
#include "tst_session.moc"
