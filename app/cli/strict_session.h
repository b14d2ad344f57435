// A session that refuses where a window says what is wrong and goes on. It draws nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/tool.h"

#include "widgets/session/session.h"

#include "core/io/open_weights.h"

#include <optional>

namespace fovea {
class View;
}

namespace fovea::app {

class StrictSession {
public:
    /// `sanity`: the sanity checks that are known; nullptr: those that the program knows.
    explicit StrictSession(Tool& tool, std::shared_ptr<io::SanityMemory> sanity = {});

    Session* operator->() { return &session_; }
    Session& operator*() { return session_; }

    /// Lets all work end. Throws what a Job threw, io::OpenQuestions for a model that leaves some open, Error
    /// for anything else that the session said was wrong.
    void settle(const QList<View*>& views = {});

private:
    void refuse(const OpenRequest& request);

    Session session_;
    StopToken stop_;
    std::string problem_;
    std::optional<io::OpenQuestions> questions_;
};

}
