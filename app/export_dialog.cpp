// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export_dialog.h"

#include "app/figure_export.h"
#include "app/movie_maker.h"

#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>

#include <array>

namespace fovea::app {

namespace {

struct Unit {
    const char* name;
    double points;
};
constexpr std::array units{Unit{"mm", 72 / 25.4}, Unit{"in", 72}, Unit{"pt", 1}};

struct Format {
    const char *label, *ending;
};
constexpr std::array formats{Format{QT_TRANSLATE_NOOP("Export", "PDF figure"), "pdf"},
    Format{QT_TRANSLATE_NOOP("Export", "SVG figure"), "svg"},
    Format{QT_TRANSLATE_NOOP("Export", "PNG figure"), "png"},
    Format{QT_TRANSLATE_NOOP("Export", "CSV data"), "csv"},
    Format{QT_TRANSLATE_NOOP("Export", "NumPy data"), "npy"},
    Format{QT_TRANSLATE_NOOP("Export", "HDF5 data"), "h5"},
    Format{QT_TRANSLATE_NOOP("Export", "Movie: folder of PNGs"), ""},
    Format{QT_TRANSLATE_NOOP("Export", "Movie: MP4 by ffmpeg"), "mp4"}};
constexpr double columnMm = 82.55, /* 3.25 in, as the command has it */ leastMm = 25.4, mostMm = 1000;
constexpr int previewMs = 20;

}

ExportDialog::ExportDialog(Session& session, QWidget* parent)
    : QDialog(parent)
    , session_(session)
    , job_(new Job(this))
    , format_(new QComboBox)
    , unit_(new QComboBox)
    , width_(new QDoubleSpinBox)
    , dpi_(new QSpinBox)
    , which_(new QComboBox)
    , preview_(new QLabel)
    , size_(new QLabel)
    , stale_(new QTimer(this))
    , steps_(new QLineEdit)
    , rate_(new QSpinBox)
    , movies_(new MovieMaker(session, job_, this))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    fillFields();
    arrange();
    follow();
}

void ExportDialog::fillFields()
{
    for (const Format& format : formats)
        format_->addItem(
            QCoreApplication::translate("Export", format.label), QString::fromLatin1(format.ending));
    for (const Unit& unit : units)
        unit_->addItem(QString::fromLatin1(unit.name));
    width_->setRange(leastMm, mostMm);
    width_->setValue(columnMm);
    width_->setDecimals(2);
    dpi_->setRange(72, 1200);
    dpi_->setValue(300);
    dpi_->setSuffix(tr(" dpi"));
    dpi_->setToolTip(
        tr("Of a PNG. In PDF and SVG each map is one image, magnified by whole numbers to this at least."));
    which_->setAccessibleName(tr("View"));
    format_->setAccessibleName(tr("Format"));
    format_->setObjectName(QStringLiteral("format"));
    width_->setAccessibleName(tr("Width"));
    unit_->setAccessibleName(tr("Unit of the width"));
    dpi_->setAccessibleName(tr("Resolution in dots per inch"));
    preview_->setObjectName(QStringLiteral("preview"));
    preview_->setAccessibleName(tr("Preview at true size"));
    fillMovieFields();
}

void ExportDialog::fillMovieFields()
{
    constexpr int usualRate = 25, mostRate = 240;
    steps_->setObjectName(QStringLiteral("movieSteps"));
    steps_->setPlaceholderText(tr("first:last:every"));
    steps_->setToolTip(tr("As in 0:100:2; empty: every recorded step"));
    steps_->setAccessibleName(tr("Steps of the movie"));
    rate_->setRange(1, mostRate);
    rate_->setValue(usualRate);
    rate_->setSuffix(tr(" frames/s"));
    rate_->setAccessibleName(tr("Frames per second"));
}

bool ExportDialog::isMovie() const
{
    const QString ending = format_->currentData().toString();
    return ending.isEmpty() || ending == QLatin1String("mp4");
}

QDialogButtonBox* ExportDialog::makeButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* write = buttons->addButton(tr("Export…"), QDialogButtonBox::AcceptRole);
    write->setDefault(true);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(write, &QPushButton::clicked, this, &ExportDialog::choose);
    connect(job_, &Job::started, write, [write] { write->setEnabled(false); });
    connect(job_, &Job::ended, write, [write] { write->setEnabled(true); });
    return buttons;
}

void ExportDialog::arrange()
{
    auto* widthRow = new QHBoxLayout;
    widthRow->addWidget(width_, 1);
    widthRow->addWidget(unit_);
    auto* form = form_ = new QFormLayout;
    form->setSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("View"), which_);
    form->addRow(tr("Format"), format_);
    form->addRow(tr("Width"), widthRow);
    form->addRow(tr("Resolution"), dpi_);
    form->addRow(tr("Steps"), steps_);
    form->addRow(tr("Speed"), rate_);
    form->addRow(tr("Size"), size_);
    auto* scroll = new QScrollArea;
    scroll->setWidget(preview_);
    scroll->setAlignment(Qt::AlignCenter);
    auto* left = new QVBoxLayout;
    left->addLayout(form);
    left->addStretch();
    left->addWidget(makeButtons());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(16);
    row->addLayout(left);
    row->addWidget(scroll, 1);
    resize(800, 520);
}

void ExportDialog::follow()
{
    connect(which_, &QComboBox::currentIndexChanged, this, [this] {
        take(parentWidget()->findChild<View*>(which_->currentData().toString()));
        showPreview();
    });
    connect(unit_, &QComboBox::currentIndexChanged, this, &ExportDialog::changeUnit);
    connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::showPreview);
    connect(width_, &QDoubleSpinBox::valueChanged, this, &ExportDialog::showPreview);
    connect(job_, &Job::failed, &session_, &Session::failed);
    for (const auto signal : {&Session::traceChanged, &Session::displayChanged, &Session::selectionChanged,
             &Session::brushChanged, &Session::sweepChanged})
        connect(&session_, signal, stale_, qOverload<>(&QTimer::start));
    connect(&session_, &Session::recordFetched, stale_, qOverload<>(&QTimer::start));
    stale_->setSingleShot(true); // once for all that changes together
    stale_->setInterval(previewMs);
    connect(stale_, &QTimer::timeout, this, &ExportDialog::showPreview);
}

double ExportDialog::widthPt() const
{
    return figure::pointsOf(QString::number(width_->value(), 'f', width_->decimals()) + unit_->currentText());
}

void ExportDialog::changeUnit(int unit)
{
    const double points = width_->value() * units[static_cast<std::size_t>(lastUnit_)].points;
    lastUnit_ = unit;
    const double perMm = units.front().points / units[static_cast<std::size_t>(unit)].points;
    width_->setRange(leastMm * perMm, mostMm * perMm);
    width_->setValue(points / units[static_cast<std::size_t>(unit)].points);
}

void ExportDialog::open(View* view)
{
    const QSignalBlocker quiet(which_);
    which_->clear();
    const QList<View*> all = parentWidget() ? parentWidget()->findChildren<View*>() : QList<View*>();
    for (const View* other : all)
        which_->addItem(other->title(), other->id());
    if (!all.contains(view))
        which_->addItem(view->title(), view->id());
    which_->setCurrentIndex(which_->findData(view->id()));
    take(view);
    show();
    raise();
    showPreview();
}

void ExportDialog::take(View* view)
{
    view_ = view;
    connect(view, &QObject::destroyed, this, [this, view] {
        if (view_ == view) {
            view_ = nullptr;
            close();
        }
    });
}

void ExportDialog::showPreview()
{
    if (!view_ || !isVisible())
        return;
    view_->bringUpToDate();
    if (!view_->isReady())
        stale_->start();
    const bool isFigure = isMovie() || !isData(QLatin1Char('.') + format_->currentData().toString());
    for (QWidget* field : std::initializer_list<QWidget*>{steps_, rate_})
        form_->setRowVisible(field, isMovie());
    for (QWidget* field : std::initializer_list<QWidget*>{width_, unit_, dpi_, preview_})
        field->setEnabled(isFigure); // numbers have no size
    const figure::Recipe recipe = recipeOf(*view_, session_, widthPt(), dpi_->value());
    const double scale = logicalDpiX() / 72.0;
    QImage image((recipe.size.points() * scale * devicePixelRatioF()).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(devicePixelRatioF());
    image.setDotsPerMeterX(qRound(72 / 0.0254)); // a unit of the figure is a point: so fonts have their size
    image.setDotsPerMeterY(qRound(72 / 0.0254));
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(scale, scale);
    painter.setRenderHint(QPainter::Antialiasing);
    Style style = Style::paper();
    style.mapDpi = 0;
    view_->paint(painter, QRectF(QPointF(), recipe.size.points()), style);
    painter.end();
    preview_->setPixmap(QPixmap::fromImage(image));
    preview_->adjustSize();
    size_->setText(isFigure ? tr("%1 × %2 mm")
                                  .arg(recipe.size.widthPt * 25.4 / 72, 0, 'f', 1)
                                  .arg(recipe.size.heightPt * 25.4 / 72, 0, 'f', 1)
                            : tr("the numbers that are drawn"));
}

void ExportDialog::noteExported(const QStringList& written)
{
    emit session_.noted(written.size() > 3 ? tr("Exported %1 to %2.").arg(written.first(), written.last())
                                           : tr("Exported %1.").arg(written.join(QStringLiteral(", "))));
    close();
}

void ExportDialog::exportMovie(const QString& file)
{
    const std::string field = tr("Steps").toStdString();
    std::optional<StepSpan> span;
    if (const QString text = steps_->text().trimmed(); !text.isEmpty())
        span.emplace(text, field);
    movies_->make(*view_, recipeOf(*view_, session_, widthPt(), dpi_->value()),
        movieSteps(session_, span, field), file, rate_->value(),
        [this](const QStringList& written) { noteExported(written); });
}

void ExportDialog::exportTo(const QString& file)
{
    view_->bringUpToDate();
    if (isMovie())
        return exportMovie(file);
    const auto write = exported(file, *view_, session_, recipeOf(*view_, session_, widthPt(), dpi_->value()));
    job_->start(
        tr("Exporting"), [write](const Job::Context&) { return write(); },
        [this](const QStringList& written) { noteExported(written); });
}

void ExportDialog::choose()
{
    const QString ending = format_->currentData().toString();
    const QString dotted = ending.isEmpty() ? QString() : QLatin1Char('.') + ending;
    QString file = QFileDialog::getSaveFileName(this, tr("Export"), view_->id() + dotted,
        ending.isEmpty() ? QString() : QStringLiteral("%1 (*%2)").arg(format_->currentText(), dotted));
    if (file.isEmpty())
        return;
    if (!ending.isEmpty() && !file.endsWith(dotted))
        file += dotted;
    try {
        exportTo(file);
    } catch (const std::exception& error) {
        emit session_.failed(QString::fromUtf8(error.what()));
    }
}

}
