// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/embedding.h"

#include "core/nn/product.h"

#include <algorithm>

namespace fovea::nn {

Tensor embedding(Run& run, const Tensor& ids, std::string_view name)
{
    const Tensor& table = run.weight(name, ".weight");
    const Index channels = table.dim(1);
    assert(ids.rank() == 2 && ids.dtype() == DType::I32);
    Tensor out = run.make({ids.dim(0), ids.dim(1), channels});
    float* next = out.writable().data();
    for (const std::int32_t id : ids.values<std::int32_t>())
        next = std::copy_n(table.data() + id * channels, channels, next);
    if (Tape* tape = run.tapeFor(table))
        tape->record(out, [table, ids, channels](Run& r, Tape& t, const Tensor& gradient) {
            const GradientSink sink = t.sink(r, table);
            if (!sink.adds)
                std::fill_n(sink.data, table.count(), 0.0F); // of the ids that are not there
            const float* from = gradient.data();
            for (const std::int32_t id : ids.values<std::int32_t>()) { // in order: an id may be there twice
                writeRow(from, channels, true, sink.data + id * channels);
                from += channels;
            }
        });
    return out;
}

}
