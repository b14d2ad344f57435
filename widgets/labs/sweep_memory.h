// Runs of labs that are over, by what they were asked: in memory, and in a file beside it from one start of
// the program to the next. It runs nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QHash>
#include <QString>

#include <mutex>

namespace fovea {

class Session;

/// What one run left: values by the path of their record.
struct KeptRun {
    std::vector<std::pair<std::string, std::vector<double>>> records;
    const std::vector<double>* find(const std::string& path) const;
};

/// Threads share it, and programs the file.
class SweepMemory {
public:
    /// `file`: empty: in memory alone. It and its folder need not be there.
    explicit SweepMemory(QString file = {});
    ~SweepMemory();

    /// That of a session; one in memory alone where it was given none.
    static std::shared_ptr<SweepMemory> of(Session& session);
    static void give(Session& session, std::shared_ptr<SweepMemory> memory);

    /// What a run is known by: the lab and its library as it is now, config, seed and steps.
    static QByteArray keyOf(const Lab& lab, const Config& config, std::uint64_t seed, Index steps);

    /// Reads the file, once. What went wrong with it, empty: nothing. Lines that are damaged count as not
    /// there.
    QString load();
    /// nullptr: that run is not known.
    std::shared_ptr<const KeptRun> find(const QByteArray& key) const;
    /// Writes the file too, from time to time. Throws nothing: what could not be written is told by save().
    void keep(const QByteArray& key, KeptRun run);
    /// What could not be written, and why; empty: nothing.
    QString save();

private:
    QString readLines(QHash<QByteArray, std::shared_ptr<const KeptRun>>& into) const;

    QString file_;
    mutable std::mutex mutex_;
    QHash<QByteArray, std::shared_ptr<const KeptRun>> runs_;
    QElapsedTimer sinceSave_;
    bool isLoaded_ = false, isChanged_ = false;
};

}
