// The one place where an error on the way through a file gets the file's name. It catches nothing for good.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/error.h"

#include <new>
#include <string>
#include <string_view>

namespace fovea::io {

/// Runs `work`; an Error that does not begin with `place` yet (a file, or a field within one) comes out
/// with it, and so does a lack of memory.
template <class Work>
decltype(auto) naming(const std::string& place, Work&& work)
{
    try {
        return work();
    } catch (const Error& error) {
        if (std::string_view(error.what()).starts_with(place + ": "))
            throw;
        throw Error(place, error.what());
    } catch (const std::bad_alloc&) {
        throw Error(place, "not enough memory");
    }
}

}
