// The one place where an error on the way through a file gets the file's name. It catches nothing for good.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/error.h"

#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace fovea::io {

/// Runs `work`; what it throws comes out as "<file>: <field>: ...", with nothing said twice. So does a
/// lack of memory.
template <class Work>
decltype(auto) naming(const std::string& file, const std::string& field, Work&& work)
{
    const auto rest = [](std::string_view text, const std::string& place) {
        const bool isNamed
            = !place.empty() && text.starts_with(place) && text.substr(place.size()).starts_with(": ");
        return isNamed ? text.substr(place.size() + 2) : text;
    };
    const std::string place = file + (field.empty() ? "" : ": " + field);
    try {
        return work();
    } catch (const UsageError&) {
        throw; // the fault is not the file's
    } catch (const Error& error) {
        if (rest(error.what(), place) != error.what())
            throw; // as it is, whatever its type
        throw Error(place, std::string(rest(rest(error.what(), file), field)));
    } catch (const std::bad_alloc&) {
        throw Error(place, "not enough memory");
    }
}

template <class Work>
decltype(auto) naming(const std::string& file, Work&& work)
{
    return naming(file, {}, std::forward<Work>(work));
}

}
