// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/shapes/shapes_set.h"

#include "core/train/shapes/render.h"

namespace fovea::train::shapes {

namespace {

class ShapesSet final : public DataSet {
public:
    explicit ShapesSet(const Config& config)
        : side_(config.integer("size"))
        , counts_{config.integer("train"), config.integer("test")}
        , seed_(static_cast<std::uint64_t>(config.integer("seed")))
        , mode_(config.text("mode") == "two" ? Mode::Two : Mode::One)
        , info_{"shapes", Content::Picture, {3, side_, side_}, {}, 0}
    {
        for (const Outline& outline : outlines())
            info_.labels.push_back(outline.name);
    }

    const DataInfo& info() const override { return info_; }
    Index count(Split split) const override { return counts_[static_cast<std::size_t>(split)]; }
    Sample sample(Split split, Index index) const override
    {
        Rendered rendered = render(drawScene(placeOf(split, index), mode_), side_);
        return {rendered.picture, rendered.objects.front().label, {}, std::move(rendered.objects)};
    }
    Index label(Split split, Index index) const override { return drawLabel(placeOf(split, index)); }

private:
    RandomPlace placeOf(Split split, Index index) const
    {
        constexpr std::uint64_t paths[] = {hashOf("shapes.train"), hashOf("shapes.test")};
        return {seed_, mode_ == Mode::Two ? 2U : 1U, paths[static_cast<std::size_t>(split)],
            static_cast<std::uint64_t>(index)};
    }

    Index side_;
    Index counts_[2];
    std::uint64_t seed_;
    Mode mode_;
    DataInfo info_;
};

}

Schema shapesSchema()
{
    using Integer = std::int64_t;
    constexpr double most = 1e8; // an epoch's order takes 4 bytes for each
    return {{"size", Integer{64}, "side of a picture", 8, 4096, "px"},
        {"mode", std::string("one"), "objects of a class in a picture", 0, 0, {}, {"one", "two"}},
        {"seed", Integer{0}, "another seed makes other pictures", 0, 1e15},
        {"train", Integer{50000}, "training pictures", 1, most},
        {"test", Integer{10000}, "test pictures", 1, most}};
}

DataSetPtr openShapes(const Config& config) { return std::make_shared<const ShapesSet>(config); }

}
