// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theme.h"

#include <QApplication>
#include <QEvent>
#include <QStyle>
#include <QStyleFactory>

namespace fovea::app {

namespace {

struct Colors {
    QRgb window, base, alternate, button, text, faint, accent, onAccent, tip;
};

QPalette paletteOf(const Colors& c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(c.window));
    palette.setColor(QPalette::WindowText, QColor(c.text));
    palette.setColor(QPalette::Base, QColor(c.base));
    palette.setColor(QPalette::AlternateBase, QColor(c.alternate));
    palette.setColor(QPalette::Text, QColor(c.text));
    palette.setColor(QPalette::PlaceholderText, QColor(c.faint));
    palette.setColor(QPalette::Button, QColor(c.button));
    palette.setColor(QPalette::ButtonText, QColor(c.text));
    palette.setColor(QPalette::BrightText, QColor(c.text));
    palette.setColor(QPalette::Highlight, QColor(c.accent));
    palette.setColor(QPalette::HighlightedText, QColor(c.onAccent));
    palette.setColor(QPalette::Link, QColor(c.accent));
    palette.setColor(QPalette::ToolTipBase, QColor(c.tip));
    palette.setColor(QPalette::ToolTipText, QColor(c.text));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(c.faint));
    return palette;
}

/// Without our palette over it the application has the desktop's.
bool desktopIsDark()
{
    QApplication::setPalette(QPalette());
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

}

QPalette lightPalette()
{
    return paletteOf({0xfff3f4f6, 0xffffffff, 0xfff7f8f9, 0xffffffff, 0xff1b1f24, 0xff656c75, 0xff0a63c2,
        0xffffffff, 0xfffff4d6});
}

QPalette darkPalette()
{
    return paletteOf({0xff1f2328, 0xff16191d, 0xff1b1f24, 0xff2b3037, 0xffe6e8eb, 0xff99a1ab, 0xff4c9dff,
        0xff0d1117, 0xff3b3420});
}

ThemeSwitch::ThemeSwitch(QObject* parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

void ThemeSwitch::set(Theme theme)
{
    theme_ = theme;
    apply();
}

void ThemeSwitch::apply()
{
    isApplying_ = true;
    if (QApplication::style()->name() != QLatin1String("fusion"))
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("fusion")));
    const bool isDark = theme_ == Theme::Dark || (theme_ == Theme::Desktop && desktopIsDark());
    QApplication::setPalette(isDark ? darkPalette() : lightPalette());
    isApplying_ = false;
}

/// Platforms say it in one of two ways: to the window, or to the application by another palette.
bool ThemeSwitch::eventFilter(QObject* watched, QEvent* event)
{
    const bool isNews = event->type() == QEvent::ThemeChange
        || (event->type() == QEvent::ApplicationPaletteChange && watched == qApp);
    if (isNews && theme_ == Theme::Desktop && !isApplying_)
        apply();
    return QObject::eventFilter(watched, event);
}

}
