// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/signature.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fovea::io {

namespace {

constexpr std::size_t lookedAt = 512;
const std::string asInput = ": fovea run W.h5 takes it as the input";

struct Signature {
    std::string_view start;
    std::size_t at;
    std::string_view name;
    bool isInput;
};

constexpr std::array<Signature, 11> signatures{{
    {"\x89PNG", 0, "a PNG picture", true},
    {"\xff\xd8\xff", 0, "a JPEG picture", true},
    {"WEBP", 8, "a WebP picture", true},
    {std::string_view("II*\0", 4), 0, "a TIFF picture", true},
    {std::string_view("MM\0*", 4), 0, "a TIFF picture", true},
    {"\x93NUMPY", 0, "a .npy tensor", true},
    {"%PDF-", 0, "a PDF: fovea figure makes one of Fovea's again", false},
    {"<svg", 0, "an SVG: fovea figure makes one of Fovea's again", false},
    {"<?xml", 0, "XML: fovea figure makes a figure of Fovea's again", false},
    {"PK\x03\x04", 0, "a zip archive", false},
    {"\x1f\x8b", 0, "a gzip archive", false},
}};

bool isText(std::string_view start)
{
    return std::ranges::all_of(start, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 || std::isspace(byte);
    });
}

}

std::string namedByContent(const InputFile& file)
{
    std::string start(std::min<std::uint64_t>(file.size(), lookedAt), '\0');
    file.read(0, start.data(), start.size());
    if (start.empty())
        return "an empty file";
    for (const Signature& known : signatures)
        if (start.substr(std::min(known.at, start.size())).starts_with(known.start))
            return std::string(known.name) + (known.isInput ? asInput : "");
    if (!isText(start))
        return "something else";
    const std::size_t first = start.find_first_not_of(" \t\r\n");
    return first != std::string::npos && start[first] == '{'
        ? "JSON: fovea figure takes a recipe, and fovea opens a session (.fovea)"
        : "text: fovea train takes it as --data";
}

std::string namedByFormat(const std::string& format)
{
    return format == "trace"
        ? "a trace: fovea opens it, fovea info lists it, fovea figure takes it as --model"
        : "a " + format;
}

}
