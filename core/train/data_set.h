// Samples to learn from and to test on, by number. A data set is immutable: it neither shuffles nor augments
// (core/train/batch.h does), and reading a sample has no order.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fovea::train {

enum class Split : std::uint8_t { Train, Test };

/// What a sample's value is.
enum class Content : std::uint8_t { Picture, Tokens, Series };

/// An object that is known to be in a picture.
struct ObjectMask {
    Index label = 0;
    Tensor coverage; ///< u8 [height, width], 255 where the object covers the whole pixel
};

struct Sample {
    Tensor
        value; ///< Picture: u8 [channels, height, width]; Tokens: i32 [length]; Series: f32 [length, columns]
    Index label = -1; ///< the class; -1 where there are none (tokens, series)
    Tensor target; ///< Tokens: i32 [length], each one's successor; Series: f32 [horizon, columns]; else
                   ///< undefined
    std::vector<ObjectMask> objects; ///< the first is the one that `label` names; empty where nobody knows
};

/// What holds for all samples.
struct DataInfo {
    std::string name; ///< "shapes", or the file's or folder's
    Content content = Content::Picture;
    Shape shape; ///< of every value
    std::vector<std::string> labels; ///< a name per class; of Tokens: the vocabulary; of Series: the columns
    Index horizon = 0; ///< rows of a Series' target
    std::string note = {}; ///< what who opens it should be told, as "2 files that ..."; mostly empty
};

/// All calls are pure and may come from any thread.
class FOVEA_API DataSet {
public:
    virtual ~DataSet() = default;
    virtual const DataInfo& info() const = 0;
    virtual Index count(Split split) const = 0;
    /// Sample `index` in [0, count(split)).
    virtual Sample sample(Split split, Index index) const = 0;
    /// Its label alone.
    virtual Index label(Split split, Index index) const { return sample(split, index).label; }

    /// Whether what a model says of a sample is right or wrong; of a series it is only more or less far off.
    bool hasAnswers() const { return info().content != Content::Series; }
    Index classes() const
    {
        return info().content == Content::Picture ? static_cast<Index>(info().labels.size()) : 0;
    }
};

using DataSetPtr = std::shared_ptr<const DataSet>;

/// Decodes a picture file to u8 [height, width, 3]; throws Error that names the file. The program brings one.
using PictureDecoder = std::function<Tensor(const std::string& path)>;

struct OpenDataOptions {
    PictureDecoder decoder; ///< needed for folders of pictures only
    StopToken stop;
};

/// Opens what the option --data says, `what[:field=value,...]`; docs/manual/data-sets.md lists the kinds
/// and their fields. Throws UsageError for a wrong field, Error (file and field) for bad data.
FOVEA_API DataSetPtr openDataSet(const std::string& text, const OpenDataOptions& options = {});
/// Whether both texts say the same place, as d/x and ./d/x do, and the same fields.
FOVEA_API bool areSameData(const std::string& one, const std::string& other);

/// A data set that the program makes itself.
struct KnownDataSet {
    std::string name, help;
};
FOVEA_API std::vector<KnownDataSet> knownDataSets();

}
