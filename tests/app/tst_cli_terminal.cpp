// The command line at a terminal: progress, and Ctrl+C.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli.h"
#include "tests/support/test.h"

#include <QElapsedTimer>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>

using namespace fovea;
using namespace fovea::cli;

namespace {

/// What a process writes its messages to, so that it shows progress.
class Terminal {
public:
    explicit Terminal(QProcess& process)
        : master_(::posix_openpt(O_RDWR | O_NOCTTY))
    {
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0)
            qFatal("there is no pseudo-terminal");
        process.setStandardErrorFile(::ptsname(master_));
    }
    ~Terminal() { ::close(master_); }
    Q_DISABLE_COPY_MOVE(Terminal)

    /// Waits until the text stands there; false when that takes a minute.
    bool shows(const QByteArray& text) const
    {
        QByteArray shown;
        for (pollfd ready{master_, POLLIN, 0}; !shown.contains(text);) {
            std::array<char, 256> bytes{};
            if (::poll(&ready, 1, 60000) != 1)
                return false;
            const auto count = ::read(master_, bytes.data(), bytes.size());
            if (count <= 0)
                return false;
            shown.append(bytes.data(), count);
        }
        return true;
    }

private:
    int master_;
};

/// Whether a process has a handler for Ctrl+C, as the kernel tells it.
bool catchesInterrupts(qint64 process)
{
    QFile status(QString("/proc/%1/status").arg(process));
    if (!status.open(QIODevice::ReadOnly))
        return false;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("SigCgt:"))
            return (line.mid(7).trimmed().toULongLong(nullptr, 16) >> (SIGINT - 1) & 1) != 0;
    return false;
}

}

class TestCliTerminal : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void ctrlCStopsWithinATenthOfASecond_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QStringList>("options");
        QTest::newRow("run") << "base" << QStringList{"--set", "image_size=448"}; // 785 tokens
        QTest::newRow("relevance") << "small"
                                   << QStringList{"--method", "smoothgrad", "--option", "noise_samples=1000",
                                          "--probe", "logits"};
        QTest::newRow("removal") << "small"
                                 << QStringList{"--method", "centre", "--option", "removal_steps=196",
                                        "--probe", "logits"};
    }

    void ctrlCStopsWithinATenthOfASecond()
    {
        QFETCH(QString, preset);
        QFETCH(QStringList, options);
        QCOMPARE(call({"init", "vit:deit_" + preset + "_patch16_224", "-o", path("w.h5")}).code, 0);
        QProcess process;
        const Terminal terminal(process);
        process.start(program(), // long enough to be in the midst of it
            QStringList{"run", path("w.h5"), anySample(), "-o", path("t.h5")} + options);
        QVERIFY(process.waitForStarted());
        QVERIFY(terminal.shows("%")); // the first part is done, and many are not
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(10000));
        qInfo("stopped after %lld ms", timer.elapsed());
        QVERIFY(timer.elapsed() < 1000); // the tenth of a second is measured in tests/bench
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(!QFile::exists(path("t.h5")));
    }

    void whatHasNoBarStopsToo_data()
    {
        QTest::addColumn<QStringList>("line");
        QTest::newRow("lab in the window") << QStringList{"bench", "lab"};
        QTest::newRow("window") << QStringList{"bench", "hover"};
        QTest::newRow("other processes") << QStringList{"bench", "memory"};
        QTest::newRow("check") << QStringList{"check"};
    }

    /// Whether it begins, opens or works: at several moments after its main() began. Before, while its
    /// libraries are loaded, nothing of it can answer.
    void whatHasNoBarStopsToo()
    {
        QFETCH(QStringList, line);
        for (const int afterMs : {1, 100, 300}) {
            QProcess process;
            process.start(program(), line);
            QVERIFY(process.waitForStarted());
            while (!catchesInterrupts(process.processId()))
                QVERIFY(!process.waitForFinished(1));
            QVERIFY(!process.waitForFinished(afterMs));
            QElapsedTimer timer;
            timer.start();
            ::kill(static_cast<pid_t>(process.processId()), SIGINT);
            QVERIFY(process.waitForFinished(20000));
            qInfo("stopped after %lld ms", timer.elapsed());
            QVERIFY(timer.elapsed() < 5000); // on a busy machine; alone it takes 0.1 s
            QCOMPARE(process.exitStatus(), QProcess::NormalExit);
            QCOMPARE(process.exitCode(), 130);
        }
    }
};

QTEST_GUILESS_MAIN(TestCliTerminal)
#include "tst_cli_terminal.moc"
