// Named tensors that satisfy a Manifest, with all that is needed to use them. There is no model object: what
// is computed is the Architecture's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/schema.h"
#include "core/tensor/named_tensors.h"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fovea {

/// How a picture becomes an input: the short side is resized to `size`, the centre `crop` x `crop` is
/// cut out, values in [0, 1] are normalised per channel as (v - mean) / std.
struct Preprocess {
    int size = 256, crop = 224;
    std::array<float, 3> mean{0.485F, 0.456F, 0.406F}, std{0.229F, 0.224F, 0.225F};
    std::string interpolation = "bicubic"; ///< or "bilinear"; both antialiased as Pillow does
    bool operator==(const Preprocess&) const = default;
    /// The same share of a picture, for inputs of another side in pixels.
    Preprocess forSide(int side) const
    {
        Preprocess other = *this;
        other.size = static_cast<int>(std::int64_t{size} * side / crop);
        other.crop = side;
        return other;
    }
};

/// What the original framework computed with these weights: the ground of the parity badge.
struct Reference {
    Tensor input; ///< [1, ...]; undefined: the file brings no reference
    Tensor logits; ///< [1, class]
    NamedTensors records; ///< by signal path
};

class Weights;
using WeightsPtr = std::shared_ptr<const Weights>;

/// Immutable once made. Packed forms of its tensors are kept beside it, as a cache.
class FOVEA_API Weights {
public:
    struct Parts {
        std::string architecture;
        Config config;
        Preprocess preprocess;
        std::vector<std::string> labels; ///< per class, or empty
        NamedTensors parameters; ///< f32, in the manifest's order
        Reference reference;
        std::string hash; ///< SHA-256 of the file, hexadecimal; empty without one, and until it is hashed
        std::string training; ///< JSON: how `fovea train` made them; empty for weights from elsewhere
    };

    explicit Weights(Parts parts);
    ~Weights();
    Weights(const Weights&) = delete;
    Weights& operator=(const Weights&) = delete;

    const Parts& parts() const { return parts_; }
    const std::string& architecture() const { return parts_.architecture; }
    const Config& config() const { return parts_.config; }
    /// nullptr when there is no such tensor.
    const Tensor* find(std::string_view name) const;
    Index parameterCount() const;
    std::size_t byteSize() const;
    /// The label of a class, or its number.
    std::string label(int classIndex) const;

    /// What `make` derives from these weights under a key (a packed matrix, say), made once.
    template <class T, class Make>
    const T& derived(std::string_view key, Make make) const
    {
        const void* found = findDerived(key);
        if (!found)
            found = keepDerived(key, std::make_shared<const T>(make()));
        return *static_cast<const T*>(found);
    }

private:
    const void* findDerived(std::string_view key) const;
    const void* keepDerived(std::string_view key, std::shared_ptr<const void> value) const;

    struct Cache;
    Parts parts_;
    std::unique_ptr<Cache> cache_;
};

}
