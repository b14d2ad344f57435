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
/// A file of any kind from sniffing to weights or a trace; HDF5 through the reader process.
void anyFile(const std::string& bytes);
/// The same with a reader process that says what the file itself says it should: the HDF5 signature, an
/// outline in JSON, a zero byte, then the values. Whatever a reader process may say, libhdf5 aside.
void forged(const std::string& bytes);
/// The reader process's own work: an HDF5 file made by libhdf5 as the bytes choose, whose outline and values
/// must be those that libhdf5 gives for it.
void outline(const std::string& bytes);
/// A user's name map, laid on the names of a small model.
void nameMap(const std::string& bytes);
/// The JSON inside weights and traces and the edits of a command line: config, preprocessing, edits.
void texts(const std::string& bytes);
/// The recipe of a figure; what was read is written and read again.
void recipe(const std::string& bytes);
/// An IDX file, plain or gzipped.
void idx(const std::string& bytes);
/// A batch of CIFAR-10.
void cifar(const std::string& bytes);
/// A table of numbers as CSV.
void csv(const std::string& bytes);
/// A vocabulary that cuts its own text into tokens.
void vocabulary(const std::string& bytes);
/// A session of the window.
void session(const std::string& bytes);

}
