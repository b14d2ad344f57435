// The frames of a movie on their way to the disk: a folder of PNGs, or a video by ffmpeg. Whole or not at
// all. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"
#include "core/tensor/shape.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <vector>

namespace fovea::app {

/// "0:100:2", steps of a run as one writes them; empty ends are the first and the last, the stride is 1
/// without one.
class StepSpan {
public:
    /// Throws UsageError naming `option`.
    StepSpan(const QString& text, std::string option);
    /// As numbers, the end included where the stride meets it. Throws UsageError when it goes beyond them, or
    /// has more frames than a movie has.
    std::vector<Index> among(Index first, Index last) const;

private:
    QString text_;
    std::string option_;
    std::optional<Index> from_, to_;
    Index every_ = 1;
};
/// Throws UsageError naming `option` when a movie has not so many frames.
void requireFrames(std::size_t count, const std::string& option);

/// Whether the ending names a video; else the name is one of a folder.
bool isVideo(const QString& output);

class MovieFile {
public:
    /// Throws Error naming the file: no ffmpeg for a video, a folder that holds something, no right to write.
    MovieFile(const QString& output, double framesPerSecond);

    const QString& output() const { return output_; }
    /// The next frame: "bars-0001.png" in the folder bars. In any one thread.
    void add(const QByteArray& png);
    /// Puts folder or video in their place and says what was written. Throws Error with what ffmpeg says, and
    /// Cancelled. Without it nothing stays.
    QStringList finish(const StopToken& stop);

private:
    QString frameName(const QString& number) const;
    QStringList finishFolder();
    QStringList finishVideo(const StopToken& stop);

    QString output_, base_, ffmpeg_;
    double framesPerSecond_;
    std::unique_ptr<QTemporaryDir> frames_; ///< beside the output
    int count_ = 0;
};

}
