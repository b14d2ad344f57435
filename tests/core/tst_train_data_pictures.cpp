// Folders of pictures and HDF5 files as data sets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/hdf5_writer.h"
#include "core/io/input_file.h"
#include "core/tensor/error.h"
#include "core/tensor/named_tensors.h"
#include "core/train/data_set.h"

#include "tests/support/test.h"

#include <QDir>
#include <QTemporaryDir>

#include <sstream>

using namespace fovea;
using namespace fovea::train;

namespace {

/// Stands in for the program's decoder. A picture is the text "width height value"; its channels are value,
/// value + 1 and value + 2.
Tensor decode(const std::string& path)
{
    std::istringstream text(io::readText(path, 100));
    Index width = 0, height = 0;
    int value = 0;
    if (!(text >> width >> height >> value))
        throw Error(path, "picture: cannot be decoded");
    Tensor picture({height, width, 3}, DType::U8);
    const auto out = picture.writable<std::uint8_t>();
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(value + static_cast<int>(i % 3));
    return picture;
}

}

class TstTrainDataPictures : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;
    std::string path() const { return folder_->path().toStdString(); }
    std::string file() const { return path() + "/set.h5"; }
    void write(const std::string& name, const std::string& bytes) const
    {
        QVERIFY(QDir(folder_->path()).mkpath(QFileInfo(QString::fromStdString(name)).path()));
        io::writeFile(path() + "/" + name, bytes);
    }
    static DataSetPtr open(const std::string& text) { return openDataSet(text, {decode, {}}); }

    static Tensor ramp(const Shape& shape)
    {
        Tensor t(shape, DType::U8);
        const auto out = t.writable<std::uint8_t>();
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::uint8_t>(i);
        return t;
    }
    static Tensor numbers(const std::vector<std::int32_t>& values)
    {
        return Tensor::of<std::int32_t>({static_cast<Index>(values.size())}, values);
    }
    /// `images` and `labels` of a file, and more datasets.
    void writeHdf5(const Tensor& images, const Tensor& labels, const NamedTensors& more = {}) const
    {
        io::Hdf5Writer writer(file());
        writer.write("images", images);
        writer.write("labels", labels);
        for (const auto& [name, tensor] : more)
            writer.write(name, tensor);
        writer.commit();
    }

private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void eachFolderIsAClass()
    {
        for (const int i : {0, 1, 2, 3, 4, 5, 6, 7})
            write(
                (i % 2 == 0 ? "dog/" : "cat/") + std::to_string(i) + ".png", "3 2 " + std::to_string(10 * i));
        write(".hidden/x.png", "never looked at");
        write("dog/.thumbnails", "nor this");
        const DataSetPtr data = open(path() + ":test=0.25");
        QCOMPARE(data->info().labels, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(test::text(data->info().shape), "[3, 2, 3]");
        QCOMPARE(data->count(Split::Train), Index{6});
        QCOMPARE(data->count(Split::Test), Index{2});
        for (const Split split : {Split::Train, Split::Test})
            for (Index i = 0; i < data->count(split); ++i) {
                const Sample sample = data->sample(split, i);
                const auto values = sample.value.values<std::uint8_t>();
                QCOMPARE(sample.label, Index{values[0] / 10 % 2 == 0}); // dogs are even
                QCOMPARE(values[6], static_cast<std::uint8_t>(values[0] + 1)); // the second channel
            }
    }

    void aSplitOfItsOwnIsKept()
    {
        for (const char* name :
            {"train/a/1.png", "train/a/2.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"})
            write(name, "2 2 9");
        const DataSetPtr data = open(path());
        QCOMPARE(data->count(Split::Train), Index{3});
        QCOMPARE(data->count(Split::Test), Index{2});
        write("test/c/1.png", "2 2 9");
        FOVEA_THROWS(open(path()), Error, "/test: expected the same classes as in train");
    }

    void valIsATestSplitWhereThereIsNone()
    {
        for (const char* name :
            {"train/a/1.png", "train/a/2.png", "train/b/1.png", "val/a/1.png", "val/b/1.png"})
            write(name, "2 2 9");
        QCOMPARE(open(path())->info().labels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(open(path())->count(Split::Test), Index{2});
        write("test/a/1.png", "2 2 9");
        write("test/b/1.png", "2 2 9");
        write("test/b/2.png", "2 2 9");
        QCOMPARE(open(path())->count(Split::Test), Index{3});
    }

    void whatIsNoPictureByItsNameIsLeftOut()
    {
        for (const char* name : {"a/1.png", "a/2.PNG", "a/3.jpeg", "b/1.webp", "b/2.tiff"})
            write(name, "2 2 9");
        QCOMPARE(open(path())->info().note, std::string());
        write("a/notes.txt", "of whom");
        write("b/README", "or where from");
        const DataSetPtr data = open(path());
        QCOMPARE(data->count(Split::Train) + data->count(Split::Test), Index{5});
        QVERIFY(data->info().note.ends_with("no pictures by their names: 2 files"));
        write("c/notes.txt", "alone");
        FOVEA_THROWS(open(path()), Error, "/c: class 'c' has no picture");
    }

    void theFieldSizeMakesAllOneSize()
    {
        write("a/1.png", "9 4 50");
        write("a/2.png", "4 4 60");
        write("a/3.png", "6 12 70");
        FOVEA_THROWS(open(path()), Error, "a/2.png: picture size: expected 9 x 4", "found 4 x 4", "size=");
        const DataSetPtr data = open(path() + ":size=8,test=0.3");
        QCOMPARE(test::text(data->info().shape), "[3, 8, 8]");
        QCOMPARE(data->sample(Split::Train, 0).value.values<std::uint8_t>()[64] % 10, 1);
    }

    void badFoldersAreRefusedByName()
    {
        write("a/1.png", "2 2 1");
        QVERIFY(QDir(folder_->path()).mkdir("b"));
        FOVEA_THROWS(open(path()), Error, "/b: class 'b' has no picture");
        write("b/1.png", "no picture");
        FOVEA_THROWS(open(path()), Error, "b/1.png: picture: cannot be decoded");
        FOVEA_THROWS(openDataSet(path()), Error, "pictures cannot be decoded here");
    }

    void hdf5ComesAsItWasWritten()
    {
        writeHdf5(ramp({4, 3, 2, 5}), numbers({0, 1, 1, 0}), [] {
            NamedTensors more;
            more.set("test_images", ramp({2, 3, 2, 5}));
            more.set("test_labels", numbers({1, 1}));
            return more;
        }());
        const DataSetPtr data = open(file());
        QCOMPARE(data->info().name, std::string("set"));
        QCOMPARE(data->count(Split::Train), Index{4});
        QCOMPARE(data->count(Split::Test), Index{2});
        QVERIFY(data->sample(Split::Train, 2).value.identical(ramp({4, 3, 2, 5}).at(2)));
        QCOMPARE(data->label(Split::Test, 0), Index{1});
    }

    void hdf5NamesItsClasses()
    {
        io::Hdf5Writer writer(file());
        writer.write("images", ramp({20, 1, 2, 2}));
        writer.write("labels", numbers(std::vector<std::int32_t>(20, 0)));
        writer.write("label_names", std::vector<std::string>{"only"});
        writer.commit();
        QCOMPARE(open(file())->info().labels, std::vector<std::string>{"only"});
        QCOMPARE(open(file() + ":test=0.5")->count(Split::Test), Index{10});
    }

    void badHdf5IsRefusedByDataset()
    {
        writeHdf5(Tensor::zeros({4, 3, 2, 2}), numbers({0, 1, 1, 0}));
        FOVEA_THROWS(open(file()), Error, "set.h5: dataset 'images': expected u8", "f32 [4, 3, 2, 2]");
        writeHdf5(ramp({4, 12}), numbers({0, 1, 1, 0}));
        FOVEA_THROWS(open(file()), Error, "dataset 'images'", "found u8 [4, 12]");
        writeHdf5(ramp({4, 2, 2, 3}), numbers({0, 1, 1, 0}));
        FOVEA_THROWS(open(file()), Error, "dataset 'images': expected pictures of 1 or 3 channels, found 2");
        writeHdf5(ramp({0, 3, 2, 2}), numbers({}));
        FOVEA_THROWS(open(file()), Error, "dataset 'images': expected pictures, found none");
        writeHdf5(ramp({4, 3, 2, 2}), Tensor::zeros({4}));
        FOVEA_THROWS(open(file()), Error, "dataset 'labels': expected integers [N], found f32 [4]");
        writeHdf5(ramp({4, 3, 2, 2}), numbers({0, 1, 1}));
        FOVEA_THROWS(open(file()), Error, "dataset 'labels'", "a label for each of 4 pictures, found 3");
        writeHdf5(ramp({4, 3, 2, 2}), numbers({0, -1, 1, 0}));
        FOVEA_THROWS(open(file()), Error, "dataset 'labels'", "label 1: expected 0 to 1, found -1");
        writeHdf5(ramp({4, 3, 2, 2}), numbers({0, 2000000000, 1, 0}));
        FOVEA_THROWS(open(file()), Error, "dataset 'labels'", "found 2000000000");
        writeHdf5(ramp({2, 3, 2, 2}), Tensor::of<std::int64_t>({2}, std::array{Index{0}, Index{1} << 40}));
        FOVEA_THROWS(open(file()), Error, "dataset 'labels'", "found 1099511627776");
        writeHdf5(ramp({2, 3, 2, 2}), Tensor::of<std::int64_t>({2}, std::array{Index{0}, Index{1} << 62}));
        FOVEA_THROWS(open(file()), Error, "dataset 'labels': label 1: expected -2^53 to 2^53");
        NamedTensors test;
        test.set("test_images", ramp({2, 3, 2, 1}));
        test.set("test_labels", numbers({0, 1}));
        writeHdf5(ramp({2, 3, 2, 2}), numbers({0, 1}), test);
        FOVEA_THROWS(open(file()), Error, "dataset 'test_images': expected pictures [3, 2, 2]", "[3, 2, 1]");
        test.set("test_images", ramp({2, 3, 2, 2}));
        test.set("test_labels", numbers({0, 2}));
        writeHdf5(ramp({2, 3, 2, 2}), numbers({0, 1}), test);
        FOVEA_THROWS(open(file()), Error, "dataset 'test_labels': label 1: expected 0 to 1, found 2");
        io::Hdf5Writer writer(file());
        writer.write("images", ramp({4, 3, 2, 2}));
        writer.commit();
        FOVEA_THROWS(open(file()), Error, "dataset 'labels': expected numbers, found nothing");
    }
};

QTEST_APPLESS_MAIN(TstTrainDataPictures)
#include "tst_train_data_pictures.moc"
