// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data_hash.h"

#include "core/io/sha256.h"

#include <algorithm>

namespace fovea::train {

namespace {

constexpr Index mostSamples = 256, mostLabels = 65536;

void add(io::Sha256& hash, Index number) { hash.update(std::as_bytes(std::span(&number, 1))); }

void add(io::Sha256& hash, const std::string& text)
{
    add(hash, static_cast<Index>(text.size())); // or "a", "bc" would be "ab", "c"
    hash.update(std::as_bytes(std::span(text)));
}

void add(io::Sha256& hash, const Tensor& tensor)
{
    if (tensor.defined())
        hash.update({static_cast<const std::byte*>(tensor.bytes()), tensor.byteSize()});
}

/// fn(index) for at most `most` of `count`.
template <class Fn>
void spread(Index count, Index most, Fn fn)
{
    const Index looked = std::min(count, most);
    for (Index i = 0; i < looked; ++i)
        fn(looked == 1 ? 0 : i * (count - 1) / (looked - 1));
}

}

std::string sha256(const DataSet& data)
{
    io::Sha256 hash;
    add(hash, data.info().shape.text());
    for (const std::string& label : data.info().labels)
        add(hash, label);
    for (const Split split : {Split::Train, Split::Test}) {
        const Index count = data.count(split);
        add(hash, count);
        spread(count, mostSamples, [&](Index i) {
            const Sample sample = data.sample(split, i);
            add(hash, sample.value);
            add(hash, sample.label);
            add(hash, sample.target);
        });
        if (data.classes() > 0)
            spread(count, mostLabels, [&](Index i) { add(hash, data.label(split, i)); });
    }
    return hash.finish();
}

}
