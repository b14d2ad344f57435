// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/hdf5_maker.h"

#include "core/io/hdf5_handle.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace fovea::fuzz {

namespace {

using io::Hdf5Handle;

/// Numbers out of bytes, zeros when they are used up.
class Choices {
public:
    explicit Choices(const std::string& bytes)
        : rest_(bytes)
    {
    }
    bool empty() const { return rest_.empty(); }
    unsigned char byte()
    {
        if (rest_.empty())
            return 0;
        const auto value = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::size_t below(std::size_t count) { return byte() % count; }
    bool flag() { return (byte() & 1) != 0; }

private:
    std::string_view rest_;
};

class Maker {
public:
    Maker(const std::string& path, const std::string& choices)
        : choices_(choices)
    {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
        if (choices_.flag())
            H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
        file_ = {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose};
    }

    void make()
    {
        for (int i = 0; i < 16 && !choices_.empty(); ++i)
            addObject();
    }

private:
    void addObject()
    {
        const std::string from = place(), to = place() + std::to_string(count_++);
        switch (choices_.below(8)) {
        case 0:
            Hdf5Handle(H5Gcreate2(file_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
            places_.push_back(to + "/");
            break;
        case 1:
            H5Lcreate_hard(file_, from.c_str(), file_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 2:
            H5Lcreate_soft(from.c_str(), file_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 3:
            H5Lcreate_external("/etc/hostname", from.c_str(), file_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 4:
            H5Tcommit2(file_, to.c_str(), type(0), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 5:
            addAttribute(from, "a" + to.substr(to.rfind('/') + 1));
            break;
        default:
            addDataset(to);
        }
    }

    /// A group that is there, "/" at its end.
    std::string place() { return places_[choices_.below(places_.size())]; }

    void addAttribute(const std::string& owner, const std::string& name)
    {
        const Hdf5Handle elements = type(0), extents = space();
        const Hdf5Handle attribute(H5Acreate_by_name(file_, owner.c_str(), name.c_str(), elements, extents,
                                       H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
            H5Aclose);
        withValues(elements, extents, [&](const void* values) { H5Awrite(attribute, elements, values); });
    }

    void addDataset(const std::string& path)
    {
        const Hdf5Handle elements = type(0), extents = space(), creation = layout(extents);
        const Hdf5Handle dataset(
            H5Dcreate2(file_, path.c_str(), elements, extents, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose);
        if (choices_.below(4) != 0)
            withValues(elements, extents, [&](const void* values) {
                H5Dwrite(dataset, elements, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
            });
        if (choices_.below(4) == 1)
            H5Acreate_by_name(file_, path.c_str(), "dtype", Hdf5Handle(H5Tcopy(H5T_C_S1), H5Tclose),
                Hdf5Handle(H5Screate(H5S_SCALAR), H5Sclose), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    }

    /// Numbers as the choices say; of texts of variable length, short ones. Other types stay unwritten.
    template <class Write>
    void withValues(hid_t elements, hid_t extents, Write write)
    {
        constexpr hssize_t most = 4096;
        const hssize_t count = H5Sget_simple_extent_npoints(extents);
        const std::size_t size = H5Tget_size(elements);
        if (count <= 0 || count > most || size == 0 || size > 64)
            return;
        if (H5Tis_variable_str(elements) > 0) {
            std::array<const char*, 3> words{"", "a", "word"};
            std::vector<const char*> texts(static_cast<std::size_t>(count));
            std::ranges::generate(texts, [&] { return words[choices_.below(words.size())]; });
            write(texts.data());
        } else if (H5Tdetect_class(elements, H5T_VLEN) <= 0 && H5Tdetect_class(elements, H5T_REFERENCE) <= 0
            && H5Tdetect_class(elements, H5T_STRING) <= (H5Tget_class(elements) == H5T_STRING)) {
            std::vector<unsigned char> bytes(static_cast<std::size_t>(count) * size);
            std::ranges::generate(bytes, [&] { return choices_.byte(); });
            write(bytes.data());
        }
    }

    Hdf5Handle space()
    {
        const std::size_t kind = choices_.below(8);
        if (kind < 2)
            return {H5Screate(kind == 0 ? H5S_SCALAR : H5S_NULL), H5Sclose};
        std::vector<hsize_t> extents(choices_.below(9));
        std::ranges::generate(extents, [&] { return choices_.below(6); });
        return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose};
    }

    Hdf5Handle layout(hid_t extents)
    {
        Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
        const int rank = H5Sget_simple_extent_ndims(extents);
        switch (choices_.below(6)) {
        case 0:
            H5Pset_layout(creation, H5D_COMPACT);
            break;
        case 1: {
            std::vector<hsize_t> chunk(static_cast<std::size_t>(std::max(rank, 1)));
            std::ranges::generate(chunk, [&] { return 1 + choices_.below(4); });
            H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
            if (choices_.flag())
                H5Pset_shuffle(creation);
            if (choices_.flag())
                H5Pset_deflate(creation, 1);
            if (choices_.flag())
                H5Pset_fletcher32(creation);
            break;
        }
        case 2:
            H5Pset_external(creation, "/etc/hostname", 0, H5F_UNLIMITED);
            break;
        case 3:
            H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
            break;
        default:
            break;
        }
        return creation;
    }

    Hdf5Handle type(int depth)
    {
        constexpr std::array inner{&Maker::compound, &Maker::enumeration, &Maker::array, &Maker::sequence};
        const std::size_t kind = choices_.below(depth < 3 ? 11 : 7);
        switch (kind) {
        case 0:
        case 1:
            return integer();
        case 2:
        case 3:
            return real();
        case 4:
            return text();
        case 5:
            return {H5Tcreate(H5T_OPAQUE, 1 + choices_.below(9)), H5Tclose};
        case 6:
            return {H5Tcopy(choices_.flag() ? H5T_STD_B16LE : H5T_STD_REF_OBJ), H5Tclose};
        default:
            return (this->*inner[kind - 7])(depth + 1);
        }
    }

    Hdf5Handle integer()
    {
        Hdf5Handle type(H5Tcopy(H5T_STD_I8LE), H5Tclose);
        H5Tset_size(type, std::array{1U, 2U, 4U, 8U, 3U, 16U}[choices_.below(6)]);
        H5Tset_precision(type, H5Tget_size(type) * 8);
        H5Tset_sign(type, choices_.flag() ? H5T_SGN_NONE : H5T_SGN_2);
        H5Tset_order(type, choices_.below(4) == 1 ? H5T_ORDER_BE : H5T_ORDER_LE);
        if (choices_.below(4) == 1)
            H5Tset_precision(type, 1 + choices_.below(8 * H5Tget_size(type)));
        if (choices_.below(4) == 1)
            H5Tset_offset(type, choices_.below(1 + 8 * H5Tget_size(type) - H5Tget_precision(type)));
        return type;
    }

    Hdf5Handle real()
    {
        const std::array standard{H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, H5T_IEEE_F64BE};
        Hdf5Handle type(H5Tcopy(standard[choices_.below(standard.size())]), H5Tclose);
        const std::size_t kind = choices_.below(4);
        if (kind == 1 || kind == 2) { // of 16 bits, IEEE's or bfloat16
            const std::size_t exponent = kind == 1 ? 5 : 8, mantissa = 15 - exponent;
            H5Tset_fields(type, 15, mantissa, exponent, 0, mantissa);
            H5Tset_size(type, 2);
            H5Tset_ebias(type, (std::size_t{1} << (exponent - 1)) - 1);
        } else if (kind == 3) {
            const std::size_t exponent = 1 + choices_.below(12), mantissa = 1 + choices_.below(18);
            H5Tset_fields(type, exponent + mantissa, mantissa, exponent, 0, mantissa);
            H5Tset_ebias(type, choices_.byte());
        }
        return type;
    }

    Hdf5Handle text()
    {
        Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
        const std::size_t size = choices_.below(12);
        H5Tset_size(type, size == 0 ? H5T_VARIABLE : size);
        H5Tset_cset(type, choices_.flag() ? H5T_CSET_UTF8 : H5T_CSET_ASCII);
        H5Tset_strpad(
            type, std::array{H5T_STR_NULLTERM, H5T_STR_NULLPAD, H5T_STR_SPACEPAD}[choices_.below(3)]);
        return type;
    }

    Hdf5Handle compound(int depth)
    {
        std::vector<Hdf5Handle> members(1 + choices_.below(3));
        std::vector<std::size_t> offsets;
        const bool isComplex = choices_.flag();
        std::size_t size = 0;
        for (Hdf5Handle& member : members) {
            member = isComplex ? Hdf5Handle(H5Tcopy(H5T_IEEE_F32LE), H5Tclose) : type(depth);
            offsets.push_back(size + choices_.below(2));
            size = offsets.back() + H5Tget_size(member);
        }
        Hdf5Handle whole(H5Tcreate(H5T_COMPOUND, size + choices_.below(2)), H5Tclose);
        for (std::size_t i = 0; i < members.size(); ++i)
            H5Tinsert(whole, std::string(1 + i, 'r').c_str(), offsets[i], members[i]);
        return whole;
    }

    Hdf5Handle enumeration(int)
    {
        const Hdf5Handle base = integer();
        Hdf5Handle type(H5Tenum_create(base), H5Tclose);
        const std::size_t count = 1 + choices_.below(3); // an enumeration of nothing kills libhdf5
        for (std::size_t i = 0; i < count; ++i) {
            const std::array<std::size_t, 2> value{i, 0};
            H5Tenum_insert(type, std::string(1 + i, 'e').c_str(), value.data());
        }
        return type;
    }

    Hdf5Handle array(int depth)
    {
        const std::array<hsize_t, 2> extents{1 + choices_.below(3), 1 + choices_.below(3)};
        return {H5Tarray_create2(type(depth), 1 + choices_.flag(), extents.data()), H5Tclose};
    }

    Hdf5Handle sequence(int depth) { return {H5Tvlen_create(type(depth)), H5Tclose}; }

    Choices choices_;
    Hdf5Handle file_;
    std::vector<std::string> places_{"/"};
    int count_ = 0;
};

}

void makeHdf5(const std::string& path, const std::string& choices) { Maker(path, choices).make(); }

}
