// Augmentations, order and batches: functions of a place and nothing else.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/error.h"
#include "core/train/batch.h"

#include "tests/support/test.h"

#include <numeric>

using namespace fovea;
using namespace fovea::train;

namespace {

RandomPlace placeOf(std::uint64_t sample) { return {5, 9, hashOf("augment"), sample}; }

/// u8 [2, height, width] whose every pixel has its own value.
Tensor numbered(Index height, Index width)
{
    Tensor t({2, height, width}, DType::U8);
    const auto out = t.writable<std::uint8_t>();
    std::iota(out.begin(), out.end(), std::uint8_t{0});
    return t;
}

/// A data set of sequences, made up.
class Sequences final : public DataSet {
public:
    explicit Sequences(Content content)
        : info_{"made up", content, content == Content::Tokens ? Shape{3} : Shape{3, 2}, {}, 1}
    {
    }
    const DataInfo& info() const override { return info_; }
    Index count(Split) const override { return 100; }
    Sample sample(Split, Index index) const override
    {
        const auto i = static_cast<std::int32_t>(index);
        if (info_.content == Content::Tokens)
            return {Tensor::of<std::int32_t>({3}, std::array{i, i + 1, i + 2}), -1,
                Tensor::of<std::int32_t>({3}, std::array{i + 1, i + 2, i + 3}), {}};
        return {Tensor::full({3, 2}, static_cast<float>(i)), -1, Tensor::full({1, 2}, static_cast<float>(-i)),
            {}};
    }

private:
    DataInfo info_;
};

/// All samples are one picture.
class Alike final : public DataSet {
public:
    const DataInfo& info() const override { return info_; }
    Index count(Split) const override { return 10; }
    Sample sample(Split, Index) const override { return {numbered(6, 6).rows(0, 1), 0, {}, {}}; }

private:
    DataInfo info_{"alike", Content::Picture, {1, 6, 6}, {"a"}, 0};
};

/// Every sample but number 3 is there.
class Faulty final : public DataSet {
public:
    const DataInfo& info() const override { return info_; }
    Index count(Split) const override { return 10; }
    Sample sample(Split, Index index) const override
    {
        if (index == 3)
            throw Error("sample 3 is lost");
        return {Tensor::zeros({1, 2, 2}, DType::U8), 0, {}, {}};
    }

private:
    DataInfo info_{"faulty", Content::Picture, {1, 2, 2}, {"a"}, 0};
};

}

class TstTrainDataBatch : public QObject {
    Q_OBJECT

private slots:
    void noAugmentationChangesNothing()
    {
        const Tensor picture = numbered(5, 7);
        QVERIFY(augmented(picture, {}, placeOf(1)).same(picture));
    }

    void flippingHappensHalfOfTheTime()
    {
        const Tensor picture = numbered(2, 3);
        Tensor mirrored(picture.shape(), DType::U8);
        const auto out = mirrored.writable<std::uint8_t>();
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::uint8_t>(i - i % 3 + 2 - i % 3);
        int flipped = 0;
        for (std::uint64_t sample = 0; sample < 1000; ++sample) {
            const Tensor result = augmented(picture, {0, true, 0}, placeOf(sample));
            QVERIFY(result.identical(picture) || result.identical(mirrored));
            flipped += result.identical(mirrored);
        }
        QVERIFY2(flipped > 440 && flipped < 560, qPrintable(QString::number(flipped))); // 500 +- 16
    }

    // With pixels in the middle that no other has, each result tells its own shift; all 25 of pad 2 occur.
    void shiftsReachAllPlacesAndRepeatTheEdge()
    {
        const Tensor picture = numbered(7, 7);
        const auto in = picture.values<std::uint8_t>();
        std::array<int, 25> counts{};
        for (std::uint64_t sample = 0; sample < 2000; ++sample) {
            const Tensor result = augmented(picture, {2, false, 0}, placeOf(sample));
            const auto out = result.values<std::uint8_t>();
            const int middle = out[3 * 7 + 3], dy = middle / 7 - 3, dx = middle % 7 - 3;
            QVERIFY(std::abs(dx) <= 2 && std::abs(dy) <= 2);
            ++counts[static_cast<std::size_t>((dy + 2) * 5 + dx + 2)];
            for (int i = 0; i < 98; ++i) { // naive: clamp at the edges
                const int y = std::clamp(i % 49 / 7 + dy, 0, 6), x = std::clamp(i % 7 + dx, 0, 6);
                QCOMPARE(
                    out[static_cast<std::size_t>(i)], in[static_cast<std::size_t>(i / 49 * 49 + y * 7 + x)]);
            }
        }
        for (const int count : counts)
            QVERIFY2(count > 40 && count < 130, qPrintable(QString::number(count))); // 80 +- 9
    }

    void erasingLeavesOneRectangleOfNoise()
    {
        Tensor picture = Tensor::zeros({1, 40, 40}, DType::U8);
        for (std::uint64_t sample = 0; sample < 200; ++sample) {
            const Tensor result = augmented(picture, {0, false, 1}, placeOf(sample));
            const auto out = result.values<std::uint8_t>();
            Index left = 40, right = -1, top = 40, bottom = -1, changed = 0;
            for (Index i = 0; i < 1600; ++i)
                if (out[static_cast<std::size_t>(i)] != 0) {
                    left = std::min(left, i % 40), right = std::max(right, i % 40);
                    top = std::min(top, i / 40), bottom = std::max(bottom, i / 40);
                    ++changed;
                }
            const auto area = static_cast<double>((right - left + 1) * (bottom - top + 1));
            const double aspect
                = static_cast<double>(bottom - top + 1) / static_cast<double>(right - left + 1);
            QVERIFY2(area > 0.015 * 1600 && area < 0.36 * 1600, qPrintable(QString::number(area)));
            QVERIFY2(aspect > 0.22 && aspect < 4.5, qPrintable(QString::number(aspect)));
            QVERIFY(static_cast<double>(changed) > 0.9 * area); // one byte of 256 is 0 by chance
        }
        int erased = 0;
        for (std::uint64_t sample = 0; sample < 1000; ++sample)
            erased += !augmented(picture, {0, false, 0.25}, placeOf(sample)).same(picture);
        QVERIFY2(erased > 200 && erased < 300, qPrintable(QString::number(erased))); // 250 +- 14
    }

    void batchesAreNormalisedPictures()
    {
        const DataSetPtr data = openDataSet("shapes:size=16");
        Pool pool(2);
        Preprocess how;
        how.mean = {0.1F, 0.2F, 0.3F};
        how.std = {0.5F, 0.25F, 1.F};
        const std::vector<Index> indices{4, 0, 4, 77};
        const Batch batch = makeBatch(pool, *data, Split::Test, indices, {how, {}, {}});
        QCOMPARE(test::text(batch.input.shape()), "[4, 3, 16, 16]");
        QVERIFY(!batch.target.defined());
        for (std::size_t b = 0; b < indices.size(); ++b) {
            const Sample sample = data->sample(Split::Test, indices[b]);
            QCOMPARE(Index{batch.labels.values<std::int32_t>()[b]}, sample.label);
            const auto in = sample.value.values<std::uint8_t>();
            for (std::size_t i = 0; i < in.size(); ++i) {
                const double expected
                    = (in[i] / 255.0 - double{how.mean[i / 256]}) / double{how.std[i / 256]};
                QVERIFY(std::abs(batch.input.data()[b * in.size() + i] - expected) < 1e-6);
            }
        }
    }

    void threadsAndNeighboursDoNotMatter()
    {
        const DataSetPtr data = openDataSet("shapes:size=16");
        const BatchOptions options{{}, {2, true, 0.5}, placeOf(0)};
        std::vector<Index> indices(33);
        std::iota(indices.begin(), indices.end(), Index{100});
        Pool one(1), four(4);
        const Batch all = makeBatch(one, *data, Split::Train, indices, options);
        QVERIFY(makeBatch(four, *data, Split::Train, indices, options).input.identical(all.input));
        const std::vector<Index> alone{117};
        QVERIFY(makeBatch(one, *data, Split::Train, alone, options).input.identical(all.input.rows(17, 18)));
        BatchOptions later = options;
        later.place.step = 10;
        QVERIFY(!makeBatch(one, *data, Split::Train, indices, later).input.identical(all.input));
    }

    void eachSampleIsChangedInItsOwnWay()
    {
        Pool pool(1);
        const std::vector<Index> indices{0, 1, 2, 3, 2};
        const Batch batch = makeBatch(pool, Alike(), Split::Train, indices, {{}, {3, true, 0}, placeOf(0)});
        int different = 0;
        for (Index b = 1; b < 4; ++b)
            different += !batch.input.rows(b, b + 1).identical(batch.input.rows(0, 1));
        QVERIFY2(different >= 2, qPrintable(QString::number(different))); // one of 98 is alike by chance
        QVERIFY(batch.input.rows(4, 5).identical(batch.input.rows(2, 3)));
    }

    void sequencesComeWithTheirTargets()
    {
        Pool pool(2);
        const std::vector<Index> indices{7, 2};
        const Batch tokens = makeBatch(pool, Sequences(Content::Tokens), Split::Train, indices, {});
        QVERIFY(tokens.input.identical(Tensor::of<std::int32_t>({2, 3}, std::array{7, 8, 9, 2, 3, 4})));
        QVERIFY(tokens.target.identical(Tensor::of<std::int32_t>({2, 3}, std::array{8, 9, 10, 3, 4, 5})));
        QVERIFY(!tokens.labels.defined());
        const Batch series = makeBatch(pool, Sequences(Content::Series), Split::Train, indices, {});
        QCOMPARE(test::text(series.input.shape()), "[2, 3, 2]");
        QVERIFY(series.target.identical(Tensor::of<float>({2, 1, 2}, std::array{-7.F, -7.F, -2.F, -2.F})));
    }

    void whatASampleThrowsComesOut()
    {
        Pool pool(2);
        const std::vector<Index> indices{1, 2, 3, 4};
        FOVEA_THROWS(makeBatch(pool, Faulty(), Split::Train, indices, {}), Error, "sample 3 is lost");
    }

    void theOrderIsAPermutationOfItsPlace()
    {
        std::vector<std::uint32_t> order = shuffledOrder(1000, placeOf(0));
        QVERIFY(shuffledOrder(1000, placeOf(0)) == order);
        RandomPlace next = placeOf(0);
        ++next.step;
        QVERIFY(shuffledOrder(1000, next) != order);
        int kept = 0;
        for (std::size_t i = 0; i < order.size(); ++i)
            kept += order[i] == i;
        QVERIFY(kept < 8); // 1 is expected
        std::sort(order.begin(), order.end());
        for (std::size_t i = 0; i < order.size(); ++i)
            QCOMPARE(std::size_t{order[i]}, i);
        QVERIFY(shuffledOrder(0, placeOf(0)).empty());
    }

    void measuringStops()
    {
        const DataSetPtr data = openDataSet("shapes:size=16,train=50");
        Pool pool(2);
        const StopToken stopped;
        stopped.stop();
        QVERIFY_EXCEPTION_THROWN(measurePreprocess(pool, *data, stopped), Cancelled);
    }

    void meanAndDeviationAreThoseOfThePictures()
    {
        const DataSetPtr data = openDataSet("shapes:size=16,train=50");
        Pool pool(2);
        const Preprocess found = measurePreprocess(pool, *data);
        QCOMPARE(found.crop, 16);
        for (std::size_t c = 0; c < 3; ++c) {
            double sum = 0, squares = 0;
            for (Index i = 0; i < 50; ++i) {
                const Sample sample = data->sample(Split::Train, i);
                for (std::size_t k = 0; k < 256; ++k) {
                    const double v = sample.value.values<std::uint8_t>()[c * 256 + k] / 255.0;
                    sum += v / 12800;
                    squares += v * v / 12800;
                }
            }
            QVERIFY(std::abs(double{found.mean[c]} - sum) < 1e-6);
            QVERIFY(std::abs(double{found.std[c]} - std::sqrt(squares - sum * sum)) < 1e-6);
        }
    }
};

QTEST_APPLESS_MAIN(TstTrainDataBatch)
#include "tst_train_data_batch.moc"
