// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/reader_process/outline.h"

#include "core/io/reader_process/element_type.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace fovea::io::reader {

using Json = nlohmann::json;

namespace {

constexpr std::size_t maxObjects = 100'000;
constexpr std::size_t maxDepth = 64;
constexpr hsize_t maxAttributeElements = 1 << 20;

/// One object of the file, in the order in which outline() lists them.
struct Found {
    std::string path;
    bool isDataset = false;
};

Hdf5Handle openFile(const std::string& path)
{
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0); // no filter plugins: nothing in a file is executed
    Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file.valid())
        throw std::runtime_error("not an HDF5 file, or a damaged one");
    return file;
}

std::vector<std::string> linkNames(hid_t group)
{
    std::vector<std::string> names;
    const auto collect = [](hid_t, const char* name, const H5L_info_t* info, void* to) -> herr_t {
        auto& all = *static_cast<std::vector<std::string>*>(to);
        if (info->type == H5L_TYPE_HARD) // other links lead to other files or around in circles
            all.emplace_back(name);
        return all.size() > maxObjects ? -1 : 0;
    };
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names) < 0)
        throw std::runtime_error("a group cannot be listed");
    return names;
}

/// Depth first. A group that was met before (a hard link back) is not entered again.
void collect(hid_t file, const std::string& path, std::set<haddr_t>& seen, std::vector<Found>& all)
{
    const Hdf5Handle object(H5Oopen(file, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Oclose);
    H5O_info_t info{};
    if (!object.valid() || H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0)
        throw std::runtime_error("the object '" + path + "' cannot be opened");
    if (info.type == H5O_TYPE_DATASET)
        all.push_back(Found{path, true});
    if (info.type != H5O_TYPE_GROUP || !seen.insert(info.addr).second)
        return;
    all.push_back(Found{path, false});
    if (all.size() > maxObjects || static_cast<std::size_t>(std::ranges::count(path, '/')) > maxDepth)
        throw std::runtime_error("too many objects, or groups nested too deeply");
    for (const std::string& name : linkNames(object))
        collect(file, path.empty() ? name : path + "/" + name, seen, all);
}

std::vector<Found> objectsOf(hid_t file)
{
    std::vector<Found> all;
    std::set<haddr_t> seen;
    collect(file, {}, seen, all);
    return all;
}

std::vector<hsize_t> extentsOf(hid_t space)
{
    std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space))));
    H5Sget_simple_extent_dims(space, extents.data(), nullptr);
    return extents;
}

Json readAttribute(hid_t attribute)
{
    const Hdf5Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    if (!type.valid() || count < 0 || static_cast<hsize_t>(count) > maxAttributeElements)
        return nullptr;
    const Json values = attributeValues(attribute, type, static_cast<std::size_t>(count));
    const bool isScalar = H5Sget_simple_extent_type(space) == H5S_SCALAR;
    return isScalar && !values.empty() ? values[0] : values;
}

/// Attributes of kinds that nobody asks for are null.
Json attributesOf(hid_t object)
{
    Json all = Json::object();
    const auto add = [](hid_t owner, const char* name, const H5A_info_t*, void* to) -> herr_t {
        const Hdf5Handle attribute(H5Aopen(owner, name, H5P_DEFAULT), H5Aclose);
        (*static_cast<Json*>(to))[name] = attribute.valid() ? readAttribute(attribute) : Json();
        return 0;
    };
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &all);
    return all;
}

/// True when all of a dataset's values are in this file; virtual ones and external storage are refused.
bool liesInside(hid_t dataset)
{
    const Hdf5Handle creation(H5Dget_create_plist(dataset), H5Pclose);
    return H5Pget_layout(creation) != H5D_VIRTUAL && H5Pget_external_count(creation) == 0;
}

bool isContiguous(hid_t dataset)
{
    const Hdf5Handle creation(H5Dget_create_plist(dataset), H5Pclose);
    return H5Pget_layout(creation) == H5D_CONTIGUOUS;
}

/// The first filter of a dataset's chunks that this libhdf5 does not have; "" when it has them all.
std::string missingFilter(hid_t dataset)
{
    const Hdf5Handle creation(H5Dget_create_plist(dataset), H5Pclose);
    for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
        std::array<char, 64> name{};
        std::size_t options = 0;
        unsigned flags = 0;
        const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &options,
            nullptr, name.size() - 1, name.data(), nullptr);
        if (H5Zfilter_avail(filter) <= 0)
            return name[0] ? name.data() : std::to_string(filter);
    }
    return {};
}

Json datasetEntry(hid_t dataset)
{
    const Hdf5Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
    const ElementType element = elementTypeOf(type);
    const bool isReadable = liesInside(dataset) && H5Sget_simple_extent_type(space) != H5S_NULL;
    Json entry{{"type", isReadable ? element.name : "other"}, {"shape", extentsOf(space)}};
    const haddr_t offset = H5Dget_offset(dataset);
    if (isReadable && element.isPlain && isContiguous(dataset) && offset != HADDR_UNDEF)
        entry["offset"] = offset;
    if (const std::string filter = missingFilter(dataset); !filter.empty())
        entry["missing_filter"] = filter;
    return entry;
}

Hdf5Handle openObject(hid_t file, const Found& found)
{
    return {H5Oopen(file, found.path.empty() ? "/" : found.path.c_str(), H5P_DEFAULT), H5Oclose};
}

void dumpTexts(hid_t dataset, hid_t type, std::size_t count, const Sink& sink)
{
    forEachText(dataset, type, count, [&](std::string_view text) {
        const auto length = static_cast<std::uint32_t>(text.size());
        sink(&length, sizeof length);
        sink(text.data(), text.size());
    });
}

/// Reads as many rows of the leading axis at a time as fit in a piece.
void dumpNumbers(hid_t dataset, hid_t type, const Sink& sink)
{
    constexpr std::size_t pieceBytes = std::size_t{64} << 20;
    const Hdf5Handle memoryType = littleEndian(type), space(H5Dget_space(dataset), H5Sclose);
    std::vector<hsize_t> extents = extentsOf(space), start(extents.size(), 0);
    if (extents.empty()) {
        std::array<std::byte, 16> value{};
        if (H5Tget_size(memoryType) > value.size()
            || H5Dread(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, value.data()) < 0)
            throw std::runtime_error("a value cannot be read");
        return sink(value.data(), H5Tget_size(memoryType));
    }
    std::size_t rowBytes = H5Tget_size(memoryType);
    for (std::size_t i = 1; i < extents.size(); ++i)
        rowBytes *= extents[i];
    const hsize_t rows = extents[0],
                  step = rowBytes == 0 ? rows : std::max<hsize_t>(1, pieceBytes / rowBytes);
    for (hsize_t row = 0; row < rows && rowBytes > 0; row += step) {
        start[0] = row;
        extents[0] = std::min(step, rows - row);
        std::vector<std::byte> piece(extents[0] * rowBytes);
        const Hdf5Handle memory(
            H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose);
        if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, extents.data(), nullptr) < 0
            || H5Dread(dataset, memoryType, memory, space, H5P_DEFAULT, piece.data()) < 0)
            throw std::runtime_error("values cannot be read");
        sink(piece.data(), piece.size());
    }
}

}

Json outline(const std::string& path)
{
    const Hdf5Handle file = openFile(path);
    Json objects = Json::array();
    for (const Found& found : objectsOf(file)) {
        const Hdf5Handle object = openObject(file, found);
        Json entry = found.isDataset ? datasetEntry(object) : Json::object();
        entry["path"] = found.path;
        entry["attributes"] = attributesOf(object);
        objects.push_back(std::move(entry));
    }
    return {{"objects", std::move(objects)}};
}

void dump(const std::string& path, std::span<const std::size_t> positions, const Sink& sink)
{
    const Hdf5Handle file = openFile(path);
    const std::vector<Found> objects = objectsOf(file);
    for (const std::size_t position : positions) {
        const Hdf5Handle dataset = openObject(file, objects.at(position));
        const Hdf5Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
        const hssize_t count = H5Sget_simple_extent_npoints(space);
        if (!type.valid() || count < 0 || !liesInside(dataset))
            throw std::runtime_error("a dataset cannot be opened");
        if (elementTypeOf(type).name == std::string("text"))
            dumpTexts(dataset, type, static_cast<std::size_t>(count), sink);
        else
            dumpNumbers(dataset, type, sink);
    }
}

}
