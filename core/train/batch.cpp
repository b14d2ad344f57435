// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/batch.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numeric>

namespace fovea::train {

namespace {

Shape stacked(Index count, const Shape& shape)
{
    std::vector<Index> extents{count};
    extents.insert(extents.end(), shape.extents().begin(), shape.extents().end());
    return Shape(extents);
}

/// u8 [channels, ...] to f32, (v / 255 - mean) / std, through a table of the 256 values of each channel.
void normalise(const Tensor& picture, const Preprocess& how, float* out)
{
    const auto in = picture.values<std::uint8_t>();
    const std::size_t plane = in.size() / static_cast<std::size_t>(picture.dim(0));
    for (std::size_t c = 0; c * plane < in.size(); ++c) {
        std::array<float, 256> table{};
        for (std::size_t v = 0; v < table.size(); ++v)
            table[v] = (static_cast<float>(v) / 255.0F - how.mean[c]) / how.std[c];
        for (std::size_t i = c * plane; i < (c + 1) * plane; ++i)
            out[i] = table[in[i]];
    }
}

/// Runs fn(i) for each i < count in parallel; the exception of the lowest i that threw one comes out.
template <class Fn>
void eachSample(Pool& pool, std::size_t count, Fn fn)
{
    std::vector<std::exception_ptr> failures(count);
    pool.each(static_cast<Index>(count), [&](Index task) {
        const auto i = static_cast<std::size_t>(task);
        try {
            fn(i);
        } catch (...) {
            failures[i] = std::current_exception();
        }
    });
    for (const std::exception_ptr& failure : failures)
        if (failure)
            std::rethrow_exception(failure);
}

}

Batch makeBatch(
    Pool& pool, const DataSet& data, Split split, std::span<const Index> indices, const BatchOptions& options)
{
    const DataInfo& info = data.info();
    const auto count = static_cast<Index>(indices.size());
    const bool isTokens = info.content == Content::Tokens, isPicture = info.content == Content::Picture;
    Batch batch{Tensor(stacked(count, info.shape), isTokens ? DType::I32 : DType::F32), {}, {}};
    if (isPicture)
        batch.labels = Tensor({count}, DType::I32);
    else if (isTokens)
        batch.target = Tensor(stacked(count, info.shape), DType::I32);
    else
        batch.target = Tensor({count, info.horizon, info.shape[1]});
    const auto bytesOf = [](Tensor& t) {
        return t.dtype() == DType::I32 ? reinterpret_cast<std::byte*>(t.writable<std::int32_t>().data())
                                       : reinterpret_cast<std::byte*>(t.writable<float>().data());
    };
    std::byte* const inputs = bytesOf(batch.input);
    std::byte* const targets = isPicture ? nullptr : bytesOf(batch.target);
    std::int32_t* const labels = isPicture ? batch.labels.writable<std::int32_t>().data() : nullptr;

    eachSample(pool, indices.size(), [&](std::size_t i) {
        const Sample sample = data.sample(split, indices[i]);
        if (isPicture) {
            RandomPlace place = options.place;
            place.sample = static_cast<std::uint64_t>(indices[i]);
            const Tensor picture = augmented(sample.value, options.augment, place);
            normalise(picture, options.preprocess,
                reinterpret_cast<float*>(inputs) + i * static_cast<std::size_t>(picture.count()));
            labels[i] = static_cast<std::int32_t>(sample.label);
            return;
        }
        std::memcpy(inputs + i * sample.value.byteSize(), sample.value.bytes(), sample.value.byteSize());
        std::memcpy(targets + i * sample.target.byteSize(), sample.target.bytes(), sample.target.byteSize());
    });
    return batch;
}

std::vector<std::uint32_t> shuffledOrder(Index count, const RandomPlace& place)
{
    assert(count <= Index{1} << 32);
    std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t i = order.size(); i > 1; --i) {
        const std::uint64_t draw = std::uint64_t{place.word(2 * i)} << 32 | place.word(2 * i + 1);
        std::swap(order[i - 1], order[draw % i]); // the unevenness of 2^64 / i does not matter
    }
    return order;
}

Preprocess measurePreprocess(Pool& pool, const DataSet& data, const StopToken& stop)
{
    if (data.info().content != Content::Picture)
        return {};
    constexpr Index most = 4096;
    const Index count = data.count(Split::Train), looked = std::min(count, most);
    const auto channels = static_cast<std::size_t>(data.info().shape[0]);
    struct Sums {
        std::array<std::uint64_t, 3> values{}, squares{};
    };
    std::vector<Sums> sums(static_cast<std::size_t>(looked));
    eachSample(pool, sums.size(), [&](std::size_t i) {
        stop.check();
        const Sample sample = data.sample(Split::Train, static_cast<Index>(i) * count / looked);
        const auto in = sample.value.values<std::uint8_t>();
        for (std::size_t k = 0; k < in.size(); ++k) {
            const std::size_t c = k * channels / in.size();
            sums[i].values[c] += in[k];
            sums[i].squares[c] += std::uint64_t{in[k]} * in[k];
        }
    });
    const Index side = data.info().shape[1];
    Preprocess result{static_cast<int>(side), static_cast<int>(side), {}, {}, "bicubic"};
    const double pixels = static_cast<double>(looked * data.info().shape[1] * data.info().shape[2]);
    for (std::size_t c = 0; c < 3; ++c) {
        double sum = 0, squares = 0; // whole numbers below 2^53: exact
        for (const Sums& one : sums) {
            sum += static_cast<double>(one.values[std::min(c, channels - 1)]);
            squares += static_cast<double>(one.squares[std::min(c, channels - 1)]);
        }
        const double mean = sum / pixels, variance = squares / pixels - mean * mean;
        result.mean[c] = static_cast<float>(mean / 255);
        result.std[c] = static_cast<float>(std::sqrt(std::max(variance, 1.0)) / 255); // never 0
    }
    return result;
}

}
