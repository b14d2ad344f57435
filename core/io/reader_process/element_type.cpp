// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/reader_process/element_type.h"

#include <nlohmann/json.hpp>

#include <cstring>
#include <memory>
#include <stdexcept>

namespace fovea::io::reader {

namespace {

/// Integers that fill their bytes; any other layout is "other".
const char* integerName(hid_t type)
{
    if (H5Tget_precision(type) != 8 * H5Tget_size(type))
        return "other";
    constexpr const char* names[2][4] = {{"u8", "u16", "u32", "u64"}, {"i8", "i16", "i32", "i64"}};
    const bool isSigned = H5Tget_sign(type) == H5T_SGN_2;
    switch (H5Tget_size(type)) {
    case 1:
        return names[isSigned][0];
    case 2:
        return names[isSigned][1];
    case 4:
        return names[isSigned][2];
    case 8:
        return names[isSigned][3];
    default:
        return "other";
    }
}

/// IEEE's fields for 2, 4 and 8 bytes, and bfloat16's; any other layout is "other".
const char* floatName(hid_t type)
{
    std::size_t sign = 0, exponent = 0, exponentSize = 0, mantissa = 0, mantissaSize = 0;
    H5Tget_fields(type, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize);
    const std::size_t size = H5Tget_size(type), bias = H5Tget_ebias(type);
    const auto is = [&](std::size_t bytes, std::size_t e, std::size_t m) {
        return size == bytes && exponentSize == e && mantissaSize == m && mantissa == 0 && exponent == m
            && sign == 8 * bytes - 1 && bias == (std::size_t{1} << (e - 1)) - 1;
    };
    return is(4, 8, 23) ? "f32"
        : is(8, 11, 52) ? "f64"
        : is(2, 5, 10)  ? "f16"
        : is(2, 8, 7)   ? "bf16"
                        : "other";
}

/// A pair of f32: the real and the imaginary part.
bool isComplex(hid_t type)
{
    if (H5Tget_nmembers(type) != 2 || H5Tget_size(type) != 8)
        return false;
    for (unsigned i = 0; i < 2; ++i) {
        const Hdf5Handle member(H5Tget_member_type(type, i), H5Tclose);
        if (H5Tget_member_offset(type, i) != 4 * i || H5Tequal(member, H5T_IEEE_F32LE) <= 0)
            return false;
    }
    return true;
}

/// An enumeration over one byte with two members, as h5py stores booleans.
bool isBoolean(hid_t type) { return H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2; }

std::string_view withoutPadding(const char* text, std::size_t size) { return {text, ::strnlen(text, size)}; }

/// Texts of variable length belong to libhdf5 and go back to it.
void forEachVariable(char** texts, std::size_t count, const std::function<void(std::string_view)>& each)
{
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text = texts[i] ? texts[i] : "";
        H5free_memory(texts[i]);
        each(text);
    }
}

void forEachFixed(
    const char* bytes, std::size_t size, std::size_t count, const std::function<void(std::string_view)>& each)
{
    for (std::size_t i = 0; i < count; ++i)
        each(withoutPadding(bytes + i * size, size));
}

template <class T>
nlohmann::json numbersAs(hid_t attribute, hid_t memoryType, std::size_t count)
{
    std::vector<T> values(count);
    if (H5Aread(attribute, memoryType, values.data()) < 0)
        return nullptr;
    return values;
}

nlohmann::json textsOf(hid_t attribute, hid_t type, std::size_t count)
{
    nlohmann::json all = nlohmann::json::array();
    const auto add = [&](std::string_view text) { all.push_back(text); };
    if (H5Tis_variable_str(type) > 0) {
        std::vector<char*> texts(count, nullptr);
        if (H5Aread(attribute, type, texts.data()) < 0)
            return nullptr;
        forEachVariable(texts.data(), count, add);
    } else {
        const std::size_t size = H5Tget_size(type);
        std::vector<char> bytes(count * size);
        if (H5Aread(attribute, type, bytes.data()) < 0)
            return nullptr;
        forEachFixed(bytes.data(), size, count, add);
    }
    return all;
}

}

ElementType elementTypeOf(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        return {integerName(type), H5Tget_size(type) == 1 || H5Tget_order(type) == H5T_ORDER_LE};
    case H5T_FLOAT:
        return {floatName(type), H5Tget_order(type) == H5T_ORDER_LE};
    case H5T_COMPOUND:
        return isComplex(type) ? ElementType{"c64", true} : ElementType{};
    case H5T_ENUM:
        return isBoolean(type) ? ElementType{"bool", true} : ElementType{};
    case H5T_STRING:
        return {"text", false};
    default:
        return {};
    }
}

Hdf5Handle littleEndian(hid_t type)
{
    Hdf5Handle copy(H5Tcopy(type), H5Tclose);
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_INTEGER || kind == H5T_FLOAT)
        H5Tset_order(copy, H5T_ORDER_LE);
    return copy;
}

void forEachText(
    hid_t dataset, hid_t type, std::size_t count, const std::function<void(std::string_view)>& each)
{
    const bool isVariable = H5Tis_variable_str(type) > 0;
    const std::size_t size = isVariable ? sizeof(char*) : H5Tget_size(type);
    if (count > 0 && size > (std::size_t{1} << 30) / count)
        throw std::runtime_error("more text than can be read at once");
    std::vector<std::byte> values(count * size);
    if (count > 0 && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
        throw std::runtime_error("texts cannot be read");
    if (isVariable)
        forEachVariable(reinterpret_cast<char**>(values.data()), count, each);
    else
        forEachFixed(reinterpret_cast<const char*>(values.data()), size, count, each);
}

nlohmann::json attributeValues(hid_t attribute, hid_t type, std::size_t count)
{
    if (count == 0)
        return nlohmann::json::array();
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        return numbersAs<std::int64_t>(attribute, H5T_NATIVE_INT64, count);
    case H5T_FLOAT:
        return numbersAs<double>(attribute, H5T_NATIVE_DOUBLE, count);
    case H5T_STRING:
        return textsOf(attribute, type, count);
    default:
        return nullptr;
    }
}

}
