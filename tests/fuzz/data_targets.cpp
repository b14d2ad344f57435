// The readers of data sets that are no HDF5.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/train/data/cifar.h"
#include "core/train/data/csv_series.h"
#include "core/train/data/idx.h"
#include "core/train/data/text_tokens.h"

#include "tests/fuzz/targets.h"
#include "tests/fuzz/temporary_file.h"

namespace fovea::fuzz {

namespace {

template <class Read>
void reading(const std::string& bytes, Read read)
{
    const TemporaryFile file(bytes);
    try {
        read(file.path());
    } catch (const Error&) {
    }
}

}

void idx(const std::string& bytes)
{
    for (const int rank : {1, 3})
        reading(bytes, [rank](const std::string& path) { train::data::readIdx(path, rank, {}); });
}

void cifar(const std::string& bytes)
{
    reading(bytes, [](const std::string& path) {
        const train::data::LabelledPictures batch = train::data::readCifarBatch(path, {});
        if (batch.pictures.dim(0) != static_cast<Index>(batch.labels.size()))
            throw std::logic_error("pictures and labels differ in number");
    });
}

void csv(const std::string& bytes)
{
    reading(bytes, [](const std::string& path) {
        const train::data::Table table = train::data::readCsv(path, {});
        if (!allFinite(table.values) || table.values.dim(1) != static_cast<Index>(table.columns.size()))
            throw std::logic_error("a table that is none");
    });
}

void vocabulary(const std::string& bytes)
{
    reading(bytes, [&](const std::string& path) {
        const train::data::WordPieces pieces(path);
        for (const std::int32_t id : pieces.idsOf(bytes))
            if (id < 0 || id >= static_cast<std::int32_t>(pieces.tokens().size()))
                throw std::logic_error("a token that is none");
    });
}

}
