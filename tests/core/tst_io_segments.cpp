// Traces in several files: read as one, as far as they belong together.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_segments.h"
#include "core/source/recording.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QTemporaryDir>

using namespace fovea;

namespace {

const Lab& lab() { return *toys::toys().lab("toy_lab"); }

}

class TestIoSegments : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::string file(const char* name) const { return folder_.filePath(name).toStdString(); }

    /// Ten steps a file.
    void write(const char* name, int segments, std::uint64_t seed)
    {
        LabRunPtr run = startRun(lab(), Config(lab().schema()), seed);
        for (int number = 1; number <= segments; ++number) {
            LabWalk walk(run, {});
            for (int i = 0; i < 10; ++i)
                walk.step();
            io::writeTrace(io::segmentPath(file(name), number), *walk.run()->trace);
            run = withoutSteps(*walk.run());
        }
    }

private slots:
    void segmentsAreNamedBesideTheFirst()
    {
        QCOMPARE(io::segmentPath("/a/run.h5", 1), std::string("/a/run.h5"));
        QCOMPARE(io::segmentPath("/a/run.h5", 12), std::string("/a/run.12.h5"));
    }

    void aSegmentIsOfHalfAMinuteOrOf256MiB()
    {
        QVERIFY(!io::isSegmentDue(1, 29));
        QVERIFY(io::isSegmentDue(1, 30));
        QVERIFY(!io::isSegmentDue(0, 1000)); // it would be empty
        QVERIFY(!io::isSegmentDue(std::size_t{256} << 20, 0));
        QVERIFY(io::isSegmentDue((std::size_t{256} << 20) + 1, 0));
    }

    void severalFilesAreOneTrace()
    {
        write("long.h5", 3, 1);
        const TracePtr trace = io::readSegments(file("long.h5"));
        QCOMPARE(trace->steps.size(), std::size_t{30});
        LabWalk walk(startRun(lab(), Config(lab().schema()), 1), {});
        for (std::size_t i = 0; i < 30; ++i) {
            walk.step();
            QCOMPARE(trace->steps[i]->step(), static_cast<Index>(i));
            QVERIFY(trace->find("x", i)->value.identical(walk.run()->trace->find("x", i)->value));
        }
    }

    void laterSegmentsOfARunAreFoundAndOthersAreNot()
    {
        write("found.h5", 4, 1);
        QCOMPARE(io::segmentsAfter(file("found.h5"), 2),
            (std::vector<std::string>{file("found.3.h5"), file("found.4.h5")}));
        QVERIFY(io::segmentsAfter(file("found.h5"), 4).empty());
        write("beside.h5", 1, 1);
        const auto rename = [&](const char* from, const char* to) {
            QFile::remove(QString::fromStdString(file(to)));
            QVERIFY(QFile::rename(QString::fromStdString(file(from)), QString::fromStdString(file(to))));
        };
        rename("beside.h5", "found.2.h5"); // begins at step 0: a run that was called so
        QVERIFY(io::segmentsAfter(file("found.h5"), 1).empty());
        write("strange.h5", 2, 2);
        rename("strange.2.h5", "found.2.h5"); // another seed
        QVERIFY(io::segmentsAfter(file("found.h5"), 1).empty());
        QVERIFY(io::segmentsAfter(file("nothing.h5"), 1).empty());
    }

    void whatIsOfAnotherRunIsLeftAlone()
    {
        write("one.h5", 1, 1);
        write("other.h5", 2, 2);
        QVERIFY(QFile::rename(
            QString::fromStdString(file("other.2.h5")), QString::fromStdString(file("one.2.h5"))));
        QCOMPARE(io::readSegments(file("one.h5"))->steps.size(), std::size_t{10}); // another seed
        QFile text(QString::fromStdString(file("other.2.h5")));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write("no trace");
        text.close();
        FOVEA_THROWS(io::readSegments(file("other.h5")), Error, "other.2.h5");
    }

    void stepsThatAreThereAlreadyAreLeftAlone()
    {
        write("again.h5", 1, 1);
        const TracePtr trace = io::readTrace(file("again.h5"));
        Trace next = *trace;
        for (const std::size_t first : {std::size_t{0}, std::size_t{9}}) { // all of it, its last step alone
            next.steps = {};
            for (std::size_t i = first; i < 10; ++i)
                next.steps.push_back(trace->steps[i]);
            io::writeTrace(file("again.2.h5"), next);
            QCOMPARE(io::readSegments(file("again.h5"))->steps.size(), std::size_t{10});
        }
    }
};

QTEST_APPLESS_MAIN(TestIoSegments)
#include "tst_io_segments.moc"
