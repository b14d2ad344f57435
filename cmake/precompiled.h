// What most sources read of Qt and the standard library, for cmake to compile once (fovea_precompile, tests).
// No source includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifdef QT_TESTLIB_LIB
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#endif
#ifdef QT_CORE_LIB
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QTimer>
#endif
#ifdef QT_WIDGETS_LIB
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFormLayout>
#include <QHeaderView>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>
