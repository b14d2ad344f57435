// Lines of `fovea train` for tests, and stopping one midway. It expects nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/cli.h"

#include <QElapsedTimer>

#include <csignal>

namespace fovea::cli {

/// A model of some thousand parameters on pictures of 16 x 16; `more` may bring others of what it sets.
inline QStringList tiny(const QString& output, const QStringList& more = {})
{
    QStringList line{"train", "vit", "--seed", "3", "--batch", "8"};
    for (const QString field : {"patch_size=4", "dim=24", "depth=2", "heads=3"})
        if (more.filter(field.section('=', 0, 0) + '=').isEmpty())
            line += {"--set", field};
    if (!more.contains("--data"))
        line += {"--data", "shapes:size=16,train=96,test=40"};
    if (!more.contains("-o"))
        line += {"-o", output};
    return line + more;
}

/// Begins a training, and sends the signal as soon as a checkpoint of some step is there.
inline int codeAfterSignal(const QStringList& line, const QString& checkpoint, int signal)
{
    QProcess process;
    process.start(program(), line);
    if (!process.waitForStarted())
        return -1;
    QElapsedTimer timer;
    timer.start();
    while (!QFile::exists(checkpoint) && process.state() == QProcess::Running && timer.elapsed() < 60000)
        process.waitForFinished(2);
    ::kill(static_cast<pid_t>(process.processId()), signal);
    process.waitForFinished(60000);
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
}

}
