// Exporting a view: format, physical size, resolution, with a preview at true size; or its data. Not modal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/recipe.h"

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QScrollArea;
class QSpinBox;

namespace fovea {
class Session;
class View;
}

namespace fovea::app {

/// The recipe of a view as it is shown now. `widthPt`: its height is what the view needs at that width.
figure::Recipe recipeOf(const View& view, const Session& session, double widthPt, int dpi);
/// Puts a recipe's selection and display settings into the session.
void applyRecipe(const figure::Recipe& recipe, Session& session);
/// The figure's bytes, of the format that the file's ending names.
QByteArray figureBytes(const View& view, const figure::Recipe& recipe, const QString& file);

class ExportDialog final : public QDialog {
    Q_OBJECT

public:
    ExportDialog(Session& session, QWidget* parent);

    using QDialog::open;
    void open(const View* view);
    /// Writes the figure or the data by the ending of the file's name; throws Error.
    void exportTo(const QString& file) const;

private:
    double widthPt() const;
    void changeUnit(int unit);
    void showPreview();
    void choose();

    Session& session_;
    const View* view_ = nullptr;
    QComboBox *format_, *unit_;
    QDoubleSpinBox* width_;
    QSpinBox* dpi_;
    QLabel *title_, *preview_, *size_;
    int lastUnit_ = 0;
};

}
