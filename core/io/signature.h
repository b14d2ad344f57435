// What a file is by its first bytes, for the message that refuses it. It opens nothing and judges nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/input_file.h"

namespace fovea::io {

/// "a PNG picture: fovea run W.h5 takes it as the input": the kind of file, and which command takes it if one
/// does.
FOVEA_API std::string namedByContent(const InputFile& file);
/// The same of an HDF5 file of Fovea's own: its format as formatOf() says it.
FOVEA_API std::string namedByFormat(const std::string& format);

}
