// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/cifar.h"

#include "core/io/input_file.h"
#include "core/io/naming.h"

#include <algorithm>

namespace fovea::train::data {

namespace fs = std::filesystem;

namespace {

constexpr Index pictureBytes = Index{3} * 32 * 32, recordBytes = 1 + pictureBytes;
constexpr std::uint8_t classes = 10;

/// Several batches as one.
LabelledPictures joined(const std::vector<LabelledPictures>& batches)
{
    Index count = 0;
    for (const LabelledPictures& batch : batches)
        count += batch.pictures.dim(0);
    LabelledPictures all{
        Tensor({count, 3, 32, 32}, DType::U8), {}, batches.front().place, batches.front().place};
    auto out = all.pictures.writable<std::uint8_t>().begin();
    for (const LabelledPictures& batch : batches) {
        out = std::ranges::copy(batch.pictures.values<std::uint8_t>(), out).out;
        all.labels.insert(all.labels.end(), batch.labels.begin(), batch.labels.end());
    }
    return all;
}

}

LabelledPictures readCifarBatch(const std::string& path, const StopToken& stop)
{
    return io::naming(path, [&] {
        const io::InputFile file(path, stop);
        const auto count = static_cast<Index>(file.size()) / recordBytes;
        if (count == 0 || static_cast<Index>(file.size()) % recordBytes != 0)
            throw Error("expected records of 3073 bytes (a label, 3 x 32 x 32 values), found "
                + std::to_string(file.size()) + " bytes");
        LabelledPictures batch{Tensor({count, 3, 32, 32}, DType::U8), {}, path, path};
        const auto out = batch.pictures.writable<std::uint8_t>();
        std::vector<std::uint8_t> record(recordBytes);
        for (Index i = 0; i < count; ++i) {
            file.read(static_cast<std::uint64_t>(i * recordBytes), record.data(), record.size());
            if (record[0] >= classes)
                throw Error(
                    "label " + std::to_string(i) + ": expected 0 to 9, found " + std::to_string(record[0]));
            batch.labels.push_back(record[0]);
            std::copy(record.begin() + 1, record.end(), out.begin() + i * pictureBytes);
        }
        return batch;
    });
}

bool holdsCifar(const fs::path& folder) { return fs::exists(folder / "data_batch_1.bin"); }

DataSetPtr openCifar(const fs::path& folder, const Config& config, const OpenDataOptions& options)
{
    std::vector<LabelledPictures> batches;
    const auto nameOf = [&] { return "data_batch_" + std::to_string(batches.size() + 1) + ".bin"; };
    while (fs::exists(folder / nameOf()))
        batches.push_back(readCifarBatch((folder / nameOf()).string(), options.stop));
    const std::vector<std::string> labels{
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    const fs::path test = folder / "test_batch.bin";
    if (!fs::exists(test))
        return makePictureSet("cifar-10", labels, joined(batches), splitOf(config));
    return makePictureSet("cifar-10", labels, joined(batches), readCifarBatch(test.string(), options.stop));
}

}
