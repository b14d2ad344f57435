// Texts that core and the plugins bring, in the language of the window.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <string>

namespace fovea {

/// Core knows no Qt: labels, help and names come in English and are looked up in the context "Core".
inline QString coreText(const std::string& english)
{
    return QCoreApplication::translate("Core", english.c_str());
}

}
