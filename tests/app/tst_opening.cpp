// Files that need more than being read: foreign models, figures, sessions whose files went away. Through the
// real window, with the vit plugin and the model that ships.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document.h"
#include "app/export_dialog.h"
#include "app/figure_export.h"
#include "app/main_window.h"
#include "app/plugin_host.h"

#include "widgets/figure/writer.h"
#include "widgets/panels/message_bar.h"
#include "widgets/views/view.h"

#include "core/io/open_weights.h"

#include "tests/support/test.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>

using namespace fovea;

namespace {

const QString model = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_fashion.h5");
const QString picture = QStringLiteral(FOVEA_RESOURCES "/samples/fashion_bag_18.png");
const QString foreign = QStringLiteral(FOVEA_FIXTURES "/checkpoints/vit_pytorch_0.safetensors");
const QString foreignInput = QStringLiteral(FOVEA_FIXTURES "/checkpoints/input.npy");
const Edit headOff{"blocks.1.attn.head.0", "off", {}};
const Answers answers{{"heads", "3"}, {"activation", "gelu"}, {"pool", "cls"}, {"preprocess", "none"}};

}

class TestOpening : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("fovea");
        QCoreApplication::setApplicationName("tst_opening");
        QVERIFY(folder_.isValid());
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
        app::loadPlugins(registry_, {qEnvironmentVariable("FOVEA_BIN").toStdString() + "/plugins"});
        QVERIFY(registry_.architecture("vit"));
    }

    void init()
    {
        QSettings().clear();
        makeWindow();
    }

    void cleanup()
    {
        window_.reset();
        session_.reset();
    }

    void aForeignModelIsAskedAbout()
    {
        drop({foreign, foreignInput});
        QDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QDialog*>("foreignDialog")));
        QVERIFY(!dialog->isModal());
        QVERIFY(!session_->slot().weights);
        auto* tensors = dialog->findChild<QTreeWidget*>("tensors");
        io::OpenOptions options{answers};
        QCOMPARE(tensors->topLevelItemCount(),
            static_cast<int>(io::openWeights(foreign.toStdString(), registry_, options).report.size()));
        auto* open = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Open);
        QVERIFY(!open->isEnabled());
        fill(*dialog, "5"); // does not divide the width
        QVERIFY(open->isEnabled());
        open->click();
        QTRY_VERIFY(window_->messages().text().contains("heads divides"));
        QVERIFY(dialog->isVisible() && !session_->slot().weights);
        fill(*dialog, "3");
        open->click();
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        QCOMPARE(session_->slot().weights->config().count("heads"), 3);
        QTRY_VERIFY(!window_->findChild<QDialog*>("foreignDialog"));
    }

    void cancellingLosesNothing()
    {
        openBundled();
        const TracePtr before = session_->slot().base;
        drop({foreign});
        QDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QDialog*>("foreignDialog")));
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Cancel)->click();
        QTRY_VERIFY(!window_->findChild<QDialog*>("foreignDialog"));
        QCOMPARE(session_->slot().base, before);
        QVERIFY(window_->messages().text().isEmpty());
    }

    void answersTravelWithSessionsAndFigures()
    {
        session_->proceed({{foreign, foreignInput}, {}, {{foreign.toStdString(), answers}}});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        const Tensor logits = session_->slot().base->output;
        exportTo("matrix", path("foreign.pdf"));
        session_->save(path("foreign.fovea"), window_->docks().state());
        QTRY_VERIFY(QFile::exists(path("foreign.fovea")));
        for (const char* file : {"foreign.pdf", "foreign.fovea"}) {
            makeWindow();
            drop({path(file)});
            QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
            QVERIFY(session_->slot().base->output.identical(logits));
        }
    }

    void aFigureRebuildsItsSession_data()
    {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"pdf", "svg", "png", "json"})
            QTest::newRow(ending) << QString(ending);
    }

    void aFigureRebuildsItsSession()
    {
        QFETCH(QString, ending);
        openBundled();
        session_->toggleEdit(headOff);
        QTRY_VERIFY(session_->slot().edited);
        Selection selection = session_->selection();
        selection.layer = 3;
        selection.head = 1;
        selection.pin.query = Spot{{}, {10, 10}};
        session_->setSelection(selection);
        auto display = session_->display();
        display.hideSpecials = true;
        session_->setDisplay(display);
        const auto drawn = window_->view("matrix")->data();
        const QString file = path(("figure." + ending).toLatin1());
        if (ending == "json")
            figure::saveFile(
                figure::toJson(app::recipeOf(*window_->view("matrix"), *session_, 300, 300)), file);
        else
            exportTo("matrix", file);

        makeWindow();
        drop({file});
        QTRY_VERIFY2(session_->slot().edited, qPrintable(window_->messages().text()));
        QCOMPARE(session_->slot().modelPath, model.toStdString());
        QCOMPARE(session_->slot().edits, std::vector<Edit>{headOff});
        QCOMPARE(session_->selection().layer, 3);
        QVERIFY(session_->selection().pin == selection.pin);
        QCOMPARE(session_->display(), display);
        QVERIFY(window_->view("matrix")->data().front().value.identical(drawn.front().value));
    }

    void aPictureWithoutARecipeIsAnInput()
    {
        openBundled();
        const InputPtr before = session_->slot().input;
        QImage(64, 64, QImage::Format_RGB32).save(path("plain.png"));
        drop({path("plain.png")});
        QTRY_VERIFY(session_->slot().input != before);
        QCOMPARE(session_->slot().modelPath, model.toStdString());
    }

    void aFileThatWentAwayIsLocated()
    {
        const QString copy = path("copy.h5"), moved = path("moved.h5");
        QFile::remove(copy);
        QFile::remove(moved);
        QVERIFY(QFile::copy(model, copy));
        drop({copy, picture});
        QTRY_VERIFY(session_->slot().base);
        session_->save(path("a.fovea"), {});
        QTRY_VERIFY(QFile::exists(path("a.fovea")));
        QVERIFY(QFile::rename(copy, moved));

        makeWindow();
        drop({path("a.fovea")});
        QTRY_VERIFY(window_->messages().text().contains("copy.h5"));
        QVERIFY(!session_->slot().weights);
        chooseLocated(moved);
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
        QVERIFY(window_->messages().text().isEmpty());
    }

    void anotherFileInItsPlaceIsSaid()
    {
        QVERIFY(QFile::copy(picture, path("was.png")));
        drop({model, path("was.png")});
        QTRY_VERIFY(session_->slot().base);
        session_->save(path("b.fovea"), {});
        QTRY_VERIFY(QFile::exists(path("b.fovea")));
        QVERIFY(QFile::remove(path("was.png")));
        makeWindow();
        drop({path("b.fovea")});
        QTRY_VERIFY(window_->messages().text().contains("was.png"));
        chooseLocated(QStringLiteral(FOVEA_RESOURCES "/samples/fashion_coat_6.png"));
        QTRY_VERIFY(session_->slot().base);
        QVERIFY(window_->messages().text().contains("contents differ"));
    }

    void aReplacedModelIsOneKeyAway()
    {
        openBundled();
        QVERIFY(!window_->action("back")->isEnabled());
        session_->toggleEdit(headOff);
        QTRY_VERIFY(session_->slot().edited);
        const Tensor edited = session_->slot().edited->output;
        const QString other = path("other.h5");
        QVERIFY(QFile::copy(model, other));
        drop({other});
        QTRY_COMPARE(session_->slot().modelPath, other.toStdString());
        QVERIFY(session_->slot().edits.empty());
        QVERIFY(window_->messages().text().contains("other.h5 took the place of vit_micro_fashion.h5"));
        window_->action("back")->trigger();
        QTRY_VERIFY2(session_->slot().edited, qPrintable(window_->messages().text()));
        QCOMPARE(session_->slot().modelPath, model.toStdString());
        QVERIFY(session_->slot().edited->output.identical(edited));
    }

    void theThemeFollowsTheDesktop()
    {
        window_->setTheme(app::Theme::Desktop);
        const QPalette desktop = QApplication::palette();
        QApplication::setPalette(app::darkPalette()); // as if the desktop had changed
        QCOMPARE(QApplication::palette().color(QPalette::Window), desktop.color(QPalette::Window));
        window_->setTheme(app::Theme::Dark);
        QEvent event(QEvent::ThemeChange);
        QCoreApplication::sendEvent(window_.get(), &event);
        QCOMPARE(QApplication::palette().color(QPalette::Window),
            app::darkPalette().color(QPalette::Window)); // a person's choice stands
        window_->setTheme(app::Theme::Desktop);
    }

private:
    QString path(const QByteArray& name) const { return folder_.filePath(QString::fromLatin1(name)); }

    void makeWindow()
    {
        window_.reset();
        session_ = std::make_unique<Session>(Services{&registry_, std::make_shared<Pool>(1),
            [this](const std::string& file, const Answers& said, const Job::Context&) {
                return app::openDocument(registry_, file, {said});
            }});
        window_ = std::make_unique<app::MainWindow>(*session_, app::WindowContent{});
        window_->show();
    }

    void openBundled()
    {
        drop({model, picture});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
    }

    void drop(const QStringList& files)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& file : files)
            urls.append(QUrl::fromLocalFile(file));
        data.setUrls(urls);
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window_.get(), &enter);
        QDropEvent event({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window_.get(), &event);
    }

    void exportTo(const char* view, const QString& file)
    {
        window_->exportDialog().open(window_->view(view));
        window_->exportDialog().exportTo(file);
        QTRY_VERIFY(!window_->exportDialog().job()->isRunning());
    }

    static void fill(const QDialog& dialog, const char* heads)
    {
        dialog.findChild<QLineEdit*>("heads")->setText(heads);
        dialog.findChild<QComboBox*>("activation")->setCurrentText("gelu");
        dialog.findChild<QComboBox*>("pool")->setCurrentText("cls");
        dialog.findChild<QComboBox*>("preprocess")->setCurrentText("none");
    }

    /// Presses Locate... and chooses the file.
    void chooseLocated(const QString& file)
    {
        auto* button = window_->messages().findChild<QToolButton*>("remedy");
        QVERIFY(button->isVisible());
        button->click();
        QFileDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QFileDialog*>("locate")));
        QVERIFY(!dialog->isModal());
        dialog->selectFile(file);
        QMetaObject::invokeMethod(dialog, "accept");
    }

    QTemporaryDir folder_;
    Registry registry_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<app::MainWindow> window_;
};

QTEST_MAIN(TestOpening)
#include "tst_opening.moc"
