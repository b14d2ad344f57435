// Settings in a folder of a test's own, not a person's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test.h"

#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace fovea {

/// The base of tests with a window.
class OwnSettings : public QObject {
protected:
    void useOwnSettings(const char* test)
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("fovea");
        QCoreApplication::setApplicationName(test);
        QVERIFY(folder_.isValid());
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    }

    QTemporaryDir folder_;
};

}
