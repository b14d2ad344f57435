// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/movie_file.h"

#include "widgets/figure/writer.h"

#include "core/tensor/error.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

#include <filesystem>

namespace fovea::app {

namespace {

constexpr std::size_t mostFrames = 9999; ///< numbers of four digits
constexpr int pollMs = 20, patienceMs = 3000;

QString withoutSlash(QString path)
{
    while (path.size() > 1 && path.endsWith(QLatin1Char('/')))
        path.chop(1);
    return path;
}

/// What a program said last.
std::string lastLine(const QByteArray& text)
{
    const QList<QByteArray> lines = text.trimmed().split('\n');
    return lines.last().trimmed().toStdString();
}

}

StepSpan::StepSpan(const QString& text, std::string option)
    : text_(text)
    , option_(std::move(option))
{
    const QStringList parts = text.split(QLatin1Char(':'));
    bool isSpan = parts.size() == 2 || parts.size() == 3;
    const auto numberIn = [&](qsizetype i) -> std::optional<Index> {
        if (i >= parts.size() || parts[i].isEmpty())
            return std::nullopt;
        bool isNumber = true;
        const Index number = parts[i].toLongLong(&isNumber);
        isSpan &= isNumber && number >= 0;
        return number;
    };
    from_ = numberIn(0);
    to_ = numberIn(1);
    every_ = numberIn(2).value_or(1);
    if (!isSpan || every_ < 1 || (from_ && to_ && *from_ > *to_))
        throw UsageError(
            option_ + ": expected FROM:TO:EVERY, as in 0:100:2, found '" + text.toStdString() + "'");
}

std::vector<Index> StepSpan::among(Index first, Index last) const
{
    const Index from = from_.value_or(first), to = to_.value_or(last);
    if (from > to || from < first || to > last)
        throw UsageError(option_ + ": expected FROM:TO:EVERY among the steps " + std::to_string(first)
            + " to " + std::to_string(last) + ", as in 0:100:2, found '" + text_.toStdString() + "'");
    const Index count = (to - from) / every_ + 1;
    requireFrames(static_cast<std::size_t>(count), option_);
    std::vector<Index> steps;
    for (Index i = 0; i < count; ++i)
        steps.push_back(from + i * every_); // a number beyond the last might be none
    return steps;
}

void requireFrames(std::size_t count, const std::string& option)
{
    if (count > mostFrames)
        throw UsageError(option + ": expected at most " + std::to_string(mostFrames) + " frames, found "
            + std::to_string(count));
}

bool isVideo(const QString& output)
{
    return QStringList{"mp4", "webm", "mkv", "mov", "gif"}.contains(QFileInfo(output).suffix().toLower());
}

MovieFile::MovieFile(const QString& output, double framesPerSecond)
    : output_(withoutSlash(output))
    , base_(isVideo(output_) ? QFileInfo(output_).completeBaseName() : QFileInfo(output_).fileName())
    , framesPerSecond_(framesPerSecond)
{
    const std::string name = output_.toStdString();
    const QFileInfo there(output_);
    if (isVideo(output_)) {
        ffmpeg_ = QStandardPaths::findExecutable(QStringLiteral("ffmpeg"));
        if (ffmpeg_.isEmpty())
            throw Error(name,
                "a video needs the program ffmpeg, which is not on the PATH; the name of a folder gives its "
                "frames as PNG");
        if (there.isDir())
            throw Error(name, "expected a file, found a folder");
    } else if (there.isDir() ? !QDir(output_).isEmpty() : there.exists()) {
        throw Error(name,
            there.isDir() ? "the folder is not empty: a movie needs one of its own"
                          : "expected the name of a folder or of a video (.mp4), found a file");
    }
    const QDir beside = there.absoluteDir();
    frames_ = std::make_unique<QTemporaryDir>(beside.filePath(QLatin1Char('.') + base_ + "-XXXXXX"));
    if (!frames_->isValid())
        throw Error(name, "cannot be written: " + frames_->errorString().toStdString());
}

QString MovieFile::frameName(const QString& number) const
{
    return frames_->filePath(base_ + QLatin1Char('-') + number + ".png");
}

void MovieFile::add(const QByteArray& png)
{
    figure::saveFile(png, frameName(QString::number(++count_).rightJustified(4, QLatin1Char('0'))));
}

QStringList MovieFile::finish(const StopToken& stop)
{
    stop.check();
    return ffmpeg_.isEmpty() ? finishFolder() : finishVideo(stop);
}

QStringList MovieFile::finishFolder()
{
    QDir().rmdir(output_); // an empty one
    std::error_code failed;
    std::filesystem::rename(frames_->path().toStdString(), output_.toStdString(), failed);
    if (failed)
        throw Error(output_.toStdString(), "cannot be written: " + failed.message());
    frames_->setAutoRemove(false);
    QFile(output_).setPermissions(QFileInfo(output_).permissions() | QFile::ReadGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::ExeOther); // as other folders: a temporary one is for its owner alone
    QStringList written;
    for (const QString& frame : QDir(output_).entryList({"*.png"}, QDir::Files, QDir::Name))
        written.append(output_ + QLatin1Char('/') + frame);
    return written;
}

QStringList MovieFile::finishVideo(const StopToken& stop)
{
    const QString made = frames_->filePath("made." + QFileInfo(output_).suffix());
    QProcess process;
    process.start(ffmpeg_,
        {"-nostdin", "-loglevel", "error", "-y", "-framerate", QString::number(framesPerSecond_), "-i",
            QString(frameName("%04d")), "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white", "-pix_fmt",
            "yuv420p", made});
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(pollMs))
        if (stop.stopped()) {
            process.kill();
            process.waitForFinished(patienceMs);
            throw Cancelled();
        }
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0 || !QFileInfo(made).isFile())
        throw Error(
            output_.toStdString(), "ffmpeg made no video: " + lastLine(process.readAllStandardError()));
    std::error_code failed;
    std::filesystem::rename(made.toStdString(), output_.toStdString(), failed);
    if (failed)
        throw Error(output_.toStdString(), "cannot be written: " + failed.message());
    return {output_};
}

}
