// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job.h"

#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QPainter>
#include <QSemaphore>
#include <QSignalSpy>

using namespace fovea;

class TestJob : public QObject {
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
};

QTEST_MAIN(TestJob)
#include "tst_job.moc"
