// What a training begins with where that is not fresh parameters: another model's. Of what they are trained
// on it knows nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/registry.h"

namespace fovea::train {

/// A model's config, preprocessing and parameters, as far as they fit another one.
struct FOVEA_API Beginning {
    WeightsPtr weights; ///< nothing: fresh parameters
    Config config; ///< that of the weights; where they are another architecture's, `named` with the fields
                   ///< both have

    std::string hash() const { return weights ? weights->parts().hash : ""; }
    /// Puts the parameters that fit `to` in the place of fresh ones; returns the names of those that do not.
    std::vector<std::string> takeInto(
        NamedTensors& parameters, const Architecture& architecture, const Config& to) const;
};

/// The weights of a file as a beginning of `architecture`, whose config is `named` but for what they say
/// themselves. Weights of another architecture will do where a tensor has the same name, as a DeiT's for what
/// stands on a DeiT. Throws Error naming the file: no such tensor, NaN, a field that does not fit (the depth,
/// say).
FOVEA_API Beginning beginFrom(const std::string& file, const Registry& registry,
    const Architecture& architecture, const Config& named, const StopToken& stop = {});

}
