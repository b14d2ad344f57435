// SPDX-License-Identifier: GPL-3.0-or-later
// Against golden pictures made with Pillow (tools/make_image_goldens.py).
#include "core/image/picture.h"
#include "core/io/npy.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QFile>

#include <nlohmann/json.hpp>

using namespace fovea;

namespace {

const std::string folder = std::string(FOVEA_FIXTURES) + "/image/";

Tensor picture(const std::string& name) { return io::readNpy(folder + name); }

nlohmann::json cases()
{
    QFile file(QString::fromStdString(folder + "index.json"));
    return file.open(QIODevice::ReadOnly) ? nlohmann::json::parse(file.readAll().toStdString())
                                          : nlohmann::json();
}

/// Largest difference of two tensors of equal shape; infinity when the shapes differ.
double largestDifference(const Tensor& a, const Tensor& b)
{
    if (a.shape() != b.shape())
        return INFINITY;
    const auto left = a.toDoubles(), right = b.toDoubles();
    double worst = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        worst = std::max(worst, std::abs(left[i] - right[i]));
    return worst;
}

}

class TestImage : public QObject {
    Q_OBJECT
private slots:
    void resizeEqualsPillow()
    {
        const auto all = cases()["resize"];
        QVERIFY(all.size() >= 10);
        for (const auto& one : all) {
            const Tensor found = image::resize(
                picture(one["input"]), one["size"][0], one["size"][1], image::filterOf(one["filter"]));
            const std::string output = one["output"];
            QVERIFY2(largestDifference(found, io::readNpy(folder + output)) == 0, output.c_str());
        }
    }

    void preparationEqualsPillowAndTorchvision()
    {
        const auto index = cases();
        int checked = 0;
        for (const auto& one : index["prepare"]) {
            Preprocess how;
            how.size = one["size"];
            how.crop = one["crop"];
            how.interpolation = one["filter"];
            const auto prepared = image::prepare(picture(one["input"]), how);
            const std::string output = one["output"];
            QVERIFY2(largestDifference(prepared.picture, io::readNpy(folder + output)) == 0, output.c_str());
            ++checked;
        }
        for (const auto& one : index["normalise"]) {
            Preprocess how;
            how.size = one["size"];
            how.crop = one["crop"];
            how.interpolation = one.value("filter", "bicubic");
            const auto prepared = image::prepare(picture(one["input"]), how);
            const std::string output = one["output"];
            Tensor expected = io::readNpy(folder + output);
            if (expected.rank() == 3)
                expected = expected.reshaped({1, expected.dim(0), expected.dim(1), expected.dim(2)});
            QVERIFY2(largestDifference(prepared.input, expected) < 1e-6, output.c_str());
            ++checked;
        }
        QVERIFY(checked >= 10);
    }

    void cropBeyondThePictureIsBlack()
    {
        const Tensor white = Tensor::of<std::uint8_t>({1, 1, 3}, std::vector<std::uint8_t>(3, 255));
        const Tensor crop = image::centreCrop(white, 3);
        const auto values = crop.values<std::uint8_t>();
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(int(values[i]), i / 3 == 4 ? 255 : 0);

        const Tensor tall = Tensor::of<std::uint8_t>({5, 1, 1}, std::vector<std::uint8_t>(5, 255));
        const Tensor column = image::centreCrop(tall, 3); // beside a pixel there is nothing, not the next row
        for (std::size_t i = 0; i < 9; ++i)
            QCOMPARE(int(column.values<std::uint8_t>()[i]), i % 3 == 1 ? 255 : 0);
    }

    void unknownInterpolationIsRefused()
    {
        FOVEA_THROWS(image::filterOf("lanczos"), Error, "interpolation", "lanczos");
    }
};

QTEST_APPLESS_MAIN(TestImage)
#include "tst_image.moc"
