// Picture files become the pixels that Pillow's convert("RGB") gives: expectations are the colours painted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_file.h"

#include "tests/support/test.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

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
    void alphaIsLeftOut_data()
    {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"png", "tif"})
            QTest::newRow(ending) << QString(ending);
    }
    void alphaIsLeftOut()
    {
        QFETCH(QString, ending);
        const QColor hidden(10, 20, 30, 0), half(200, 100, 50, 128);
        const QString file = folder_.filePath("alpha." + ending);
        QVERIFY(halves(QImage::Format_ARGB32, hidden, half).save(file));
        const Tensor picture = app::readPicture(file.toStdString());
        QCOMPARE(test::text(picture.shape()), QString("[8, 16, 3]"));
        if (ending == "png") // Qt writes TIFF with alpha multiplied in: what was hidden is lost there
            QCOMPARE(at(picture, 3, 2), QColor(10, 20, 30));
        QVERIFY(std::abs(at(picture, 3, 12).red() - 200) <= 1);
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
