// Makes an HDF5 file in memory and writes it atomically. Same contents, same bytes: no times are stored.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_outline.h"
#include "core/run/stop.h"

#include <memory>

namespace fovea::io {

/// Throws Cancelled soon after `stop` is stopped. Groups on the way to a path are made as needed. Every Error
/// names the file and the dataset.
class FOVEA_API Hdf5Writer {
public:
    /// Throws Error when the folder cannot be written to.
    explicit Hdf5Writer(const std::string& path, const StopToken& stop = {});
    ~Hdf5Writer();
    Hdf5Writer(const Hdf5Writer&) = delete;
    Hdf5Writer& operator=(const Hdf5Writer&) = delete;

    void group(const std::string& path);
    /// Contiguous; an f32 tensor may be stored as F16 or BF16 (u16 with attribute dtype="bf16"), but
    /// for a finite number that it cannot hold.
    void write(const std::string& path, const Tensor& tensor, StoredType type);
    void write(const std::string& path, const Tensor& tensor)
    {
        write(path, tensor, storedTypeOf(tensor.dtype()));
    }
    void write(const std::string& path, const std::vector<std::string>& texts);
    /// Of an object that was written before; "" is the root.
    void attribute(const std::string& object, const std::string& name, const Hdf5Value& value);
    /// Nothing is at the target before this.
    void commit();

private:
    struct Content;
    std::unique_ptr<Content> content_;
};

}
