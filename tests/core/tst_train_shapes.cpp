// The data set `shapes`: what it promises to those who compare methods on it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sha256.h"
#include "core/run/pool.h"
#include "core/tensor/error.h"
#include "core/train/data_set.h"

#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::train;

namespace {

constexpr Index classes = 8;

std::span<const std::uint8_t> bytes(const Tensor& t) { return t.values<std::uint8_t>(); }

/// Covered pixels of a mask.
double areaOf(const Tensor& mask)
{
    double sum = 0;
    for (const std::uint8_t value : bytes(mask))
        sum += value;
    return sum / 255;
}

/// Mean colour where the mask is full, or where it is empty.
std::array<double, 3> meanColour(const Sample& sample, bool isInside)
{
    const auto mask = bytes(sample.objects[0].coverage), picture = bytes(sample.value);
    std::array<double, 3> sum{};
    double count = 0;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (mask[i] == (isInside ? 255 : 0)) {
            for (std::size_t c = 0; c < 3; ++c)
                sum[c] += picture[c * mask.size() + i];
            ++count;
        }
    for (double& channel : sum)
        channel /= count;
    return sum;
}

QString hashOfSamples(const std::string& name)
{
    const DataSetPtr data = openDataSet(name);
    io::Sha256 hash;
    for (Index i = 0; i < 16; ++i)
        for (const Split split : {Split::Train, Split::Test}) {
            const Sample sample = data->sample(split, i);
            hash.update(std::as_bytes(bytes(sample.value)));
            for (const ObjectMask& object : sample.objects) {
                const auto label = static_cast<std::uint8_t>(object.label);
                hash.update(std::as_bytes(std::span(&label, 1)));
                hash.update(std::as_bytes(bytes(object.coverage)));
            }
        }
    return QString::fromStdString(hash.finish());
}

}

class TstTrainShapes : public QObject {
    Q_OBJECT

private slots:
    void theInfoSaysWhatSamplesAre()
    {
        const DataSetPtr data = openDataSet("shapes:size=40,train=12,test=7");
        QCOMPARE(test::text(data->info().shape), "[3, 40, 40]");
        QCOMPARE(data->classes(), classes);
        QCOMPARE(data->count(Split::Train), Index{12});
        QCOMPARE(data->count(Split::Test), Index{7});
        const Sample sample = data->sample(Split::Test, 6);
        QVERIFY(sample.value.shape() == data->info().shape);
        QCOMPARE(test::text(sample.objects.at(0).coverage.shape()), "[40, 40]");
    }

    // Frozen: whatever changes these bytes makes every number measured on `shapes` void.
    void theBytesAreThoseOfTheFirstDay_data()
    {
        QTest::addColumn<QString>("hash");
        QTest::newRow("shapes") << "9741c9e3156c036151fe473fff0c4e3eb091b0d47ab372ab16ec7d0497cc69c6";
        QTest::newRow("shapes:size=224")
            << "21c274b7c6b509dda4ed51cf07b46aa92676f82fb5518fcde4cfe10d168d389f";
        QTest::newRow("shapes:mode=two")
            << "c71799ac8b61b794c9c710a2e21433768380ff4fdae9b037a84d998b85f19f68";
        QTest::newRow("shapes:mode=two,size=160,seed=7")
            << "0f32f2518d3826a5df3f08b404fbbf9d8f86bb6a0c5a362e8381c2821eabe0a3";
    }
    void theBytesAreThoseOfTheFirstDay()
    {
        QFETCH(QString, hash);
        QCOMPARE(hashOfSamples(QTest::currentDataTag()), hash);
    }

    void neitherThreadsNorOrderMatter()
    {
        const DataSetPtr data = openDataSet("shapes");
        std::vector<Tensor> together(64);
        Pool(4).each(64,
            [&](Index i) { together[static_cast<std::size_t>(i)] = data->sample(Split::Train, i).value; });
        for (Index i = 63; i >= 0; --i)
            QVERIFY(data->sample(Split::Train, i).value.identical(together[static_cast<std::size_t>(i)]));
    }

    void splitsAndSeedsAndModesDiffer()
    {
        const Tensor first = openDataSet("shapes")->sample(Split::Train, 0).value;
        QVERIFY(!openDataSet("shapes")->sample(Split::Test, 0).value.identical(first));
        QVERIFY(!openDataSet("shapes:seed=1")->sample(Split::Train, 0).value.identical(first));
        QVERIFY(!openDataSet("shapes:mode=two")->sample(Split::Train, 0).value.identical(first));
    }

    void labelsAreEvenAndAreTheFirstObjects()
    {
        const DataSetPtr data = openDataSet("shapes:size=16");
        std::array<int, classes> counts{};
        for (Index i = 0; i < 800; ++i) {
            const Sample sample = data->sample(Split::Train, i);
            QCOMPARE(sample.objects.size(), std::size_t{1});
            QCOMPARE(sample.objects[0].label, sample.label);
            QCOMPARE(data->label(Split::Train, i), sample.label);
            ++counts[static_cast<std::size_t>(sample.label)];
        }
        for (const int count : counts) // 100 expected, standard deviation 9.4
            QVERIFY2(count > 60 && count < 140, qPrintable(QString::number(count)));
    }

    // The area of an object is drawn without looking at its class, and so the mean areas agree.
    void allClassesHaveOneArea()
    {
        const DataSetPtr data = openDataSet("shapes");
        std::array<double, classes> area{}, count{};
        for (Index i = 0; i < 2400; ++i) {
            const Sample sample = data->sample(Split::Train, i);
            area[static_cast<std::size_t>(sample.label)] += areaOf(sample.objects[0].coverage);
            ++count[static_cast<std::size_t>(sample.label)];
        }
        const double expected = 64 * 64 * (0.5 * 0.5 * 0.5 - 0.3 * 0.3 * 0.3) / (3 * (0.5 - 0.3));
        for (std::size_t c = 0; c < classes; ++c) // the mean's own standard deviation is 1.6 %
            QVERIFY2(std::abs(area[c] / count[c] / expected - 1) < 0.05,
                qPrintable(QString::number(area[c] / count[c])));
    }

    void objectsLieInside()
    {
        for (const char* name : {"shapes:size=128", "shapes:size=128,mode=two"}) {
            const DataSetPtr data = openDataSet(name);
            for (Index i = 0; i < 300; ++i)
                for (const ObjectMask& object : data->sample(Split::Test, i).objects) {
                    const auto mask = bytes(object.coverage);
                    for (std::size_t k = 0; k < 128; ++k)
                        QVERIFY(mask[k] == 0 && mask[127 * 128 + k] == 0 && mask[k * 128] == 0
                            && mask[k * 128 + 127] == 0);
                }
        }
    }

    void objectsStandOut()
    {
        const DataSetPtr data = openDataSet("shapes");
        for (Index i = 0; i < 500; ++i) {
            const Sample sample = data->sample(Split::Test, i);
            const auto inside = meanColour(sample, true), outside = meanColour(sample, false);
            double square = 0;
            for (std::size_t c = 0; c < 3; ++c)
                square += (inside[c] - outside[c]) * (inside[c] - outside[c]);
            QVERIFY2(std::sqrt(square) > 35, qPrintable(QString("%1: %2").arg(i).arg(std::sqrt(square))));
        }
    }

    void oneSceneHasManySizes()
    {
        const DataSetPtr small = openDataSet("shapes"), large = openDataSet("shapes:size=512");
        for (Index i = 0; i < 6; ++i) {
            const auto coarse = small->sample(Split::Train, i), fine = large->sample(Split::Train, i);
            QCOMPARE(coarse.label, fine.label);
            const auto few = bytes(coarse.value), many = bytes(fine.value);
            double difference = 0;
            for (std::size_t k = 0; k < few.size(); ++k) { // [channel, y, x], each the mean of 8 x 8
                const std::size_t c = k / 4096, y = k / 64 % 64, x = k % 64;
                double mean = 0;
                for (std::size_t j = 0; j < 64; ++j)
                    mean += many[(c * 512 + 8 * y + j / 8) * 512 + 8 * x + j % 8] / 64.0;
                difference += std::abs(mean - few[k]) / static_cast<double>(few.size());
            }
            QVERIFY2(difference < 3, qPrintable(QString::number(difference)));
        }
    }

    void twoObjectsAreOfTwoClassesAndApart()
    {
        const DataSetPtr data = openDataSet("shapes:mode=two");
        for (Index i = 0; i < 300; ++i) {
            const Sample sample = data->sample(Split::Train, i);
            QCOMPARE(sample.objects.size(), std::size_t{2});
            QCOMPARE(sample.label, sample.objects[0].label);
            QVERIFY(sample.objects[0].label != sample.objects[1].label);
            const auto a = bytes(sample.objects[0].coverage), b = bytes(sample.objects[1].coverage);
            for (std::size_t k = 0; k < a.size(); ++k)
                QVERIFY(a[k] == 0 || b[k] == 0);
            for (const ObjectMask& object : sample.objects)
                QVERIFY(areaOf(object.coverage) > 64 * 64 * 0.055);
        }
    }

    void coloursDoNotTellTheClass();

    void wrongFieldsAreUsageErrors()
    {
        FOVEA_THROWS(openDataSet("shapes:sise=4"), UsageError, "shapes: ", "'sise'", "size");
        FOVEA_THROWS(
            openDataSet("shapes:size=4"), UsageError, "shapes: field 'size'", "8 to 4096", "found 4");
        for (const std::string field : {"train", "test"})
            FOVEA_THROWS(openDataSet("shapes:" + field + "=1000000000000"), UsageError, field.c_str(),
                "1 to 100000000");
        QCOMPARE(openDataSet("shapes:train=100000000")->count(Split::Train), Index{100'000'000});
        FOVEA_THROWS(openDataSet("shapes:mode=three"), UsageError, "field 'mode'", "one of one, two");
        FOVEA_THROWS(openDataSet("shapes:64"), UsageError, "expected field=value, found '64'");
        FOVEA_THROWS(openDataSet("shaped"), Error, "shaped: ", "shapes");
    }
};

namespace {

constexpr std::size_t levels = 5, bins = levels * levels * levels, width = bins + 1;

/// Share of the pixels in each of 5 x 5 x 5 cells of colour, and 1.
std::vector<double> histogramOf(const Tensor& picture)
{
    const auto values = bytes(picture);
    const std::size_t pixels = values.size() / 3;
    std::vector<double> shares(width);
    const auto level = [&](std::size_t c, std::size_t i) { return values[c * pixels + i] * levels / 256; };
    for (std::size_t i = 0; i < pixels; ++i)
        shares[(level(0, i) * levels + level(1, i)) * levels + level(2, i)]
            += 1.0 / static_cast<double>(pixels);
    shares[bins] = 1;
    return shares;
}

/// Solves A X = B for a symmetric positive A [n, n] and B [n, m] by Gaussian elimination; the result is in B.
void solve(std::vector<double>& a, std::vector<double>& b, std::size_t n, std::size_t m)
{
    for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = 0; i < n; ++i) {
            const double factor = i == k ? 0 : a[i * n + k] / a[k * n + k];
            if (factor == 0)
                continue;
            for (std::size_t j = k; j < n; ++j)
                a[i * n + j] -= factor * a[k * n + j];
            for (std::size_t j = 0; j < m; ++j)
                b[i * m + j] -= factor * b[k * m + j];
        }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < m; ++j)
            b[i * m + j] /= a[i * n + i];
}

}

// The best linear map from colour histograms to classes (least squares with a little ridge), on pictures that
// it has not seen: within two points of one in eight.
void TstTrainShapes::coloursDoNotTellTheClass()
{
    const DataSetPtr data = openDataSet("shapes:size=32");
    constexpr Index count = 8000;
    std::vector<double> a(width * width), b(width * classes);
    for (Index n = 0; n < count; ++n) {
        const Sample sample = data->sample(Split::Train, n);
        const std::vector<double> x = histogramOf(sample.value);
        for (std::size_t i = 0; i < width; ++i)
            if (x[i] != 0) {
                for (std::size_t j = 0; j < width; ++j)
                    a[i * width + j] += x[i] * x[j];
                b[i * classes + static_cast<std::size_t>(sample.label)] += x[i];
            }
    }
    for (std::size_t i = 0; i < width; ++i)
        a[i * width + i] += 0.1;
    solve(a, b, width, classes);
    double right = 0;
    for (Index n = 0; n < count; ++n) {
        const Sample sample = data->sample(Split::Test, n);
        const std::vector<double> x = histogramOf(sample.value);
        std::array<double, classes> score{};
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t c = 0; c < classes; ++c)
                score[c] += x[i] * b[i * classes + c];
        right += std::max_element(score.begin(), score.end()) - score.begin() == sample.label;
    }
    const double share = right / static_cast<double>(count); // its standard deviation by chance is 0.37 %
    qInfo("a linear model on colour histograms: %.1f %%", 100 * share);
    QVERIFY2(std::abs(share - 0.125) < 0.02, qPrintable(QString::number(share)));
}

QTEST_APPLESS_MAIN(TstTrainShapes)
#include "tst_train_shapes.moc"
