// Files that need more than being read: foreign models are asked about, pictures are looked at.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_writer.h"
#include "core/io/open_weights.h"
#include "core/io/trace_file.h"

#include "tests/app/real_window.h"
#include "tests/support/test.h"

#include <QApplication>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDialogButtonBox>
#include <QImage>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

using namespace fovea;

class TestOpening final : public RealWindow {
    Q_OBJECT

private slots:
    void initTestCase() { prepare("tst_opening"); }

    void init()
    {
        QSettings().clear();
        makeWindow();
    }

    void cleanup() { closeWindow(); }

    void aForeignModelIsAskedAbout()
    {
        drop({foreignModel, foreignInput});
        QDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QDialog*>("foreignDialog")));
        QVERIFY(!dialog->isModal());
        QVERIFY(!session_->slot().weights);
        auto* tensors = dialog->findChild<QTreeWidget*>("tensors");
        io::OpenOptions options{foreignAnswers};
        QCOMPARE(tensors->topLevelItemCount(),
            static_cast<int>(io::openWeights(foreignModel.toStdString(), registry_, options).report.size()));
        auto* open = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Open);
        QVERIFY(!open->isEnabled());
        fill(*dialog, "5"); // does not divide the width
        QVERIFY(open->isEnabled());
        open->click();
        QTRY_VERIFY(window_->messages().text().contains("a divisor of dim"));
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
        drop({foreignModel});
        QDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QDialog*>("foreignDialog")));
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Cancel)->click();
        QTRY_VERIFY(!window_->findChild<QDialog*>("foreignDialog"));
        QCOMPARE(session_->slot().base, before);
        QVERIFY(window_->messages().text().isEmpty());
    }

    void aPictureWithoutARecipeIsAnInput()
    {
        openBundled();
        const InputPtr before = session_->slot().input;
        QImage(64, 64, QImage::Format_RGB32).save(path("plain.png"));
        drop({path("plain.png")});
        QTRY_VERIFY(session_->slot().input != before);
        QCOMPARE(session_->slot().modelPath, bundledModel.toStdString());
    }

    void everyFileIsKnownByItsHash()
    {
        openBundled();
        io::writeTrace(path("trace.h5").toStdString(), *session_->slot().base);
        io::Hdf5Writer input(path("input.h5").toStdString());
        input.write("input", Tensor({1, 3, 8, 8}));
        input.commit();
        const QString flat = QStringLiteral(FOVEA_FIXTURES "/checkpoints/timm_flat.h5");
        for (const QString& file : {bundledModel, foreignModel, flat, path("trace.h5"), path("input.h5"),
                 foreignInput, bundledPicture}) {
            const Answers& answers = file == foreignModel || file == flat ? foreignAnswers : Answers();
            const Document document = app::openDocument(registry_, file.toStdString(), {answers});
            const std::string hash
                = QCryptographicHash::hash(test::contentOf(file), QCryptographicHash::Sha256)
                      .toHex()
                      .toStdString();
            QCOMPARE(document.hash, hash);
            QVERIFY(document.weights || document.input || document.trace);
            if (document.weights)
                QCOMPARE(document.weights->parts().hash, hash);
            if (document.input)
                QCOMPARE(document.input->hash, hash);
        }
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
    static void fill(const QDialog& dialog, const char* heads)
    {
        dialog.findChild<QLineEdit*>("heads")->setText(heads);
        dialog.findChild<QComboBox*>("activation")->setCurrentText("gelu");
        dialog.findChild<QComboBox*>("pool")->setCurrentText("cls");
        dialog.findChild<QComboBox*>("preprocess")->setCurrentText("none");
    }
};

QTEST_MAIN(TestOpening)
#include "tst_opening.moc"
