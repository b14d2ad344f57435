// Journeys through the real window, offscreen.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document.h"
#include "app/export_dialog.h"
#include "app/main_window.h"

#include "widgets/panels/message_bar.h"
#include "widgets/session/patterns.h"
#include "widgets/views/spatial_view.h"
#include "widgets/views/view.h"

#include "core/analysis/effect.h"
#include "core/io/npy.h"
#include "core/io/weights_file.h"

#include "tests/app/own_settings.h"
#include "tests/support/toys/toys.h"

#include <QAction>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QSettings>
#include <QToolButton>

using namespace fovea;

namespace {

constexpr const char* toy = "toy_drop";

}

class TestWindow : public OwnSettings {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        useOwnSettings("tst_window");
        QSettings().clear();
        const Architecture& architecture = toys::toys().requireArchitecture(toy);
        io::writeWeights(file("model.h5"), *toys::toyWeights(architecture));
        io::writeNpy(file("input.npy"), toys::toyInput(architecture).at(0));
        QFile broken(folder_.filePath("broken.h5"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("\x89HDF\r\n\x1a\n and then nothing that makes sense");
    }

    void init()
    {
        session_ = std::make_unique<Session>(Services{&toys::toys(), std::make_shared<Pool>(1),
            [](const std::string& path, const Answers& answers, const Job::Context&) {
                return app::openDocument(toys::toys(), path, {answers});
            }});
        window_ = std::make_unique<app::MainWindow>(*session_, app::WindowContent{});
        window_->show();
        drop({"model.h5", "input.npy"});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
    }

    void cleanup()
    {
        window_.reset();
        session_.reset();
    }

    void hoverPinAndRelease()
    {
        const RecordPtr record = session_->patterns().layer(0);
        const TokenLayout& tokens = *record->queries;
        const int token = tokens.tokens() / 2;
        auto* view = window_->view("overlay");
        QTest::mouseMove(view, pointOf(*view, tokens, token));
        const auto row = attentionRow(*record, {0, 0}, findQuery(*record, token).position);
        const auto best = std::ranges::max_element(row);
        const QString name = QString::fromStdString(tokens.name(token));
        QTRY_VERIFY(window_->readOutText().startsWith("L0 H0 q=" + name));
        const CellReading cell = readCell(session_->patterns(), session_->selection());
        QCOMPARE(cell.value, static_cast<double>(*best));
        QVERIFY(window_->readOutText().endsWith(QString("rank 1/%1").arg(row.size())));

        QTest::mouseClick(view, Qt::LeftButton, {}, pointOf(*view, tokens, token));
        QVERIFY(session_->selection().pin.query);
        QTRY_VERIFY(view->findChild<QToolButton*>("pinChip")->isVisible());
        QTest::mouseMove(view, pointOf(*view, tokens, 0)); // the pin holds, the other half follows
        QTRY_VERIFY(session_->selection().hover.key);
        QVERIFY(window_->readOutText().startsWith("L0 H0 q=" + name));
        QTest::keyClick(window_.get(), Qt::Key_Escape);
        QVERIFY(session_->selection().pin.empty());
        QTRY_VERIFY(!view->findChild<QToolButton*>("pinChip")->isVisible());
    }

    void headOffChangesTheAnswerAndUndoRestoresIt()
    {
        const Tensor before = session_->slot().base->output;
        const auto classes = window_->view("classes")->data().front().value.toDoubles();
        QTest::keyClick(window_.get(), Qt::Key_K);
        QTRY_VERIFY(session_->slot().edited);
        const Tensor after = session_->slot().edited->output;
        QVERIFY(!after.identical(before));
        const auto edited = window_->view("classes")->data().front().value.toDoubles();
        const auto effect = analysis::effectOf(before, after);
        QCOMPARE(edited[3], effect.logit[static_cast<std::size_t>(edited[0])]);
        QVERIFY(edited != classes);
        window_->action("undo")->trigger();
        QVERIFY(!session_->slot().edited);
        QCOMPARE(window_->view("classes")->data().front().value.toDoubles(), classes);
    }

    void filtersAreDrawnAsTheirPaperDoes()
    {
        const fovea::Display before = session_->display();
        window_->action("gfnet-look")->trigger();
        QCOMPARE(session_->display().colors, QString("YlGnBu"));
        QCOMPARE(session_->display().scale, ScaleMode::Shown);
        window_->action("undo")->trigger();
        QVERIFY(session_->display() == before);
    }

    void keysMoveLayerAndHead()
    {
        QTest::keyClick(window_.get(), Qt::Key_PageDown);
        QCOMPARE(session_->selection().layer, 1);
        QTest::keyClick(window_.get(), Qt::Key_BracketRight);
        QCOMPARE(session_->selection().head, 1);
        QTest::keyClick(window_.get(), Qt::Key_PageUp);
        QCOMPARE(session_->selection().layer, 0);
    }

    void tabReachesEverythingAndTheRingIsSeen()
    {
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
        window_->view("overlay")->setFocus();
        QSet<QWidget*> reached;
        for (QWidget* at = window_->focusWidget(); !reached.contains(at); at = window_->focusWidget()) {
            reached.insert(at);
            QTest::keyClick(at, Qt::Key_Tab);
        }
        for (QWidget* widget : window_->findChildren<QWidget*>())
            if (widget->isVisible() && widget->isEnabled() && !widget->focusProxy()
                && (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus)
                QVERIFY2(reached.contains(widget),
                    qPrintable(widget->metaObject()->className() + (' ' + widget->objectName())));
        for (const char* id : {"overlay", "head-grid", "matrix", "head-scatter", "classes"}) {
            View* view = window_->view(id);
            QVERIFY2(reached.contains(view), id);
            view->setFocus();
            const QColor accent = view->palette().color(QPalette::Highlight);
            QCOMPARE(view->grab().toImage().pixelColor(view->width() / 2, 0), accent);
            window_->view("overlay")->setFocus();
            QVERIFY(id == QLatin1String("overlay")
                || view->grab().toImage().pixelColor(view->width() / 2, 0) != accent);
        }
    }

    void exportedNumbersAreTheRecords()
    {
        window_->exportDialog().open(window_->view("overlay"));
        const QString path = folder_.filePath("row.npy");
        window_->exportDialog().exportTo(path);
        QTRY_VERIFY(!window_->exportDialog().job()->isRunning());
        const Tensor saved = io::readNpy(path.toStdString());
        QVERIFY(saved.identical(window_->view("overlay")->data().front().value));
    }

    void badFilesAreNamedAndTheWindowGoesOn()
    {
        const TracePtr before = session_->slot().base;
        drop({"broken.h5"});
        QTRY_VERIFY(window_->messages().text().contains("broken.h5"));
        QVERIFY(window_->messages().isVisible());
        QCOMPARE(session_->slot().base, before);
        drop({"input.npy"});
        QTRY_VERIFY(session_->slot().base != before);
    }

    void aBadLayoutIsIgnored()
    {
        const QByteArray good = window_->docks().state();
        window_->docks().restore("nonsense");
        window_->docks().restore({});
        window_->docks().restore(good.left(good.size() / 2));
        QVERIFY(window_->view("overlay")->isVisible());
    }

    void everyActionHasANameAndNoShortcutIsTaken()
    {
        QMap<QString, QString> taken;
        for (const QAction* action : window_->findChildren<QAction*>()) {
            const QString keys = action->shortcut().toString();
            if (keys.isEmpty())
                continue;
            QVERIFY(!action->text().isEmpty());
            QVERIFY2(!taken.contains(keys), qPrintable(keys + " " + action->text()));
            taken[keys] = action->text();
        }
        QVERIFY(taken.contains("Ctrl+E") && taken.contains("Ctrl+Shift+P"));
    }

private:
    std::string file(const char* name) const { return folder_.filePath(name).toStdString(); }

    void drop(const QStringList& names)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& name : names)
            urls.append(QUrl::fromLocalFile(folder_.filePath(name)));
        data.setUrls(urls);
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window_.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window_.get(), &event);
    }

    /// A point over a token, found by asking the view for what it shows there.
    static QPoint pointOf(const View& view, const TokenLayout& tokens, int token)
    {
        return static_cast<const SpatialView&>(view).pointOf(tokens, token).toPoint();
    }

    std::unique_ptr<Session> session_;
    std::unique_ptr<app::MainWindow> window_;
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
