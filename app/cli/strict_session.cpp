// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/strict_session.h"

#include "app/catalogue/sweeps.h"
#include "app/cli/report.h"
#include "app/idle.h"
#include "app/window.h"

#include "core/tensor/error.h"

namespace fovea::app {

namespace {

/// The program's, but a model with NaN is refused: no person will read the note.
Services strictServices(Tool& tool, std::shared_ptr<io::SanityMemory> sanity)
{
    Services services = servicesOf(tool);
    if (sanity)
        services.sanity = std::move(sanity);
    services.open = [open = services.open](
                        const std::string& path, const Answers& answers, const Job::Context& context) {
        Document document = open(path, answers, context);
        requireFinite(path, document.tensors);
        return document;
    };
    return services;
}

}

StrictSession::StrictSession(Tool& tool, std::shared_ptr<io::SanityMemory> sanity)
    : session_(strictServices(tool, std::move(sanity)))
    , stop_(tool.stop())
{
    SweepMemory::give(session_, sweepMemory());
    QObject::connect(&session_, &Session::needed, [this](const OpenRequest& request) { refuse(request); });
    QObject::connect(&session_, &Session::failed,
        [this](const QString& text) { problem_ = problem_.empty() ? text.toStdString() : problem_; });
    QObject::connect(
        &session_, &Session::noted, [](const QString& text) { Tool::say("fovea: " + text.toStdString()); });
    for (Job* job : session_.jobs())
        QObject::connect(job, &Job::progressed, Tool::progress);
}

void StrictSession::refuse(const OpenRequest& request)
{
    questions_ = request.questions;
    if (!questions_)
        problem_ = request.path + ": there is no such file"
            + (request.from.isEmpty() ? "" : "; say with --model or --input where it is now");
}

void StrictSession::settle(const QList<View*>& views)
{
    waitUntilIdle(
        session_, [&] { return views; }, stop_);
    for (const Job* job : session_.jobs())
        job->rethrow();
    if (questions_)
        throw io::OpenQuestions(*questions_);
    if (!problem_.empty())
        throw Error(problem_);
}

}
