// Every view of every toy as every kind of file: the figure holds its recipe and what the view says, the data
// are the view's own numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export_dialog.h"
#include "app/figure_export.h"

#include "widgets/figure/writer.h"
#include "widgets/views/view_table.h"

#include "core/io/npy.h"
#include "core/io/trace_file.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>

#include <set>

using namespace fovea;
using test::contentOf;

namespace {

Slot slotOf(const QString& toy)
{
    Slot slot;
    slot.architecture = toys::toys().architecture(toy.toStdString());
    if (slot.architecture)
        slot.weights = toys::toyWeights(*slot.architecture);
    slot.base = toys::toyTrace(toy.toStdString());
    return slot;
}

QString textOfPdf(const QString& pdf)
{
    QProcess process;
    process.start("pdftotext", {"-layout", pdf, "-"});
    return process.waitForFinished() ? QString::fromUtf8(process.readAllStandardOutput()).simplified()
                                     : QString();
}

/// What a CSV file says: the numbers of its value columns, behind as many columns of indices as it has axes
/// but one.
/// Names of tokens have commas, and stand in quotes then.
QList<QByteArray> cellsOf(const QByteArray& line)
{
    QList<QByteArray> cells{{}};
    bool isQuoted = false;
    for (const char c : line)
        if (c == '"')
            isQuoted = !isQuoted;
        else if (c == ',' && !isQuoted)
            cells.append(QByteArray());
        else
            cells.last() += c;
    return cells;
}

std::vector<double> numbersOf(const QByteArray& csv, int indices)
{
    std::vector<double> numbers;
    QList<QByteArray> lines = csv.trimmed().split('\n');
    lines.removeFirst();
    for (const QByteArray& line : lines)
        for (const QByteArray& cell : cellsOf(line).mid(indices))
            numbers.push_back(cell.toDouble());
    return numbers;
}

/// As floats: a CSV has as many digits as tell one float from the next.
bool same(const std::vector<double>& found, const std::vector<double>& expected)
{
    return std::ranges::equal(found, expected, [](double a, double b) {
        return static_cast<float>(a) == static_cast<float>(b) || (std::isnan(a) && std::isnan(b));
    });
}

}

class TestExport : public QObject {
    Q_OBJECT

private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void everyView_data()
    {
        QTest::addColumn<QString>("toy");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("record");
        for (const char* toy : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"}) {
            for (const ViewEntry& entry : viewTable())
                QTest::addRow("%s %s", toy, entry.id) << toy << entry.id << QString();
            std::set<Kind> kinds;
            for (const RecordPtr& record : toys::toyTrace(toy)->matching("*"))
                if (kinds.insert(record->kind()).second)
                    QTest::addRow("%s %s", toy, record->path().c_str())
                        << toy << "record" << QString::fromStdString(record->path());
        }
    }
    void everyView()
    {
        QFETCH(QString, toy);
        QFETCH(QString, id);
        QFETCH(QString, record);
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        session.adopt(slotOf(toy));
        Selection selection;
        selection.record = record.toStdString();
        session.setSelection(selection);
        if (id == "sweep" && toy == "toy_drop") {
            session.startSweep();
            QTRY_VERIFY(session.sweep());
        }
        const auto view = makeView(id, session);
        QTRY_VERIFY(view->isReady());
        app::ExportDialog dialog(session, nullptr);
        dialog.open(view.get());
        if (view->data().empty())
            FOVEA_THROWS(dialog.exportTo(path("pdf")), Error, "out.pdf", "nothing to draw");
        else
            checkFigures(dialog, *view, session);
        checkData(dialog, *view);
    }

private:
    QString path(const QString& ending) const { return folder_->filePath("out." + ending); }

    void checkFigures(app::ExportDialog& dialog, const View& view, const Session& session) const
    {
        for (const char* ending : {"pdf", "svg", "png"}) {
            dialog.exportTo(path(ending));
            QTRY_VERIFY(!dialog.job()->isRunning());
            const QByteArray bytes = contentOf(path(ending));
            const figure::Recipe recipe = figure::recipeOf(bytes, ending);
            QCOMPARE(recipe.view, view.id());
            QCOMPARE(recipe.size.widthPt, 3.25 * 72); // to the last bit: else the bytes differ
            QCOMPARE(recipe.selection["record"].toString().toStdString(), session.selection().record);
            const QString again = folder_->filePath(QString("again.") + ending);
            app::exported(again, view, session, recipe)();
            QVERIFY(contentOf(again) == bytes); // by its recipe
        }
        const QImage image(path("png"));
        QVERIFY(std::abs(image.width() - 3.25 * 300) <= 1); // as wide as the command's by default
        const QString text = textOfPdf(path("pdf"));
        const QStringList said = QStringList{view.caption()} + view.badges(); // below the figure
        for (const QString& word : said.join(' ').simplified().split(' '))
            QVERIFY2(text.contains(word) || text.contains(QChar(0x2026)), qPrintable(word + " / " + text));
    }

    void checkData(app::ExportDialog& dialog, const View& view) const
    {
        const auto records = view.data();
        if (records.empty()) {
            FOVEA_THROWS(dialog.exportTo(path("h5")), Error, "out.h5", "nothing to draw");
            return;
        }
        for (const char* ending : {"csv", "npy", "h5"}) {
            dialog.exportTo(path(ending));
            QTRY_VERIFY(!dialog.job()->isRunning());
        }
        const TracePtr trace = io::readTrace(path("h5").toStdString());
        for (const Record& record : records) {
            const RecordPtr again = trace->find(record.path());
            QVERIFY2(again && again->value.identical(record.value) && again->axes == record.axes,
                record.path().c_str());
            const QString name = records.size() == 1 ? QString("out.%1")
                                                     : "out." + QString::fromStdString(record.path()) + ".%1";
            QVERIFY(io::readNpy(folder_->filePath(name.arg("npy")).toStdString()).identical(record.value));
            if (record.value.dtype() == DType::C64)
                continue; // two columns a number: tst_data_export
            const int indices = std::max(1, record.value.rank() - 1) - (record.value.rank() == 0 ? 1 : 0);
            QVERIFY2(same(numbersOf(contentOf(folder_->filePath(name.arg("csv"))), indices),
                         record.value.toDoubles()),
                record.path().c_str());
        }
    }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_MAIN(TestExport)
#include "tst_export.moc"
