// Opening files for a Session, as far as it goes without a person. It changes nothing: it brings documents,
// or says what only a person can tell.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"
#include "widgets/session/session_file.h"
#include "widgets/session/slot.h"

#include "core/io/open_weights.h"
#include "core/io/sanity_file.h"
#include "core/run/pool.h"
#include "core/train/data_set.h"

#include <QStringList>

namespace fovea {

/// What the program brings, so that widgets know neither files nor plugins.
struct Services {
    const Registry* registry = nullptr;
    std::shared_ptr<Pool> pool;
    /// Opens weights, an input or a trace; runs in a Job, throws Error, io::OpenQuestions for weights of
    /// which the answers do not say enough.
    std::function<Document(const std::string& path, const Answers& answers, const Job::Context& context)>
        open;
    /// Opens a data set, of pictures in any format that the program reads; runs in a Job, throws Error.
    std::function<train::DataSetPtr(const std::string& text, const StopToken& stop)> openData = {};
    std::shared_ptr<Pool> labPool
        = {}; ///< of labs and of runs while one drags, gives way to the window; none: `pool`
    std::shared_ptr<io::SanityMemory> sanity = {}; ///< which sanity checks are known; none: none are
};

/// How a `patch:TRACE.h5` finds its trace; `hashes`, where given, learns the SHA-256 of the files that were
/// read.
EditPlan::PatchSource patchesOf(const Services& services, const Job::Context& context,
    std::map<std::string, std::string>* hashes = nullptr);

/// What to open, and what a person has said of it so far.
struct OpenPlan {
    QStringList paths; ///< of anything: models, inputs, traces, sessions, figures, recipes
    std::optional<SessionFile> session = {}; ///< one that is in no file; opened before `paths`
    std::map<std::string, Answers> answers = {}; ///< by path of a model
    std::map<std::string, std::string> located
        = {}; ///< by path of a file that a session names: where it is now
};

/// A plan that stopped for want of something only a person knows.
struct OpenRequest {
    OpenPlan plan;
    std::string path; ///< the file in question
    std::optional<io::OpenQuestions> questions; ///< nothing: the file is not there
    QString from; ///< the session or figure that names it; empty: none does
};

/// What a plan brought.
struct Opening {
    std::vector<Document> documents;
    std::optional<SessionFile> session;
    QStringList warnings;
    std::optional<OpenRequest> request; ///< then the rest counts for nothing
};

/// Runs in a Job. Throws Error.
Opening openAll(const Services& services, const OpenPlan& plan, const Job::Context& context);

}
