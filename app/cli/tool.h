// What every subcommand is given: the sources, the threads, the wish to stop, and where to write. It knows no
// subcommand.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/pool.h"
#include "core/run/stop.h"
#include "core/source/registry.h"

#include <QMap>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace fovea::app {

using Json = nlohmann::ordered_json;

/// One option of a subcommand, as `--help` shows it.
struct Option {
    QStringList names; ///< {"o", "output"}
    QString help;
    QString value = {}; ///< name of its value; empty: a switch
    bool repeats = false; ///< may be given several times
};

/// The parsed command line of a subcommand.
class Arguments {
public:
    /// `words`: how many positional arguments there may be. Throws UsageError for one more, for an unknown
    /// option, for one that is given twice and may not be, and for an empty value.
    static Arguments parse(const QStringList& line, const std::vector<Option>& options, int words);
    /// The options as a person reads them.
    static QString helpOn(const std::vector<Option>& options);

    QStringList positional;
    bool has(const QString& name) const { return values_.contains(name); }
    /// The value given, or another.
    std::string value(const QString& name, const std::string& otherwise = {}) const;
    /// Every value given, in order.
    std::vector<std::string> values(const QString& name) const;
    /// A positional argument that must be there; throws UsageError naming it.
    std::string required(int index, const char* what) const;
    /// A whole number; throws UsageError.
    std::uint64_t number(const QString& name, std::uint64_t otherwise, std::uint64_t least = 0,
        std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;

private:
    QMap<QString, QStringList> values_;
};

class Tool {
public:
    explicit Tool(int threads);
    /// From now on Ctrl+C and a polite kill are remembered instead of ending the program; a second one ends
    /// it at once.
    static void catchSignals();
    /// As before catchSignals(); one that was caught meanwhile ends the program now.
    static void leaveSignals();
    /// The signals that were caught, and those that will be, stop the work of this tool.
    void stopOnSignals();

    const Registry& registry() const { return registry_; }
    const std::vector<std::pair<std::string, std::string>>& pluginFailures() const { return failures_; }
    void loadPlugins(const std::vector<std::string>& extraFolders);
    std::shared_ptr<Pool> pool() { return pool_; }
    /// Stopped by Ctrl+C.
    const StopToken& stop() const { return stop_; }
    /// 128 and the number of the signal that stopped it, as shells have it: 130 for Ctrl+C.
    static int stoppedCode();

    /// A line for people on stderr.
    static void say(const std::string& text);
    /// Results on stdout.
    static void print(const std::string& text);
    static void printJson(const Json& json);
    /// Share done, redrawn in place on stderr when that is a terminal. Gone when it is done or something else
    /// is said.
    static void progress(double share);
    /// A line in the place of that bar, for work that has more to say than its share. A line of its own where
    /// stderr is no terminal: say it seldom there.
    static void status(const std::string& text);
    static bool isOnTerminal();

private:
    Registry registry_;
    std::vector<std::pair<std::string, std::string>> failures_;
    std::shared_ptr<Pool> pool_;
    StopToken stop_;
};

}
