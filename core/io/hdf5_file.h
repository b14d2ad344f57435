// An HDF5 file opened for reading. It is parsed in a process of its own; this side only copies bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/hdf5_outline.h"
#include "core/io/reader_child.h"

#include <memory>

namespace fovea::io {

/// Every Error names the file, and the dataset or attribute where there is one.
class FOVEA_API Hdf5File {
public:
    explicit Hdf5File(std::shared_ptr<const InputFile> file, ReaderLimits limits = {});
    explicit Hdf5File(const std::string& path, ReaderLimits limits = {}, const StopToken& stop = {});
    Hdf5File(const Hdf5File&) = delete; // counts the runs of its reader
    Hdf5File& operator=(const Hdf5File&) = delete;

    const InputFile& file() const { return *file_; }
    const std::vector<Hdf5Object>& objects() const { return objects_; }
    /// nullptr when there is no such object.
    const Hdf5Object* find(std::string_view path) const;
    /// The object of that path, which must be a dataset of numbers.
    const Hdf5Object& numbers(std::string_view path) const;
    /// Objects directly or indirectly inside a group, in order.
    std::vector<const Hdf5Object*> inside(std::string_view group) const;

    /// The attribute of that name and type; throws Error when it is missing or of another type.
    template <class T>
    T attribute(const Hdf5Object& object, std::string_view name) const
    {
        const auto found = object.attributes.find(name);
        const T* value = found == object.attributes.end() ? nullptr : std::get_if<T>(&found->second);
        if (!value)
            refuseAttribute(object, name);
        return *value;
    }

    Tensor read(const Hdf5Object& dataset) const { return std::move(read(std::vector{&dataset}).front()); }
    /// Many datasets of numbers at once: the reader process is asked at most once.
    std::vector<Tensor> read(const std::vector<const Hdf5Object*>& datasets) const;
    std::vector<std::string> readTexts(const Hdf5Object& dataset) const;

private:
    /// Before each run of the reader; throws Error when there were too many.
    void countRun() const;
    [[noreturn]] void refuseAttribute(const Hdf5Object& object, std::string_view name) const;

    std::shared_ptr<const InputFile> file_;
    ReaderLimits limits_;
    mutable int runs_ = 0;
    std::vector<Hdf5Object> objects_;
    std::map<std::string, std::size_t, std::less<>> byPath_;
};

/// The root's attribute `fovea_format`: "weights", "trace", or empty for a file that is not ours.
FOVEA_API std::string formatOf(const Hdf5File& file);
/// True when the HDF5 signature is where it may be: at 0, 512, 1024, ...
FOVEA_API bool looksLikeHdf5(const InputFile& file);

}
