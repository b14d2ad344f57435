// What is fuzzed: each reader of files, fed with bytes. A target throws nothing but Error, which it swallows;
// everything else (a crash, another exception) is a find.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace fovea::fuzz {

using Target = void (*)(const std::string& bytes);

/// Header and all values of a .safetensors file.
void safetensors(const std::string& bytes);
/// A .npy file.
void npy(const std::string& bytes);
/// What the HDF5 reader process answers, as its parent takes it.
void answer(const std::string& bytes);
/// A file of any kind from sniffing to weights or a trace; HDF5 through the reader process.
void anyFile(const std::string& bytes);

}
