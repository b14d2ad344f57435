// What views of relevance maps have alike: the comparison they ask for, and the sanity checks beside it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include "core/analysis/method_comparison.h"

#include <QJsonObject>

namespace fovea {

using ComparisonPtr = std::shared_ptr<const analysis::MethodComparison>;

struct Compared {
    ComparisonPtr comparison;
    std::vector<std::string> problems; ///< files of known sanity checks that could not be read
};

/// Work for a Job: these methods on the input that is shown, with what is known of their sanity checks.
std::function<Compared(const Job::Context&)> comparing(const Session& session, const std::string& className,
    const std::vector<const analysis::RelevanceMethod*>& methods, const Config& options);
/// In the message bar.
void tellProblems(const Compared& compared, Session& session);

/// With a result that has just come, where it is of one of the maps.
ComparisonPtr withSanity(const ComparisonPtr& comparison, const Session& session, const Config& options,
    const analysis::KnownSanity& found);

/// "sanity check .31 (above .5 fails), between pictures .12", or that it was not measured and what does it.
QString sanityText(const analysis::ComparedMap& one);
/// What a recipe keeps of it.
QJsonObject measuredOf(const analysis::MethodComparison& comparison);

}
