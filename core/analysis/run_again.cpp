// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_again.h"

namespace fovea::analysis {

ExecuteOptions onceMore(const Trace& base, ExecuteOptions options)
{
    options.record = {};
    options.keepStates = false;
    options.progress = {};
    options.seed = base.provenance.seed;
    options.sample = base.provenance.sample;
    options.edits.clear();
    for (const std::string& text : base.provenance.edits)
        options.edits.push_back(Edit::parse(text));
    return options;
}

}
