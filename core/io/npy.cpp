// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/npy.h"

#include "core/io/atomic_file.h"
#include "core/io/input_file.h"
#include "core/io/naming.h"

#include <array>
#include <charconv>
#include <cstring>

namespace fovea::io {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct TypeCode {
    std::string_view code;
    StoredType type;
};

constexpr std::array<TypeCode, 13> typeCodes{{
    {"f2", StoredType::F16},
    {"f4", StoredType::F32},
    {"f8", StoredType::F64},
    {"c8", StoredType::C64},
    {"i1", StoredType::I8},
    {"i2", StoredType::I16},
    {"i4", StoredType::I32},
    {"i8", StoredType::I64},
    {"u1", StoredType::U8},
    {"u2", StoredType::U16},
    {"u4", StoredType::U32},
    {"u8", StoredType::U64},
    {"b1", StoredType::Bool},
}};

StoredType typeOf(std::string_view descr)
{
    const bool isOneByte = descr.size() == 3 && descr[2] == '1';
    if (descr.size() == 3 && (descr[0] == '<' || (isOneByte && (descr[0] == '|' || descr[0] == '='))))
        for (const TypeCode& row : typeCodes)
            if (row.code == descr.substr(1))
                return row.type;
    throw Error("header field 'descr': expected a little-endian number type such as '<f4', found '"
        + std::string(descr) + "'");
}

/// The header is a Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderText {
public:
    explicit HeaderText(std::string_view text)
        : rest_(text)
    {
    }

    bool take(std::string_view token)
    {
        const auto begin = rest_.find_first_not_of(" \n");
        if (begin == std::string_view::npos || !rest_.substr(begin).starts_with(token))
            return false;
        rest_.remove_prefix(begin + token.size());
        return true;
    }
    void expect(std::string_view token)
    {
        if (!take(token))
            throw Error("header: expected '" + std::string(token) + "', found '"
                + std::string(rest_.substr(0, 20)) + "'");
    }
    std::string_view quoted()
    {
        const char quote = take("'") ? '\'' : '"';
        if (quote == '"')
            expect("\"");
        const auto end = std::min(rest_.find(quote), rest_.size());
        const std::string_view inside = rest_.substr(0, end);
        rest_.remove_prefix(end);
        expect(std::string_view(&quote, 1));
        return inside;
    }
    std::uint64_t number()
    {
        take(""); // blanks
        std::uint64_t value = 0;
        const auto [end, failed] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (failed != std::errc())
            throw Error(
                "header field 'shape': expected an extent, found '" + std::string(rest_.substr(0, 20)) + "'");
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }
    std::vector<std::uint64_t> tuple()
    {
        std::vector<std::uint64_t> numbers;
        expect("(");
        while (!take(")")) {
            if (numbers.size() > Shape::maxRank)
                throw Error("header field 'shape': too many axes");
            numbers.push_back(number());
            if (take(")"))
                break;
            expect(",");
        }
        return numbers;
    }

private:
    std::string_view rest_;
};

StoredTensor parsed(std::string_view text)
{
    HeaderText header(text);
    std::optional<StoredType> type;
    std::optional<std::vector<std::uint64_t>> extents;
    bool saysOrder = false;
    header.expect("{");
    while (!header.take("}")) {
        const std::string_view field = header.quoted();
        header.expect(":");
        if (field == "descr")
            type = typeOf(header.quoted());
        else if (field == "shape")
            extents = header.tuple();
        else if (field == "fortran_order" && !header.take("True"))
            saysOrder = (header.expect("False"), true);
        else
            throw Error(field == "fortran_order"
                    ? "Fortran order is not supported; save with numpy.ascontiguousarray"
                    : "header: unknown field '" + std::string(field) + "'");
        header.take(",");
    }
    if (!type || !extents || !saysOrder)
        throw Error("header: expected the fields 'descr', 'fortran_order' and 'shape'");
    return {{}, *type, checkedShape(*extents, *type)};
}

NpyHeader headerOf(const InputFile& file)
{
    std::array<unsigned char, 12> start{};
    if (file.size() < 10)
        throw Error("too short for a .npy file");
    file.read(0, start.data(), std::min<std::size_t>(start.size(), file.size()));
    if (std::memcmp(start.data(), magic.data(), magic.size()) != 0)
        throw Error("not a .npy file");
    const bool isLong = start[6] > 1; // version 2 and 3: a header length of 4 bytes
    if (start[6] < 1 || start[6] > 3)
        throw Error("unknown .npy version " + std::to_string(start[6]));
    std::size_t length = start[8] + std::size_t{256} * start[9];
    if (isLong)
        length += (std::size_t{start[10]} << 16) + (std::size_t{start[11]} << 24);
    const std::uint64_t offset = (isLong ? 12U : 10U) + length;
    if (length > 65535 || offset > file.size())
        throw Error("the header claims " + std::to_string(length) + " bytes");
    std::string text(length, '\0');
    file.read(offset - length, text.data(), length);
    NpyHeader header{parsed(text), offset};
    if (byteCount(header.tensor) != file.size() - offset)
        throw Error("expected " + std::to_string(byteCount(header.tensor)) + " bytes of data for "
            + header.tensor.shape.text() + ", found " + std::to_string(file.size() - offset));
    return header;
}

}

NpyHeader readNpyHeader(const std::string& path)
{
    return naming(path, [&] { return headerOf(InputFile(path)); });
}

Tensor readNpy(const std::string& path)
{
    return naming(path, [&] {
        const InputFile file(path);
        const auto [tensor, offset] = headerOf(file);
        std::uint64_t at = offset;
        return decode(tensor.type, tensor.shape, [&](void* into, std::size_t bytes) {
            file.read(at, into, bytes);
            at += bytes;
        });
    });
}

void writeNpy(const std::string& path, const Tensor& tensor)
{
    const StoredType type = storedTypeOf(tensor.dtype());
    const auto code = std::ranges::find(typeCodes, type, &TypeCode::type)->code;
    std::string text = "{'descr': '" + std::string(code == "u1" ? "|" : "<") + std::string(code)
        + "', 'fortran_order': False, 'shape': (";
    for (const Index extent : tensor.shape().extents())
        text += std::to_string(extent) + ", ";
    text += "), }";
    text += std::string(63 - (10 + text.size()) % 64, ' ') + '\n';
    const char length[] = {static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
    AtomicFile file(path);
    file.write(std::string(magic) + std::string("\x01\0", 2) + std::string(length, 2) + text);
    file.write(encode(tensor, type));
    file.commit();
}

}
