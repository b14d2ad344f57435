// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theme.h"

#include "widgets/plots/style.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>

namespace fovea::app {

namespace {

struct Colors {
    QRgb window, base, alternate, button, text, faint, accent, onAccent, tip;
    QRgb light, midlight, mid, dark, shadow; ///< of edges; mid has 3:1 on window and base
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
    palette.setColor(QPalette::Light, QColor(c.light));
    palette.setColor(QPalette::Midlight, QColor(c.midlight));
    palette.setColor(QPalette::Mid, QColor(c.mid));
    palette.setColor(QPalette::Dark, QColor(c.dark));
    palette.setColor(QPalette::Shadow, QColor(c.shadow));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(c.faint));
    return palette;
}

/// Fusion draws the edges of fields in a darker shade of the window, which nobody sees on a dark one.
class SeenFields final : public QProxyStyle {
public:
    SeenFields()
        : QProxyStyle(QStringLiteral("fusion"))
    {
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override
    {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element == PE_IndicatorCheckBox)
            paintEdge(*option, *painter, option->rect.adjusted(1, 1, -1, -1));
        if (element == PE_FrameLineEdit)
            paintEdge(*option, *painter, option->rect);
    }

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
        const QWidget* widget) const override
    {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        const bool isFramed = control == CC_SpinBox || control == CC_ComboBox;
        if (isFramed && !(option->state & State_HasFocus))
            paintEdge(*option, *painter, option->rect);
    }

private:
    static void paintEdge(const QStyleOption& option, QPainter& painter, const QRect& rect)
    {
        if (option.state & State_HasFocus) // in the accent's colour already
            return;
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(option.palette.color(
            option.state & State_Enabled ? QPalette::Mid : QPalette::Light)); // none can be used there
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
        painter.restore();
    }
};

/// Without our palette over it the application has the desktop's.
bool desktopIsDark()
{
    QApplication::setPalette(QPalette());
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

}

QPalette lightPalette()
{
    return paletteOf({0xfff3f4f6, 0xffffffff, 0xfff7f8f9, 0xffffffff, 0xff1b1f24, 0xff656c75, accentOnLight,
        0xffffffff, 0xfffff4d6, 0xffffffff, 0xffe9ebee, 0xff838a93, 0xffb4bac2, 0xff5b626b});
}

QPalette darkPalette()
{
    return paletteOf({0xff1f2328, 0xff16191d, 0xff1b1f24, 0xff2b3037, 0xffe6e8eb, 0xff99a1ab, accentOnDark,
        0xff0d1117, 0xff3b3420, 0xff363c44, 0xff2b3037, 0xff6f7883, 0xff14171b, 0xff0d1117});
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
    if (!dynamic_cast<SeenFields*>(QApplication::style()))
        QApplication::setStyle(new SeenFields);
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
