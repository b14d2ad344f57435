// A test's own window with the vit plugin and the model that ships, and what is dropped on it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document.h"
#include "app/export_dialog.h"
#include "app/main_window.h"
#include "app/plugin_host.h"

#include "widgets/panels/message_bar.h"
#include "widgets/views/view.h"

#include "tests/app/own_settings.h"

#include <QDropEvent>
#include <QMimeData>

namespace fovea {

inline const QString bundledModel = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_fashion.h5");
inline const QString bundledPicture = QStringLiteral(FOVEA_RESOURCES "/samples/fashion_bag_18.png");
inline const QString foreignModel = QStringLiteral(FOVEA_FIXTURES "/checkpoints/vit_pytorch_0.safetensors");
inline const QString foreignInput = QStringLiteral(FOVEA_FIXTURES "/checkpoints/input.npy");
/// To what its names and shapes do not tell.
inline const Answers foreignAnswers{
    {"heads", "3"}, {"activation", "gelu"}, {"pool", "cls"}, {"preprocess", "none"}};

/// Drops files on a window as a file manager does.
inline void dropOn(QWidget& window, const QStringList& files)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files)
        urls.append(QUrl::fromLocalFile(file));
    data.setUrls(urls);
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&window, &event);
}

/// The base of such a test.
class RealWindow : public OwnSettings {
protected:
    void prepare(const char* test)
    {
        useOwnSettings(test);
        app::loadPlugins(registry_, {qEnvironmentVariable("FOVEA_BIN").toStdString() + "/plugins"});
        QVERIFY(registry_.architecture("vit"));
    }

    void makeWindow(const app::WindowContent& content = {})
    {
        closeWindow();
        session_ = std::make_unique<Session>(Services{&registry_, std::make_shared<Pool>(1),
            [this](const std::string& file, const Answers& said, const Job::Context&) {
                return app::openDocument(registry_, file, {said});
            }});
        window_ = std::make_unique<app::MainWindow>(*session_, content);
        window_->show();
    }

    void closeWindow()
    {
        window_.reset();
        session_.reset();
    }

    void drop(const QStringList& files) { dropOn(*window_, files); }

    void openBundled()
    {
        drop({bundledModel, bundledPicture});
        QTRY_VERIFY2(session_->slot().base, qPrintable(window_->messages().text()));
    }

    void exportTo(const char* view, const QString& file)
    {
        window_->exportDialog().open(window_->view(view));
        window_->exportDialog().exportTo(file);
        QTRY_VERIFY(!window_->exportDialog().job()->isRunning());
    }

    QString path(const QByteArray& name) const { return folder_.filePath(QString::fromLatin1(name)); }

    Registry registry_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<app::MainWindow> window_;
};

}
