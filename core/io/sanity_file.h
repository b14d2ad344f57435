// Results of sanity checks as JSON: a table that comes with the program, one of a person's own, and what a
// recipe keeps. What they mean is core/analysis/known_sanity.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/known_sanity.h"

namespace fovea::io {

/// {"fovea_format": "sanity", "version": 1, "rows": [...]}, a row for each result.
FOVEA_API std::string toJson(const std::vector<analysis::KnownSanity>& rows);
/// Throws Error naming `file` and the field that is missing, of another type or impossible.
FOVEA_API std::vector<analysis::KnownSanity> sanityFromJson(const std::string& json, const std::string& file);

/// The results in some files and, later ones, in a person's own, which grows. Threads and programs share it.
class FOVEA_API SanityMemory {
public:
    /// `own`: the file that grows; empty: nothing is remembered. It and its folder need not be there.
    SanityMemory(std::vector<std::string> files, std::string own);
    /// These and no others, ever: what a recipe says.
    explicit SanityMemory(std::vector<analysis::KnownSanity> fixed);

    struct Known {
        std::vector<analysis::KnownSanity> rows;
        std::vector<std::string> problems; ///< files that could not be read, each with the reason
    };
    /// What the files hold now; one that is not there holds nothing.
    Known known() const;
    /// Adds to the person's own file, whole or not at all. Throws Error when that is damaged, and leaves it
    /// as it is, or cannot be written. Weights that are in no file are not remembered.
    void remember(const analysis::KnownSanity& found);

private:
    std::vector<std::string> files_;
    std::string own_;
    std::vector<analysis::KnownSanity> fixed_;
};

}
