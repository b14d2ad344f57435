// A data set for tests of training: stripes whose direction and distance tell the class, in noise. Small, and
// made without files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/random.h"
#include "core/train/data_set.h"

#include <algorithm>

namespace fovea::test {

class StripedData final : public train::DataSet {
public:
    StripedData(Index channels, Index side, Index classes, Index train, Index test)
        : train_(train)
        , test_(test)
    {
        info_.name = "stripes";
        info_.shape = {channels, side, side};
        for (Index c = 0; c < classes; ++c)
            info_.labels.push_back("stripes " + std::to_string(c));
    }

    const train::DataInfo& info() const override { return info_; }
    Index count(train::Split split) const override { return split == train::Split::Train ? train_ : test_; }
    train::Sample sample(train::Split split, Index index) const override
    {
        const Index label = index % std::max<Index>(1, classes());
        train::Sample sample;
        sample.label = label;
        sample.value = Tensor(info_.shape, DType::U8);
        const RandomPlace place{
            split == train::Split::Train ? 1U : 2U, 0, hashOf("stripes"), static_cast<std::uint64_t>(index)};
        const Index side = info_.shape[1], distance = 2 + label / 2;
        Index i = 0;
        for (std::uint8_t& pixel : sample.value.writable<std::uint8_t>()) {
            const Index along = label % 2 == 0 ? i % side : i / side % side;
            const float noise = place.uniform(static_cast<std::uint64_t>(i++));
            pixel = static_cast<std::uint8_t>((along / distance % 2 == 0 ? 120 : 20) + 100 * noise);
        }
        return sample;
    }

private:
    Index train_, test_;
    train::DataInfo info_;
};

}
