// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/sweep_memory.h"

#include "widgets/session/session.h"

#include "core/source/recording.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <typeinfo>

namespace fovea {

namespace {

constexpr qint64 largestFile = qint64{256} << 20U, betweenSavesMs = 2000;
constexpr int checkedDigits = 16;
const QByteArray header = "fovea sweep runs, version 1";

QByteArray hashed(const QByteArray& text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

/// A library as it is now: another build of it may compute other numbers.
QByteArray libraryOf(const void* something)
{
    Dl_info info{};
    if (!dladdr(something, &info) || !info.dli_fname)
        return {};
    const QFileInfo file(QString::fromLocal8Bit(info.dli_fname));
    return file.fileName().toUtf8() + ':' + QByteArray::number(file.size()) + ':'
        + QByteArray::number(file.lastModified().toMSecsSinceEpoch());
}

/// The name of its type lies in the library that brings the lab.
QByteArray libraryOf(const Lab& lab) { return libraryOf(static_cast<const void*>(typeid(lab).name())); }

/// Numbers that JSON has not are text.
QJsonValue toJson(double value)
{
    return std::isfinite(value) ? QJsonValue(value)
                                : QJsonValue(std::isnan(value) ? QStringLiteral("nan")
                                        : value > 0            ? QStringLiteral("inf")
                                                               : QStringLiteral("-inf"));
}

double numberFrom(const QJsonValue& json)
{
    return json.isDouble() ? json.toDouble() : json.toString().toDouble(); // which knows nan and inf
}

QByteArray textLineOf(const QByteArray& key, const KeptRun& run)
{
    QJsonObject records;
    for (const auto& [path, values] : run.records) {
        QJsonArray numbers;
        for (const double value : values)
            numbers.append(toJson(value));
        records[QString::fromStdString(path)] = numbers;
    }
    const QJsonObject json{{"key", QString::fromLatin1(key)}, {"records", records}};
    const QByteArray text = QJsonDocument(json).toJson(QJsonDocument::Compact);
    return hashed(text).left(checkedDigits) + ' ' + text;
}

/// Nothing: the line is damaged.
std::shared_ptr<const KeptRun> runIn(const QByteArray& line, QByteArray& key)
{
    const QByteArray text = line.mid(checkedDigits + 1);
    if (hashed(text).left(checkedDigits) != line.left(checkedDigits))
        return nullptr;
    const QJsonObject json = QJsonDocument::fromJson(text).object();
    key = json["key"].toString().toLatin1();
    KeptRun run;
    const QJsonObject records = json["records"].toObject();
    for (const QString& path : records.keys()) {
        std::vector<double> values;
        for (const QJsonValue value : records[path].toArray())
            values.push_back(numberFrom(value));
        run.records.emplace_back(path.toStdString(), std::move(values));
    }
    return key.isEmpty() ? nullptr : std::make_shared<const KeptRun>(std::move(run));
}

/// Holds the memory among the children of a session.
class MemoryHolder final : public QObject {
public:
    MemoryHolder(QObject* session, std::shared_ptr<SweepMemory> held)
        : QObject(session)
        , memory(std::move(held))
    {
        setObjectName(QStringLiteral("sweepMemory"));
    }
    std::shared_ptr<SweepMemory> memory;
};

MemoryHolder* holderOf(const Session& session)
{
    return static_cast<MemoryHolder*>(
        session.findChild<QObject*>(QStringLiteral("sweepMemory"), Qt::FindDirectChildrenOnly));
}

}

const std::vector<double>* KeptRun::find(const std::string& path) const
{
    const auto found = std::ranges::find(records, path, [](const auto& record) { return record.first; });
    return found == records.end() ? nullptr : &found->second;
}

SweepMemory::SweepMemory(QString file)
    : file_(std::move(file))
{
    sinceSave_.start();
}

SweepMemory::~SweepMemory() { save(); }

std::shared_ptr<SweepMemory> SweepMemory::of(Session& session)
{
    if (!holderOf(session))
        give(session, std::make_shared<SweepMemory>());
    return holderOf(session)->memory;
}

void SweepMemory::give(Session& session, std::shared_ptr<SweepMemory> memory)
{
    delete holderOf(session);
    new MemoryHolder(&session, std::move(memory));
}

QByteArray SweepMemory::keyOf(const Lab& lab, const Config& config, std::uint64_t seed, Index steps)
{
    const QByteArray what = libraryOf(lab) + '\n' + libraryOf(reinterpret_cast<const void*>(&startRun)) + '\n'
        + QByteArray::fromStdString(lab.identity().id + '\n' + config.json()) + '\n'
        + QByteArray::number(seed) + '\n' + QByteArray::number(static_cast<qint64>(steps));
    return hashed(what);
}

QString SweepMemory::readLines(QHash<QByteArray, std::shared_ptr<const KeptRun>>& into) const
{
    QFile file(file_);
    if (file_.isEmpty() || !file.exists())
        return {};
    if (file.size() > largestFile || !file.open(QIODevice::ReadOnly) || file.readLine().trimmed() != header)
        return QCoreApplication::translate(
            "SweepMemory", "%1 holds no runs of sweeps, or is damaged: the runs are made anew.")
            .arg(file_);
    int damaged = 0;
    while (!file.atEnd()) {
        QByteArray key;
        const auto run = runIn(file.readLine().trimmed(), key);
        if (run)
            into[key] = run;
        else
            ++damaged;
    }
    return damaged == 0 ? QString()
                        : QCoreApplication::translate(
                            "SweepMemory", "%1: %n runs are damaged and made anew.", nullptr, damaged)
                              .arg(file_);
}

QString SweepMemory::load()
{
    const std::lock_guard lock(mutex_);
    if (std::exchange(isLoaded_, true))
        return {};
    return readLines(runs_);
}

std::shared_ptr<const KeptRun> SweepMemory::find(const QByteArray& key) const
{
    const std::lock_guard lock(mutex_);
    return runs_.value(key);
}

void SweepMemory::keep(const QByteArray& key, KeptRun run)
{
    {
        const std::lock_guard lock(mutex_);
        runs_[key] = std::make_shared<const KeptRun>(std::move(run));
        isChanged_ = true;
        if (sinceSave_.elapsed() < betweenSavesMs)
            return;
    }
    save();
}

QString SweepMemory::save()
{
    const std::lock_guard lock(mutex_);
    sinceSave_.restart();
    if (file_.isEmpty() || !std::exchange(isChanged_, false))
        return {};
    auto all = runs_;
    QHash<QByteArray, std::shared_ptr<const KeptRun>> others; // of another program, meanwhile
    readLines(others);
    all.insert(others);
    all.insert(runs_);
    QDir().mkpath(QFileInfo(file_).absolutePath());
    QSaveFile file(file_);
    bool isWritten = file.open(QIODevice::WriteOnly) && file.write(header + '\n') > 0;
    QList<QByteArray> keys = all.keys();
    std::ranges::sort(keys);
    for (const QByteArray& key : keys)
        isWritten = isWritten && file.write(textLineOf(key, *all[key]) + '\n') > 0;
    if (isWritten && file.commit())
        return {};
    isChanged_ = true;
    return QCoreApplication::translate("SweepMemory", "%1 cannot be written: %2")
        .arg(file_, file.errorString());
}

}
