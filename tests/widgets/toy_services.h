// Services that open a toy without any file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"

#include "core/tensor/error.h"

#include "tests/support/toys/toys.h"

namespace fovea {

/// "model" and "input" are the toy's, anything else is a bad file.
inline Services toyServices(const std::string& id)
{
    return {&toys::toys(), std::make_shared<Pool>(1),
        [id](const std::string& path, const Answers&, const Job::Context&) {
            const Architecture& toy = toys::toys().requireArchitecture(id);
            Document document;
            document.path = path;
            if (path.ends_with("model"))
                document.weights = toys::toyWeights(toy);
            else if (path.ends_with("input"))
                document.input = std::make_shared<const InputData>(
                    InputData{path, "cafe", {}, toys::toyInput(toy).at(0)});
            else
                throw Error(path, "expected a toy, found something else");
            return document;
        }};
}

inline const Edit headOff{"blocks.1.attn.head.0", "off", {}};

}
