// A test's own window in which a toy's lab runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document.h"
#include "app/export_dialog.h"
#include "app/main_window.h"

#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include "tests/app/own_settings.h"
#include "tests/support/toys/toys.h"

#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QSpinBox>

namespace fovea {

/// The base of such a test.
class LabWindow : public OwnSettings {
protected:
    static constexpr int runSteps = 80, patienceMs = 60000;

    /// Of which the first lab has attention and a vector.
    static const Registry& labs()
    {
        static const Registry& all = []() -> const Registry& {
            static Registry registry;
            toys::addTraining(registry);
            toys::addDrop(registry);
            return registry;
        }();
        return all;
    }

    void open(const Registry& registry = labs())
    {
        window_.reset();
        session_ = std::make_unique<Session>(Services{&registry, std::make_shared<Pool>(1),
            [](const std::string& file, const Answers& answers, const Job::Context&) {
                return app::openDocument(labs(), file, {answers});
            }});
        window_ = std::make_unique<app::MainWindow>(*session_, app::WindowContent{});
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    void closeWindow()
    {
        window_.reset();
        session_.reset();
        Job::waitForAll();
    }
    /// Dynamics, with a short run.
    void visit()
    {
        window_->findChild<QSpinBox*>("labSteps")->setValue(runSteps);
        window_->docks().switchTo("dynamics");
        QTRY_VERIFY_WITH_TIMEOUT(player().run() && player().run()->done == runSteps, patienceMs);
        QTRY_VERIFY(!player().isPlaying());
    }
    QString path(const char* name) const { return folder_.filePath(name); }
    Player& player() { return session_->player(); }

    std::unique_ptr<Session> session_;
    std::unique_ptr<app::MainWindow> window_;
};

}
