// The one container of numbers: a cheap handle on a dense row-major array. It computes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"
#include "core/tensor/storage.h"

#include <algorithm>
#include <span>
#include <vector>

namespace fovea {

/// A value handle on a dense row-major array and its shape. Copies share the storage; whoever made a
/// tensor may write to it until it is handed on, after that nobody does.
class FOVEA_API Tensor {
public:
    /// No tensor at all: `defined()` is false.
    Tensor() = default;
    /// Uninitialised elements from the heap.
    explicit Tensor(const Shape& shape, DType type = DType::F32);
    Tensor(Storage storage, const Shape& shape, DType type)
        : storage_(std::move(storage))
        , shape_(shape)
        , type_(type)
    {
    }
    static Tensor zeros(const Shape& shape, DType type = DType::F32);
    static Tensor full(const Shape& shape, float value);
    template <class T>
    static Tensor of(const Shape& shape, std::span<const T> values)
    {
        Tensor t(shape, DTypeOf<T>::value);
        assert(static_cast<Index>(values.size()) == t.count());
        std::copy(values.begin(), values.end(), t.writable<T>().begin());
        return t;
    }

    bool defined() const { return storage_.bytes() != nullptr; }
    const Shape& shape() const { return shape_; }
    int rank() const { return shape_.rank(); }
    Index dim(int axis) const { return shape_[axis]; }
    Index count() const { return shape_.count(); }
    DType dtype() const { return type_; }
    std::size_t byteSize() const { return static_cast<std::size_t>(count()) * sizeOf(type_); }

    /// The elements. The type must be the tensor's own.
    template <class T>
    std::span<const T> values() const
    {
        assert(type_ == DTypeOf<T>::value);
        return {static_cast<const T*>(address()), static_cast<std::size_t>(count())};
    }
    /// The elements, to be filled by the maker: no other handle may exist yet.
    template <class T = float>
    std::span<T> writable()
    {
        assert(type_ == DTypeOf<T>::value && (storage_.unique() || count() == 0));
        return {static_cast<T*>(address()), static_cast<std::size_t>(count())};
    }
    const float* data() const { return values<float>().data(); }
    const void* bytes() const { return address(); }

    /// The same elements under another shape of equal count.
    Tensor reshaped(const Shape& shape) const;
    /// Rows [begin, end) of the leading axis; shares the storage.
    Tensor rows(Index begin, Index end) const;
    /// Element i of the leading axis, which disappears; shares the storage.
    Tensor at(Index i) const { return rows(i, i + 1).reshaped(shape_.tail()); }
    /// Other elements of the same storage, `bytes` behind this tensor's first one.
    Tensor window(std::size_t bytes, const Shape& shape, DType type) const;
    /// A copy with storage of its own.
    Tensor clone() const;
    /// Every element as f64, whatever the type (the real part of C64).
    std::vector<double> toDoubles() const;

    /// True when no other handle shares the storage.
    bool isUnique() const { return storage_.unique(); }
    /// True when both handles show the same elements in memory (not merely equal ones).
    bool same(const Tensor& other) const
    {
        return storage_ == other.storage_ && offset_ == other.offset_ && shape_ == other.shape_;
    }
    /// Equal type, shape and bytes.
    bool identical(const Tensor& other) const;

private:
    void* address() const { return static_cast<std::byte*>(storage_.bytes()) + offset_; }

    Storage storage_;
    Shape shape_;
    std::size_t offset_ = 0; // bytes
    DType type_ = DType::F32;
};

/// True when no element is NaN or infinite (integers always are finite).
FOVEA_API bool allFinite(const Tensor& t);

}
