// What the Help menu shows: text in windows beside, never in the way.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "widgets/views/core_text.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QMenu>
#include <QMenuBar>
#include <QTextEdit>
#include <QVBoxLayout>

namespace fovea::app {

namespace {

/// A window beside, with text that can be copied. Never in the way.
void showText(QWidget* parent, const QString& title, const QString& html)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    auto* edit = new QTextEdit;
    edit->setHtml(html);
    edit->setReadOnly(true);
    edit->setFrameShape(QFrame::NoFrame);
    edit->viewport()->setAutoFillBackground(false);
    edit->setAccessibleName(title);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    layout->addWidget(edit);
    layout->addWidget(buttons);
    dialog->resize(560, 520);
    dialog->show();
}

QString heading(const QString& text) { return QStringLiteral("<h4>%1</h4>").arg(text.toHtmlEscaped()); }

/// Rows of cells, the first of each in bold.
QString table(const std::vector<QStringList>& rows)
{
    QString html = QStringLiteral("<table cellpadding=\"3\">");
    for (const QStringList& row : rows) {
        html += QStringLiteral("<tr>");
        for (qsizetype i = 0; i < row.size(); ++i)
            html += (i == 0 ? QStringLiteral("<td width=\"150\"><b>%1</b></td>")
                            : QStringLiteral("<td>%1</td>"))
                        .arg(row[i].toHtmlEscaped());
        html += QStringLiteral("</tr>");
    }
    return html + QStringLiteral("</table>");
}

QString plain(QString text) { return text.remove(QLatin1Char('&')).remove(QChar(0x2026)); }

template <class Sources>
std::vector<QStringList> identities(const Sources& sources)
{
    std::vector<QStringList> rows;
    for (const auto* source : sources)
        rows.push_back(
            {QString::fromStdString(source->identity().id), coreText(source->identity().sentence)});
    return rows;
}

}

void MainWindow::showPlugins()
{
    QString html = heading(tr("Architectures")) + table(identities(session_.registry().architectures()));
    if (!session_.registry().labs().empty())
        html += heading(tr("Labs")) + table(identities(session_.registry().labs()));
    std::vector<QStringList> failures;
    for (const auto& [file, reason] : content_.pluginFailures)
        failures.push_back({QString::fromStdString(file), QString::fromStdString(reason)});
    html += failures.empty() ? QStringLiteral("<p>%1</p>").arg(tr("Every plugin was loaded."))
                             : heading(tr("Not loaded")) + table(failures);
    showText(this, tr("Plugins"), html);
}

void MainWindow::showShortcuts()
{
    QString html = heading(tr("In a view"))
        + table({{tr("Hover"), tr("shows a patch's attention everywhere, while the mouse is there")},
            {tr("Click, Enter"), tr("pins the patch or cell; again releases it")},
            {tr("Arrows"), tr("move the patch or cell")},
            {tr("Shift+Arrows"), tr("move the other end: the key of a query")},
            {tr("Right click"), tr("switches a head, a token or a block off, averages or scales it")},
            {tr("Wheel, double click"), tr("zooms the matrix; shows all of it again")},
            {tr("Drag"), tr("moves the zoomed matrix; brushes heads in the statistics")}});
    for (const QAction* menu : menuBar()->actions()) {
        std::vector<QStringList> rows;
        for (const QAction* action : menu->menu()->actions())
            if (!action->shortcut().isEmpty())
                rows.push_back(
                    {action->shortcut().toString(QKeySequence::NativeText), plain(action->iconText())});
        if (!rows.empty())
            html += heading(plain(menu->text())) + table(rows);
    }
    showText(this, tr("Keyboard and mouse"), html);
}

void MainWindow::showAbout()
{
    const QString html
        = QStringLiteral("<p><img src=\":/icons/org.fovea.Fovea.svg\" width=\"64\" height=\"64\"/></p>"
                         "<h2>Fovea %1</h2><p>%2</p><p>%3</p>")
              .arg(QCoreApplication::applicationVersion(),
                  tr("A desktop laboratory for looking inside transformers."),
                  tr("Free software under the GNU General Public License, version 3 or later. "
                     "Fovea never uses the "
                     "network."))
        + heading(tr("Libraries"))
        + table({{QStringLiteral("Qt %1").arg(QString::fromLatin1(qVersion())), tr("the window; LGPL 3")},
            {QStringLiteral("QCustomPlot"), tr("axes, zoom and drag of the plots; GPL 3 or later")},
            {QStringLiteral("HDF5"), tr("weights and traces; BSD")},
            {QStringLiteral("nlohmann/json"), tr("configurations and recipes; MIT")},
            {QStringLiteral("zlib"), tr("compressed figures; zlib")}})
        + heading(tr("Data"))
        + table({{tr("Shapes"),
                     tr("pictures that Fovea draws, and what vit_micro_shapes learnt from; GPL 3 or later")},
            {QStringLiteral("Fashion-MNIST"), tr("pictures, and what vit_micro_fashion learnt from; MIT")},
            {tr("Photographs"), tr("NASA, Stefan van der Walt, Rachel Michetti; public domain and CC0")},
            {tr("Colour maps"),
                tr("viridis, magma, twilight: CC0; cividis: BSD; RdBu and YlGnBu: color specifications "
                   "and designs "
                   "developed by Cynthia Brewer (colorbrewer.org), Apache 2")}});
    showText(this, tr("About Fovea"), html);
}

}
