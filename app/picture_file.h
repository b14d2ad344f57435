// Decodes a picture file into core's form. The only place where picture formats are known.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>

namespace fovea::app {

/// u8 [H, W, 3], EXIF orientation applied, alpha left out as Pillow's convert("RGB") does (but
/// libtiff multiplies it into the colours of a TIFF, and what it hid is black there). Throws Error naming the
/// file and what is wrong: no PNG, JPEG, WebP or TIFF, cut off, 16 bits a channel, CMYK, several
/// frames, smaller than 4 x 4 or above 64 megapixels.
Tensor readPicture(const std::string& path);

/// True when the file's first bytes are those of a PNG, JPEG, WebP or TIFF.
bool isPicture(const std::string& path);
/// True when its name says that it should be one.
bool isNamedAsPicture(const std::string& path);

}
