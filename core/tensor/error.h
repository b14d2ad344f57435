// Bad input, said so that a person can mend it. Not for a programmer's mistake: that is an assert.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/export.h"

#include <stdexcept>
#include <string>

namespace fovea {

/// Thrown for bad input and caught in two places only: Job (window) and the command line.
/// The message names what was expected, what was found and where (file and field).
class FOVEA_API Error : public std::runtime_error {
public:
    explicit Error(const std::string& what)
        : std::runtime_error(what)
    {
    }
    /// "<file>: <what>"
    Error(const std::string& file, const std::string& what)
        : std::runtime_error(file + ": " + what)
    {
    }
};

/// A wrong call from the command line (exit code 2): an unknown option, an edit that names nothing.
class FOVEA_API UsageError : public Error {
public:
    using Error::Error;
};

/// The user stopped the work. Not an error: nobody is told.
class FOVEA_API Cancelled : public std::exception {
public:
    const char* what() const noexcept override { return "cancelled"; }
};

}
