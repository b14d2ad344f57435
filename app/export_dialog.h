// Exporting a view: format, physical size, resolution, with a preview at true size; or its data. Not modal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QScrollArea;
class QSpinBox;
class QTimer;

namespace fovea {
class Session;
class View;
}

namespace fovea::app {

class MovieMaker;

class ExportDialog final : public QDialog {
    Q_OBJECT

public:
    ExportDialog(Session& session, QWidget* parent);

    using QDialog::open;
    void open(View* view);
    /// In a Job: writes the figure or the data by the ending of the file's name, or the chosen steps as a
    /// movie. Throws Error when the figure cannot be drawn.
    void exportTo(const QString& file);
    Job* job() const { return job_; }

private:
    void fillFields();
    void fillMovieFields();
    void arrange();
    bool isMovie() const;
    void exportMovie(const QString& file);
    void noteExported(const QStringList& written);
    QDialogButtonBox* makeButtons();
    void follow();
    double widthPt() const;
    void changeUnit(int unit);
    void showPreview();
    void choose();
    void take(View* view);

    Session& session_;
    Job* job_;
    View* view_ = nullptr;
    QComboBox *format_, *unit_;
    QDoubleSpinBox* width_;
    QSpinBox* dpi_;
    QComboBox* which_;
    QLabel *preview_, *size_;
    QTimer* stale_;
    QFormLayout* form_ = nullptr;
    QLineEdit* steps_; ///< of a movie
    QSpinBox* rate_;
    MovieMaker* movies_;
    int lastUnit_ = 0;
};

}
