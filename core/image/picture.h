// Pictures and how they become a model's input, exactly as the reference preprocessing does it.
// Decoding files is not done here: the program installs a decoder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/weights.h"
#include "core/tensor/tensor.h"

namespace fovea::image {

enum class Filter { Bilinear, Bicubic };

/// Throws Error for any other name than "bilinear" and "bicubic".
FOVEA_API Filter filterOf(const std::string& name);

/// u8 [H, W, 3] to u8 [height, width, 3], antialiased as Pillow's Image.resize does: the kernel (triangle,
/// or Keys' cubic with a = -0.5) is widened by the scale when shrinking, rows first, each pass rounded to u8.
/// Equal to Pillow's to the bit.
FOVEA_API Tensor resize(const Tensor& picture, Index width, Index height, Filter filter);

/// The centre `side` x `side` of u8 [H, W, 3]; offsets round((H - side) / 2), half to even, as torchvision
/// does; parts outside the picture are black.
FOVEA_API Tensor centreCrop(const Tensor& picture, Index side);

/// A picture ready for a model.
struct Prepared {
    Tensor picture; ///< u8 [crop, crop, 3]: what the model sees; Places are its pixels
    Tensor input; ///< f32 [1, channels, crop, crop], normalised
};

/// Short side to `size`, centre crop, (v / 255 - mean) / std. One channel: luma by ITU-R 601, as Pillow's
/// convert("L"), normalised with the first mean and std.
FOVEA_API Prepared prepare(const Tensor& picture, const Preprocess& how, Index channels = 3);

}
