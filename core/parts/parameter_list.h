// How an architecture writes down its parameters, with the initialisers that many have in common. Collects;
// decides nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/manifest.h"

namespace fovea::parts {

/// Adds to a Manifest. Matrices are drawn as DeiT's code has them, normal of .02 cut at 2, or after Glorot
/// and Bengio (2010) as ViT's own code has them: normal, of variance 2 / (in + out).
struct FOVEA_API ParameterList {
    bool isGlorot = false;
    Manifest list = {};

    void add(const std::string& name, const Shape& shape, const Initialiser& initialiser = {});
    /// Normal of .02, cut: class tokens and their kin.
    void token(const std::string& name, const Shape& shape);
    /// Positions: as large as tokens, or .5 under Glorot, since a fresh patch has about that.
    void positions(const std::string& name, const Shape& shape);
    /// `weight` 1 and `bias` 0.
    void norm(const std::string& name, Index dim);
    void linear(const std::string& name, Index out, Index in, bool hasBias = true);
    /// A classifier: small in any case, so that no class is likelier than another at first.
    void head(const std::string& name, Index out, Index in);
    /// As PyTorch has it where nobody says otherwise: uniform within 1 / sqrt(in * side^2).
    void convolution(const std::string& name, Index out, Index in, Index side);
};

}
