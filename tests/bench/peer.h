// What the benchmarks against a peer share: a process of its own that works when asked, and how times are
// taken. It judges nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <vector>

namespace fovea::test {

inline double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

template <class Fn>
double milliseconds(Fn fn)
{
    const auto begin = std::chrono::steady_clock::now();
    fn();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// Between two turns: both sides' threads spin for a while before they sleep, not into the other's time.
inline void rest() { QTest::qSleep(50); }

/// The other side. Each line it is given is answered by a line.
class Peer {
public:
    Peer(const QString& program, const QStringList& words)
    {
        process_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process_.start(program, words);
    }
    ~Peer()
    {
        process_.closeWriteChannel();
        process_.waitForFinished();
    }
    /// The next line it says; empty when it died.
    QByteArray line()
    {
        while (!process_.canReadLine() && process_.state() != QProcess::NotRunning)
            process_.waitForReadyRead(-1);
        return process_.readLine().trimmed();
    }
    QByteArray ask(const QByteArray& what)
    {
        process_.write(what + "\n");
        return line();
    }

private:
    QProcess process_;
};

}
