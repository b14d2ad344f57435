// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_writer.h"

#include "core/io/atomic_file.h"
#include "core/io/hdf5_handle.h"
#include "core/io/naming.h"
#include "core/tensor/error.h"

#include <algorithm>

namespace fovea::io {

namespace {

/// Values in the layout of a HDF5 type, as attributes and datasets take them.
struct Plain {
    Hdf5Handle type;
    Hdf5Handle space;
    std::vector<std::byte> bytes;
};

Hdf5Handle halfType()
{
    Hdf5Handle type(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
    return type;
}

Hdf5Handle complexType()
{
    Hdf5Handle type(H5Tcreate(H5T_COMPOUND, 8), H5Tclose);
    H5Tinsert(type, "r", 0, H5T_IEEE_F32LE);
    H5Tinsert(type, "i", 4, H5T_IEEE_F32LE);
    return type;
}

Hdf5Handle typeFor(StoredType type)
{
    const auto copy = [](hid_t id) { return Hdf5Handle(H5Tcopy(id), H5Tclose); };
    switch (type) {
    case StoredType::F16:
        return halfType();
    case StoredType::BF16:
        return copy(H5T_STD_U16LE);
    case StoredType::F64:
        return copy(H5T_IEEE_F64LE);
    case StoredType::C64:
        return complexType();
    case StoredType::I32:
        return copy(H5T_STD_I32LE);
    case StoredType::I64:
        return copy(H5T_STD_I64LE);
    case StoredType::U8:
        return copy(H5T_STD_U8LE);
    default:
        assert(type == StoredType::F32);
        return copy(H5T_IEEE_F32LE);
    }
}

/// A simple space; one without extents is a scalar.
Hdf5Handle spaceOf(const std::vector<hsize_t>& extents)
{
    if (extents.empty())
        return {H5Screate(H5S_SCALAR), H5Sclose};
    return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose};
}

/// UTF-8 of fixed length, padded with zeros.
Plain plainTexts(const std::vector<std::string>& texts, const std::vector<hsize_t>& extents)
{
    std::size_t length = 1;
    for (const std::string& text : texts)
        length = std::max(length, text.size());
    Plain plain{Hdf5Handle(H5Tcopy(H5T_C_S1), H5Tclose), spaceOf(extents),
        std::vector<std::byte>(texts.size() * length)};
    H5Tset_size(plain.type, length);
    H5Tset_cset(plain.type, H5T_CSET_UTF8);
    H5Tset_strpad(plain.type, H5T_STR_NULLPAD);
    for (std::size_t i = 0; i < texts.size(); ++i)
        std::ranges::copy(std::as_bytes(std::span(texts[i])),
            plain.bytes.begin() + static_cast<std::ptrdiff_t>(i * length));
    return plain;
}

template <class T>
Plain plainNumbers(std::span<const T> values, const std::vector<hsize_t>& extents)
{
    const auto bytes = std::as_bytes(values);
    return {typeFor(std::is_same_v<T, double> ? StoredType::F64 : StoredType::I64), spaceOf(extents),
        {bytes.begin(), bytes.end()}};
}

struct PlainOf {
    Plain operator()(std::monostate) const { return {}; }
    Plain operator()(const std::string& text) const { return plainTexts({text}, {}); }
    Plain operator()(const std::vector<std::string>& texts) const
    {
        return plainTexts(texts, {texts.size()});
    }
    template <class T>
    Plain operator()(const T& number) const
    {
        return plainNumbers(std::span(&number, 1), {});
    }
    template <class T>
    Plain operator()(const std::vector<T>& numbers) const
    {
        return plainNumbers(std::span<const T>(numbers), {numbers.size()});
    }
};

/// Creation properties of an object whose header keeps no times.
Hdf5Handle timeless(hid_t kind)
{
    Hdf5Handle creation(H5Pcreate(kind), H5Pclose);
    H5Pset_obj_track_times(creation, false);
    return creation;
}

/// A file in memory: libhdf5 does not survive a disk that is full when it closes a file. Its name must be one
/// that no file has, because libhdf5 would read that into memory first.
Hdf5Handle newFile(const std::string& path)
{
    constexpr std::size_t growth = std::size_t{1} << 20;
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18); // attributes beyond 64 kB
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_fapl_core(access, growth, false);
    const std::string name = path + "/in memory";
    return {H5Fcreate(name.c_str(), H5F_ACC_TRUNC, timeless(H5P_FILE_CREATE), access), H5Fclose};
}

}

struct Hdf5Writer::Content {
    AtomicFile target;
    Hdf5Handle file;
    Hdf5Handle links; ///< names are UTF-8

    explicit Content(const std::string& path, const StopToken& stop)
        : target(path, stop)
        , file(newFile(path))
        , links(H5Pcreate(H5P_LINK_CREATE), H5Pclose)
    {
        H5Pset_char_encoding(links, H5T_CSET_UTF8);
    }

    /// A step of libhdf5 fails when a name is taken or memory is short.
    void require(bool done, const std::string& what) const
    {
        if (!done)
            throw Error(target.path(), what + " cannot be written");
    }

    /// Every group that `path` passes through: libhdf5's own intermediate groups would keep times.
    void makeGroupsOf(const std::string& path) const
    {
        for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
            const std::string group = path.substr(0, end);
            if (group.empty() || H5Lexists(file, group.c_str(), H5P_DEFAULT) > 0)
                continue;
            const Hdf5Handle made(
                H5Gcreate2(file, group.c_str(), links, timeless(H5P_GROUP_CREATE), H5P_DEFAULT), H5Gclose);
            require(made.valid(), "group '" + group + "'");
        }
    }

    void writeDataset(
        const std::string& path, hid_t type, hid_t space, std::span<const std::byte> bytes) const
    {
        target.stop().check();
        makeGroupsOf(path);
        Hdf5Handle dataset(
            H5Dcreate2(file, path.c_str(), type, space, links, timeless(H5P_DATASET_CREATE), H5P_DEFAULT),
            H5Dclose);
        const bool isWritten = dataset.valid()
            && (bytes.empty() || H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) >= 0);
        require(dataset.close() && isWritten, "dataset '" + path + "'");
    }
};

Hdf5Writer::Hdf5Writer(const std::string& path, const StopToken& stop)
    : content_(std::make_unique<Content>(path, stop))
{
    content_->require(content_->file.valid(), "the file");
}

Hdf5Writer::~Hdf5Writer() = default;

void Hdf5Writer::group(const std::string& path) { content_->makeGroupsOf(path + '/'); }

void Hdf5Writer::write(const std::string& path, const Tensor& tensor, StoredType type)
{
    const auto extents = tensor.shape().extents();
    const Hdf5Handle space = spaceOf({extents.begin(), extents.end()});
    if (type == storedTypeOf(tensor.dtype()))
        content_->writeDataset(
            path, typeFor(type), space, {static_cast<const std::byte*>(tensor.bytes()), tensor.byteSize()});
    else
        content_->writeDataset(path, typeFor(type), space,
            naming(content_->target.path(), "dataset '" + path + "'", [&] { return encode(tensor, type); }));
    if (type == StoredType::BF16)
        attribute(path, "dtype", "bf16");
}

void Hdf5Writer::write(const std::string& path, const std::vector<std::string>& texts)
{
    const Plain plain = plainTexts(texts, {texts.size()});
    content_->writeDataset(path, plain.type, plain.space, plain.bytes);
}

void Hdf5Writer::attribute(const std::string& object, const std::string& name, const Hdf5Value& value)
{
    const Plain plain = std::visit(PlainOf{}, value);
    const Hdf5Handle owner(
        H5Oopen(content_->file, object.empty() ? "/" : object.c_str(), H5P_DEFAULT), H5Oclose);
    const Hdf5Handle attribute(
        H5Acreate2(owner, name.c_str(), plain.type, plain.space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const bool isWritten = attribute.valid()
        && (plain.bytes.empty() || H5Awrite(attribute, plain.type, plain.bytes.data()) >= 0);
    content_->require(isWritten, "attribute '" + name + "' of '" + object + "'");
}

void Hdf5Writer::commit()
{
    void* image = nullptr;
    const bool isFlushed = H5Fflush(content_->file, H5F_SCOPE_GLOBAL) >= 0
        && H5Fget_vfd_handle(content_->file, H5P_DEFAULT, &image) >= 0;
    const ssize_t bytes = H5Fget_file_image(content_->file, nullptr, 0);
    content_->require(isFlushed && bytes > 0, "the file");
    content_->target.write({*static_cast<std::byte**>(image), static_cast<std::size_t>(bytes)});
    content_->target.commit();
}

}
