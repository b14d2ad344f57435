// Picture files become the pixels that Pillow's convert("RGB") gives: expectations are the colours painted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_file.h"

#include "tests/support/test.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

#include <array>

using namespace fovea;

namespace {

/// Left half one colour, right half another.
QImage halves(QImage::Format format, const QColor& left, const QColor& right, QSize size = {16, 8})
{
    QImage image(size, QImage::Format_ARGB32);
    for (int y = 0; y < size.height(); ++y)
        for (int x = 0; x < size.width(); ++x)
            image.setPixelColor(x, y, x < size.width() / 2 ? left : right);
    return image.convertToFormat(format);
}

QColor at(const Tensor& picture, Index y, Index x)
{
    const auto rgb
        = picture.values<std::uint8_t>().subspan(static_cast<std::size_t>((y * picture.dim(1) + x) * 3), 3);
    return {rgb[0], rgb[1], rgb[2]};
}

/// 4 x 4 pixels of one colour with alpha, uncompressed; extraSamples -1: the tag is missing.
QByteArray tiffOf(const std::array<char, 4>& rgba, int extraSamples, bool isBig)
{
    QByteArray file;
    const auto add = [&](int value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            file += static_cast<char>(value >> 8 * (isBig ? bytes - 1 - i : i));
    };
    const auto tag = [&](int id, int value, int count = 1) {
        const bool isShort = count == 1; // a longer one stands elsewhere
        add(id, 2);
        add(3, 2);
        add(count, 4);
        add(value, isShort ? 2 : 4);
        add(0, isShort ? 2 : 0);
    };
    const int tags = extraSamples < 0 ? 9 : 10;
    const int depths = 8 + 2 + 12 * tags + 4;
    file += isBig ? "MM" : "II";
    add(42, 2);
    add(8, 4);
    add(tags, 2);
    tag(256, 4); // width
    tag(257, 4); // height
    tag(258, depths, 4); // bits of each sample
    tag(259, 1); // not compressed
    tag(262, 2); // RGB
    tag(273, depths + 8); // where the pixels are
    tag(277, 4); // samples
    tag(278, 4); // rows
    tag(279, 4 * 4 * 4); // bytes
    if (extraSamples >= 0)
        tag(338, extraSamples);
    add(0, 4);
    for (int i = 0; i < 4; ++i)
        add(8, 2);
    for (int pixel = 0; pixel < 16; ++pixel)
        file.append(rgba.data(), 4);
    return file;
}

/// A JPEG whose EXIF says that orientation.
QByteArray oriented(const QImage& image, char orientation)
{
    QBuffer jpeg;
    jpeg.open(QIODevice::WriteOnly);
    image.save(&jpeg, "JPG", 100);
    QByteArray exif("\xFF\xE1\0\x22"
                    "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0",
        29);
    exif += orientation;
    QByteArray bytes = jpeg.data();
    return bytes.insert(2, exif + QByteArray(6, '\0')); // the value's padding, no other directory
}

}

class TestPictureFile : public QObject {
    Q_OBJECT

private slots:
    void alphaIsLeftOut()
    {
        const QColor hidden(10, 20, 30, 0), half(200, 100, 50, 128);
        const QString file = folder_.filePath("alpha.png");
        QVERIFY(halves(QImage::Format_ARGB32, hidden, half).save(file));
        const Tensor picture = app::readPicture(file.toStdString());
        QCOMPARE(test::text(picture.shape()), QString("[8, 16, 3]"));
        QCOMPARE(at(picture, 3, 2), QColor(10, 20, 30));
        QCOMPARE(at(picture, 3, 12), QColor(200, 100, 50));
    }

    void alphaOfATiffIsLeftOut_data()
    {
        QTest::addColumn<bool>("isBig");
        QTest::addColumn<int>("extraSamples"); // TIFF 6.0, section 18
        QTest::addColumn<QColor>("expected"); // of Pillow 9.4 for 20, 10, 5 with alpha 40
        const QColor asStored(20, 10, 5), divided(127, 63, 31);
        for (const bool isBig : {false, true}) {
            const QByteArray order = isBig ? "big-endian, " : "little-endian, ";
            QTest::newRow(order + "unspecified") << isBig << 0 << asStored;
            QTest::newRow(order + "multiplied in") << isBig << 1 << divided;
            QTest::newRow(order + "not multiplied in") << isBig << 2 << asStored;
            QTest::newRow(order + "not said") << isBig << -1 << asStored;
        }
    }
    void alphaOfATiffIsLeftOut()
    {
        QFETCH(bool, isBig);
        QFETCH(int, extraSamples);
        QFETCH(QColor, expected);
        const QString file = folder_.filePath("alpha.tif");
        QFile tiff(file);
        QVERIFY(tiff.open(QIODevice::WriteOnly));
        tiff.write(tiffOf({20, 10, 5, 40}, extraSamples, isBig));
        tiff.close();
        const QColor found = at(app::readPicture(file.toStdString()), 3, 3);
        QVERIFY(std::abs(found.red() - expected.red()) <= 1);
        QVERIFY(std::abs(found.green() - expected.green()) <= 1);
        QVERIFY(std::abs(found.blue() - expected.blue()) <= 1);
    }

    void greyAndPaletteBecomeColours()
    {
        for (const auto format : {QImage::Format_Grayscale8, QImage::Format_Indexed8, QImage::Format_Mono}) {
            const QString file = folder_.filePath("grey.png");
            QVERIFY(halves(format, Qt::black, Qt::white).save(file));
            const Tensor picture = app::readPicture(file.toStdString());
            QCOMPARE(at(picture, 0, 0), QColor(Qt::black));
            QCOMPARE(at(picture, 7, 15), QColor(Qt::white));
        }
    }

    void orientationIsApplied_data()
    {
        QTest::addColumn<int>("orientation");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<bool>("firstIsBlack"); // the first pixel of the first row
        QTest::newRow("upright") << 1 << "[16, 32, 3]" << true;
        QTest::newRow("mirrored") << 2 << "[16, 32, 3]" << false;
        QTest::newRow("upside down") << 3 << "[16, 32, 3]" << false;
        QTest::newRow("a quarter to the right") << 6 << "[32, 16, 3]" << true;
        QTest::newRow("a quarter to the left") << 8 << "[32, 16, 3]" << false;
    }
    void orientationIsApplied()
    {
        QFETCH(int, orientation);
        QFETCH(QString, shape);
        QFETCH(bool, firstIsBlack);
        const QImage image = halves(QImage::Format_RGB888, Qt::black, Qt::white, {32, 16});
        QFile file(folder_.filePath("turned.jpg"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(oriented(image, static_cast<char>(orientation)));
        file.close();
        const Tensor picture = app::readPicture(file.fileName().toStdString());
        QCOMPARE(test::text(picture.shape()), shape);
        QCOMPARE(at(picture, 0, 0).red() < 20, firstIsBlack);
        QCOMPARE(at(picture, picture.dim(0) - 1, picture.dim(1) - 1).red() < 20, !firstIsBlack);
    }

private:
    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(TestPictureFile)
#include "tst_picture_file.moc"
