// What several subcommands say in the same words. It reads no file and runs nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"

#include "core/analysis/interval.h"
#include "core/io/open_weights.h"
#include "core/source/manifest.h"
#include "core/trace/record.h"

#include <utility>

namespace fovea::app {

/// The values of an option that are all NAME=VALUE, in two, in order. Throws UsageError for one without '='.
std::vector<std::pair<std::string, std::string>> settings(
    const Arguments& arguments, const std::string& option);
/// The options --set and --map, as weights are opened with.
io::OpenOptions openOptions(const Tool& tool, const Arguments& arguments);
/// "a, b, c".
std::string listed(const std::vector<std::string>& words);
/// Which file leaves which questions open, and the option that answers them.
std::string withAdvice(const io::OpenQuestions& error);
/// config.setText(), but what is wrong is wrong usage of `option`.
void setField(Config& config, const std::string& option, const std::string& name, const std::string& value);
/// Throws UsageError when `output` is one of the files that are read: they would be lost.
void requireOther(const std::string& output, const std::vector<std::string>& read);
/// Throws UsageError when `output`, which will be HDF5, has a name that promises something else.
void requireHdf5Name(const std::string& output);

/// The most probable classes of logits [class]: class, label, logit, probability.
Json topClasses(const Tensor& logits, const Weights& weights, int count = 5);
/// One line a class.
std::string textOf(const Json& topClasses);

/// mean, low and high.
Json estimateJson(const analysis::Estimate& estimate);
/// Nine digits; nothing where it is not known.
std::string csvNumber(double value);

/// File and message of each plugin that could not be opened.
Json failedPlugins(const Tool& tool);
Json extentsOf(const Shape& shape);
/// A record's path, kind, shape and axes.
Json outlineOf(const Record& record);

/// Throws Error when a plugin could not be opened.
void requirePlugins(const Tool& tool);
/// Throws Error naming the tensors that hold NaN or infinity.
void requireFinite(const std::string& file, const std::vector<TensorReport>& report);
/// Throws UsageError for a pattern of --probe that names no signal, which would record nothing in silence.
/// `owner`: "model" or "lab".
void requireSignals(const std::vector<std::string>& patterns, const std::vector<SignalInfo>& declared,
    const std::string& owner);
/// What became of each tensor of a file: state, name, source, detail.
Json tensorRows(const std::vector<TensorReport>& report);
/// How many matched, and a line for each.
std::string textOfTensors(const Json& rows);

}
