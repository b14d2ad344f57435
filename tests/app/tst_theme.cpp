// Text can be read in both themes and on paper: contrasts of 4.5:1 at least (WCAG 2.1, success
// criterion 1.4.3).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/theme.h"

#include "widgets/plots/color_map.h"
#include "widgets/plots/style.h"

#include "tests/support/test.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>

using namespace fovea;

namespace {

/// (L1 + 0.05) / (L2 + 0.05) of the relative luminances, the lighter first.
double contrast(const QColor& a, const QColor& b)
{
    const auto luminance = [](const QColor& color) {
        double sum = 0;
        for (const auto& [value, share] : {std::pair(color.redF(), 0.2126), std::pair(color.greenF(), 0.7152),
                 std::pair(color.blueF(), 0.0722)}) {
            const auto c = static_cast<double>(value);
            sum += share * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
        }
        return sum;
    };
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

/// The best contrast that a point on the way into a field from its left has to the window.
double edgeOf(QWidget& field)
{
    const QImage image = field.grab().toImage();
    double best = 1;
    for (int x = 0; x < 4; ++x)
        best = std::max(
            best, contrast(image.pixelColor(x, image.height() / 2), field.palette().color(QPalette::Window)));
    return best;
}

}

class TestTheme : public QObject {
    Q_OBJECT

private slots:
    void contrastIsKnown()
    {
        QVERIFY(std::abs(contrast(Qt::black, Qt::white) - 21) < 1e-9);
        QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void figuresHaveTheAccentOfTheLightTheme()
    {
        const QColor accent = app::lightPalette().color(QPalette::Highlight);
        QCOMPARE(Style::paper().accent, accent);
        QCOMPARE(Style::screen(app::lightPalette(), QFont(), 96).accent, accent);
    }

    void textOfBothThemesCanBeRead()
    {
        for (const QPalette& palette : {app::lightPalette(), app::darkPalette()})
            for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
                const auto check = [&](QPalette::ColorRole text, QPalette::ColorRole ground) {
                    const double found = contrast(palette.color(group, text), palette.color(group, ground));
                    QVERIFY2(found >= 4.5,
                        qPrintable(QString("role %1 on %2 has %3").arg(text).arg(ground).arg(found)));
                };
                check(QPalette::WindowText, QPalette::Window);
                check(QPalette::Text, QPalette::Base);
                check(QPalette::Text, QPalette::AlternateBase);
                check(QPalette::PlaceholderText, QPalette::Base);
                check(QPalette::ButtonText, QPalette::Button);
                check(QPalette::ButtonText, QPalette::Window);
                check(QPalette::HighlightedText, QPalette::Highlight);
                check(QPalette::Link, QPalette::Base);
                check(QPalette::ToolTipText, QPalette::ToolTipBase);
            }
    }

    /// WCAG 2.1, success criterion 1.4.11.
    void fieldsCanBeSeen()
    {
        app::ThemeSwitch theme(nullptr);
        for (const app::Theme which : {app::Theme::Light, app::Theme::Dark}) {
            theme.set(which);
            QWidget window;
            const QPalette palette = window.palette();
            QVERIFY(contrast(palette.color(QPalette::Mid), palette.color(QPalette::Window)) >= 3);
            QVERIFY(contrast(palette.color(QPalette::Mid), palette.color(QPalette::Base)) >= 3);
            QCheckBox box(&window);
            QLineEdit line(&window);
            QSpinBox spin(&window);
            QComboBox choices(&window);
            for (QWidget* field : std::initializer_list<QWidget*>{&box, &line, &spin, &choices}) {
                field->resize(field->sizeHint());
                QVERIFY2(edgeOf(*field) >= 3, field->metaObject()->className());
            }
        }
    }

    void linesOfTheDarkThemeAreDark()
    {
        const QPalette dark = app::darkPalette();
        for (const auto role : {QPalette::Light, QPalette::Midlight, QPalette::Dark, QPalette::Shadow})
            QVERIFY(contrast(dark.color(role), dark.color(QPalette::Window)) < 2);
    }

    void textOfViewsCanBeRead()
    {
        for (const Style& style : {Style::screen(app::lightPalette(), QFont(), 96),
                 Style::screen(app::darkPalette(), QFont(), 96), Style::paper()})
            for (const QColor& text : {style.ink, style.faint, style.accent})
                QVERIFY2(contrast(text, style.ground) >= 4.5,
                    qPrintable(text.name() + " on " + style.ground.name()));
    }

    void textOnMapsCanBeRead()
    {
        for (const auto kind :
            {ColorMap::Kind::Sequential, ColorMap::Kind::Diverging, ColorMap::Kind::Cyclic})
            for (const QString& name : ColorMap::names(kind))
                for (int i = 0; i < ColorMap::size; ++i) {
                    const QColor ground(ColorMap::named(name)[i]);
                    QVERIFY(contrast(readableOn(ground), ground) >= 4.5);
                }
        const QColor missing(ColorMap::missing);
        QVERIFY(contrast(readableOn(missing), missing) >= 4.5);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
