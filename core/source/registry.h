// All sources that plugins brought. Plugins fill it through one exported function.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/abi.h"
#include "core/source/source.h"

namespace fovea {

class FOVEA_API Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    /// Throws Error when the id is taken.
    void add(std::unique_ptr<Architecture> architecture);
    void add(std::unique_ptr<Lab> lab);
    /// All sources of another registry, or none: throws Error when one of the ids is taken.
    void add(Registry&& other);

    /// Sorted by id.
    std::vector<const Architecture*> architectures() const;
    std::vector<const Lab*> labs() const;
    /// nullptr when there is none of that id.
    const Architecture* architecture(std::string_view id) const;
    const Lab* lab(std::string_view id) const;
    /// The same, or an Error that lists the ids there are.
    const Architecture& requireArchitecture(std::string_view id) const;

private:
    struct Content;
    std::unique_ptr<Content> content_;
};

}

/// What a plugin exports: FOVEA_PLUGIN(fill), once, outside any namespace, where `fill(fovea::Registry&)`
/// adds its sources. The host compares `fovea_plugin_abi` with its own before it calls anything.
#define FOVEA_PLUGIN(fill)                                                                                   \
    extern "C" {                                                                                             \
    FOVEA_API extern const char fovea_plugin_abi[];                                                          \
    FOVEA_API void fovea_plugin(fovea::Registry& registry);                                                  \
    }                                                                                                        \
    const char fovea_plugin_abi[] = FOVEA_ABI;                                                               \
    void fovea_plugin(fovea::Registry& registry) { fill(registry); }
