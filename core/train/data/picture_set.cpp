// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/picture_set.h"

#include "core/tensor/error.h"
#include "core/train/batch.h"

#include <algorithm>
#include <array>

namespace fovea::train::data {

namespace {

/// Where a sample lies: in which block of pictures, and there.
struct Slot {
    std::uint8_t block = 0;
    Index row = 0;
};

class PictureSet final : public DataSet {
public:
    PictureSet(DataInfo info, std::vector<LabelledPictures> blocks, std::array<std::vector<Slot>, 2> slots)
        : info_(std::move(info))
        , blocks_(std::move(blocks))
        , slots_(std::move(slots))
    {
    }

    const DataInfo& info() const override { return info_; }
    Index count(Split split) const override { return static_cast<Index>(of(split).size()); }
    Sample sample(Split split, Index index) const override
    {
        const Slot& slot = of(split)[static_cast<std::size_t>(index)];
        return {blocks_[slot.block].pictures.at(slot.row), label(split, index), {}, {}};
    }
    Index label(Split split, Index index) const override
    {
        const Slot& slot = of(split)[static_cast<std::size_t>(index)];
        return blocks_[slot.block].labels[static_cast<std::size_t>(slot.row)];
    }

private:
    const std::vector<Slot>& of(Split split) const { return slots_[static_cast<std::size_t>(split)]; }

    DataInfo info_;
    std::vector<LabelledPictures> blocks_;
    std::array<std::vector<Slot>, 2> slots_; // by split
};

void checkLabels(const LabelledPictures& block, const std::vector<std::string>& names)
{
    const auto found = static_cast<Index>(block.labels.size());
    if (found != block.pictures.dim(0))
        throw Error(block.labelPlace,
            "expected a label for each of " + std::to_string(block.pictures.dim(0)) + " pictures, found "
                + std::to_string(found));
    for (std::size_t i = 0; i < block.labels.size(); ++i)
        if (block.labels[i] < 0 || block.labels[i] >= static_cast<Index>(names.size()))
            throw Error(block.labelPlace,
                "label " + std::to_string(i) + ": expected 0 to " + std::to_string(names.size() - 1)
                    + ", found " + std::to_string(block.labels[i]));
}

void checkClasses(
    const LabelledPictures& block, const std::vector<Slot>& slots, const std::vector<std::string>& names)
{
    std::vector<Index> counts(names.size());
    for (const Slot& slot : slots)
        ++counts[static_cast<std::size_t>(block.labels[static_cast<std::size_t>(slot.row)])];
    for (std::size_t c = 0; c < counts.size(); ++c)
        if (counts[c] == 0)
            throw Error(block.labelPlace, "class '" + names[c] + "' has no training picture");
}

std::vector<Slot> allOf(const LabelledPictures& block, std::uint8_t number)
{
    std::vector<Slot> slots;
    for (Index row = 0; row < block.pictures.dim(0); ++row)
        slots.push_back({number, row});
    return slots;
}

DataInfo infoOf(std::string name, std::vector<std::string> labels, const LabelledPictures& block)
{
    if (block.pictures.dim(0) == 0)
        throw Error(block.place, "expected pictures, found none");
    if (labels.empty())
        throw Error(block.labelPlace, "expected names of classes, found none");
    const Shape shape = block.pictures.shape().tail();
    if (shape.count() == 0)
        throw Error(block.place, "expected pictures with pixels, found " + shape.text());
    if (shape[0] != 1 && shape[0] != 3)
        throw Error(block.place, "expected pictures of 1 or 3 channels, found " + std::to_string(shape[0]));
    return {std::move(name), Content::Picture, shape, std::move(labels), 0};
}

std::string noteOn(Index leftOut)
{
    return leftOut == 0
        ? ""
        : "left out, since they are no pictures by their names: " + std::to_string(leftOut) + " files";
}

}

std::vector<std::string> numberedLabels(Index classes)
{
    std::vector<std::string> labels;
    for (Index c = 0; c < classes; ++c)
        labels.push_back(std::to_string(c));
    return labels;
}

Index classesIn(const std::vector<Index>& labels)
{
    return labels.empty() ? 0 : Index{1} + *std::max_element(labels.begin(), labels.end());
}

DataSetPtr makePictureSet(
    std::string name, std::vector<std::string> labels, LabelledPictures train, LabelledPictures test)
{
    DataInfo info = infoOf(std::move(name), std::move(labels), train);
    if (infoOf({}, info.labels, test).shape != info.shape)
        throw Error(test.place,
            "expected pictures " + info.shape.text() + " as in the training split, found "
                + test.pictures.shape().tail().text());
    info.note = noteOn(train.leftOut + test.leftOut);
    checkLabels(train, info.labels);
    checkLabels(test, info.labels);
    std::array<std::vector<Slot>, 2> slots{allOf(train, 0), allOf(test, 1)};
    checkClasses(train, slots[0], info.labels);
    std::vector<LabelledPictures> blocks{std::move(train), std::move(test)};
    return std::make_shared<const PictureSet>(std::move(info), std::move(blocks), std::move(slots));
}

DataSetPtr makePictureSet(
    std::string name, std::vector<std::string> labels, LabelledPictures all, const SeededSplit& split)
{
    DataInfo info = infoOf(std::move(name), std::move(labels), all);
    info.note = noteOn(all.leftOut);
    checkLabels(all, info.labels);
    const Index count = all.pictures.dim(0);
    const std::vector<std::uint32_t> order = shuffledOrder(count, {split.seed, 0, hashOf("data.split"), 0});
    const auto tests
        = std::clamp<Index>(static_cast<Index>(split.test * static_cast<double>(count) + 0.5), 1, count);
    std::array<std::vector<Slot>, 2> slots;
    for (Index i = 0; i < count; ++i)
        slots[i < tests ? 1 : 0].push_back({0, order[static_cast<std::size_t>(i)]});
    for (auto& side : slots) // in the order of the files
        std::sort(side.begin(), side.end(), [](const Slot& a, const Slot& b) { return a.row < b.row; });
    checkClasses(all, slots[0], info.labels);
    std::vector<LabelledPictures> blocks{std::move(all)};
    return std::make_shared<const PictureSet>(std::move(info), std::move(blocks), std::move(slots));
}

}
