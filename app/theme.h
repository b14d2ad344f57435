// Light and dark: two palettes with one accent colour. Follows the desktop unless a person chose.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPalette>

namespace fovea::app {

enum class Theme { Desktop, Light, Dark };

QPalette lightPalette();
QPalette darkPalette();

/// Sets style and palette of the application, and with Theme::Desktop again whenever the desktop changes its
/// own.
class ThemeSwitch final : public QObject {
    Q_OBJECT

public:
    explicit ThemeSwitch(QObject* parent);
    void set(Theme theme);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    Theme theme_ = Theme::Desktop;
    bool isApplying_ = false;
};

}
