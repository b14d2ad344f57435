// What the reader process says of a file, held against what libhdf5 gives for it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_handle.h"
#include "core/io/hdf5_outline.h"
#include "core/io/input_file.h"
#include "core/io/reader_process/outline.h"
#include "core/tensor/error.h"

#include "tests/fuzz/hdf5_maker.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/temporary_file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>

namespace fovea::fuzz {

namespace {

using io::Hdf5Handle;
using io::Hdf5Object;
using io::StoredType;

void require(bool holds, const Hdf5Object& object, const char* what)
{
    if (!holds)
        throw std::logic_error(object.path + " (" + std::string(io::nameOf(object.type)) + " "
            + object.shape.text() + "): " + what);
}

std::string dumped(const std::string& path, std::size_t position)
{
    std::string bytes;
    io::reader::dump(path, std::span(&position, 1),
        [&](const void* piece, std::size_t count) { bytes.append(static_cast<const char*>(piece), count); });
    return bytes;
}

/// Numbers as libhdf5 itself converts them.
std::vector<double> converted(hid_t file, const Hdf5Object& object)
{
    const Hdf5Handle dataset(H5Dopen2(file, object.path.c_str(), H5P_DEFAULT), H5Dclose);
    std::vector<double> values(static_cast<std::size_t>(object.shape.count()));
    require(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0, object,
        "libhdf5 cannot read it");
    return values;
}

bool isSame(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void checkNumbers(const std::string& path, hid_t file, const Hdf5Object& object)
{
    const std::string bytes = dumped(path, object.position);
    require(
        bytes.size() == io::byteCount({{}, object.type, object.shape}), object, "another number of bytes");
    if (object.offset && !bytes.empty()) {
        std::string lying(bytes.size(), '\0');
        io::InputFile(path).read(*object.offset, lying.data(), lying.size());
        require(lying == bytes, object, "other values lie in the file");
    }
    const bool hasNumbers = object.type != StoredType::Bool && object.type != StoredType::C64
        && object.type != StoredType::BF16 && object.type != StoredType::U64;
    if (!hasNumbers || bytes.empty())
        return;
    std::size_t at = 0;
    const Tensor tensor = io::decode(object.type, object.shape, [&](void* into, std::size_t count) {
        std::memcpy(into, bytes.data() + at, count);
        at += count;
    });
    const std::vector<double> found = tensor.toDoubles(), expected = converted(file, object);
    require(std::ranges::equal(found, expected, isSame), object, "other values");
}

}

void outline(const std::string& bytes)
{
    const TemporaryFile made("");
    const std::string& path = made.path();
    makeHdf5(path, bytes);
    std::vector<Hdf5Object> objects;
    try {
        objects = io::parseHdf5Outline(
            io::reader::outline(path).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            io::InputFile(path).size());
    } catch (const Error&) { // more than six axes
        return;
    }
    const Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    for (const Hdf5Object& object : objects)
        if (object.content == Hdf5Object::Content::Numbers)
            checkNumbers(path, file, object);
        else if (object.content == Hdf5Object::Content::Texts)
            dumped(path, object.position);
}

}
