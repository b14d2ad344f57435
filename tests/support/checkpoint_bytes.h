// Makes the bytes of small files for tests, well-formed or hostile. Not a writer for the product.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace fovea::test {

template <class T>
std::string bytesOf(const T& value)
{
    std::string bytes(sizeof(T), '\0');
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
}

/// A .safetensors file: header length, header, data.
inline std::string safetensors(const std::string& header, const std::string& data)
{
    return bytesOf(std::uint64_t{header.size()}) + header + data;
}

/// A .npy file of version 1.0 with that header text.
inline std::string npy(const std::string& header, const std::string& data)
{
    return std::string("\x93NUMPY\x01\0", 8) + bytesOf(static_cast<std::uint16_t>(header.size())) + header
        + data;
}

}
