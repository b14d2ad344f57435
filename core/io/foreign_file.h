// The tensors of a file that another project wrote, under the names it gave them. Recognises nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_file.h"
#include "core/source/source.h"

namespace fovea::io {

struct ForeignFile {
    std::string path;
    NamedTensors tensors; ///< without what wrappers put before every name

    std::vector<TensorOutline> outlines() const;
};

/// Every dataset of numbers; nested groups become dots.
ForeignFile readForeign(const Hdf5File& file);
/// A .safetensors file. Throws Error when it is something else, with a way out when it is a pickle.
ForeignFile readForeign(const std::shared_ptr<const InputFile>& file);

}
