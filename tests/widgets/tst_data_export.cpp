// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/data_export.h"

#include "core/io/npy.h"
#include "core/io/trace_file.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <QDir>
#include <QTemporaryDir>

using namespace fovea;
using figure::saveData;
using figure::toCsv;

namespace {

Record sample(const std::string& path, const Tensor& value, std::vector<Axis> axes)
{
    Record record;
    record.info.path = path;
    record.info.kind = Kind::Points;
    record.value = value;
    record.axes = std::move(axes);
    return record;
}

Record points()
{
    const float values[] = {0.1F, 1, 2.5F, -3e-7F};
    return sample("heads.statistics", Tensor::of<float>({2, 2}, values),
        {{"head", "", {}, {"L0 H0", "L0, \"H1\""}}, {"field", "", {}, {"entropy", "distance"}}});
}

}

class TestDataExport : public QObject {
    Q_OBJECT
private slots:
    void tablesHaveTheirAxes()
    {
        QCOMPARE(QString::fromStdString(toCsv(points())),
            QString("head,entropy,distance\nL0 H0,0.1,1\n\"L0, \"\"H1\"\"\",2.5,-3e-07\n"));

        const double curve[] = {1, 0.5, NAN};
        const Record vector
            = sample("radial", Tensor::of<double>({3}, curve), {{"frequency", "1/px", {0, 0.25, 0.5}, {}}});
        QCOMPARE(QString::fromStdString(toCsv(vector)),
            QString("frequency (1/px),value\n0,1\n0.25,0.5\n0.5,nan\n"));

        const std::complex<float> filter[] = {{1, 2}, {3, -4}};
        const Record complex = sample("f", Tensor::of<std::complex<float>>({1, 2, 1}, filter),
            {{"channel", "", {}, {}}, {"y", "px", {}, {}}, {"x", "", {}, {}}});
        QCOMPARE(QString::fromStdString(toCsv(complex)),
            QString("channel,y (px),x 0.re,x 0.im\n0,0,1,2\n0,1,3,-4\n"));

        const float cube[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        const Record deep = sample("maps", Tensor::of<float>({2, 3, 2}, cube),
            {{"head", "", {}, {}}, {"query", "", {}, {}}, {"key", "", {}, {}}});
        QCOMPARE(QString::fromStdString(toCsv(deep)),
            QString("head,query,key 0,key 1\n0,0,1,2\n0,1,3,4\n0,2,5,6\n1,0,7,8\n1,1,9,10\n1,2,11,12\n"));

        const float one[] = {7};
        QCOMPARE(QString::fromStdString(toCsv(sample("loss", Tensor::of<float>({}, one), {}))),
            QString("value\n7\n"));
    }

    /// As the matrix and the overlay call them, whatever the view.
    void tokensHaveTheNamesOfTheirLayout()
    {
        const float values[] = {1, 2, 3, 4, 5, 6};
        Record map = sample("blocks.0.attn.pattern", Tensor::of<float>({1, 1, 2, 3}, values),
            {{"group", "", {}, {}}, {"head", "", {}, {}}, {"query", "", {}, {}}, {"key", "", {}, {}}});
        map.queries = TokenLayout::text({"a", "b"});
        map.keys = TokenLayout::image(1, 2, 16, 8, {"cls"});
        QCOMPARE(QString::fromStdString(toCsv(map)),
            QString("group,head,query,cls,\"(0,0)\",\"(0,1)\"\n0,0,a,1,2,3\n0,0,b,4,5,6\n"));
        map.keyIndex = Tensor::zeros({1, 3}, DType::I32); // a window's keys are not the layout's first ones
        map.queries = TokenLayout::text({"a"}); // of other tokens
        QCOMPARE(QString::fromStdString(toCsv(map)),
            QString("group,head,query,key 0,key 1,key 2\n0,0,0,1,2,3\n0,0,1,4,5,6\n"));
    }

    void everyFormatGivesTheNumbersBack()
    {
        const QTemporaryDir folder;
        const auto path = [&](const char* name) { return folder.filePath(name).toStdString(); };
        saveData({points()}, path("a.npy"));
        QVERIFY(io::readNpy(path("a.npy")).identical(points().value));
        saveData({points()}, path("a.h5"));
        const TracePtr trace = io::readTrace(path("a.h5"));
        const RecordPtr record = trace->find("heads.statistics");
        QVERIFY(record && record->value.identical(points().value) && record->axes == points().axes);

        Record second = points();
        second.info.path = "heads.effect";
        saveData({points(), second}, path("b.csv"));
        QCOMPARE(QDir(folder.path()).entryList({"b*"}),
            QStringList({"b.heads.effect.csv", "b.heads.statistics.csv"}));
    }

    void allFilesOrNone()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("c.npy").toStdString();
        FOVEA_THROWS(saveData({points(), sample("big", Tensor(), {})}, path), Error, "c.big.npy");
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void errorsNameTheFile()
    {
        FOVEA_THROWS(saveData({points()}, "/nowhere/a.csv"), Error, "/nowhere/a.csv");
        FOVEA_THROWS(saveData({points()}, "a.xls"), UsageError, "a.xls");
        FOVEA_THROWS(saveData({}, "a.csv"), Error, "a.csv");
        FOVEA_THROWS(saveData({sample("big", Tensor(), {})}, "a.npy"), Error, "a.npy", "big");
    }
};

QTEST_APPLESS_MAIN(TestDataExport)
#include "tst_data_export.moc"
