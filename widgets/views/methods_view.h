// Relevance methods side by side on the picture, with their numbers and how their ranks agree.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/asked_view.h"
#include "widgets/views/known_sanity.h"
#include "widgets/views/methods_places.h"
#include "widgets/views/token_map.h"

namespace fovea {

/// All methods for one class, computed in a Job when somebody asks; forgotten when the run or an option
/// changes.
class MethodsView final : public AskedView {
    Q_OBJECT

public:
    MethodsView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QJsonObject measured() const override;
    QString caption() const override;
    QStringList badges() const override;
    void compute() override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    QString missing() const override;
    bool isIncomplete() const override { return canCompare() && !comparison_; }
    QString buttonText() const override { return tr("Compare methods"); }

private:
    struct Asked {
        TracePtr trace;
        std::string className;
        Config options;
        bool operator==(const Asked&) const = default;
    };

    QSize cells() const override;
    QPoint current() const override { return {chosen_ % columns(), chosen_ / columns()}; }
    void goTo(QPoint cell) override;
    QString cellText(QPoint cell) const override;
    QRectF cellRect(QPoint cell) const override;
    QPoint cellAt(QPointF point) const override;

    Asked asked() const;
    bool canCompare() const { return session().slot().weights && session().slot().trace(); }
    int count() const { return comparison_ ? static_cast<int>(comparison_->maps.size()) : 0; }
    int columns() const { return placesIn(body(), screenStyle()).columns; }
    /// One of a map's numbers.
    struct Number {
        QString name; ///< as a table's head has it
        double value;
        bool isStrong; ///< better than random orders
        bool isAlways = false; ///< a dash says that it is not known
    };
    std::vector<Number> numbersOf(const analysis::ComparedMap& one) const;
    MethodsShown shown() const;
    bool isScored() const;
    bool hasMasks() const;
    bool hasSigned() const;
    MethodsPlaces placesIn(const QRectF& body, const Style& style) const;
    void drawNumbers(
        QPainter& painter, const QRectF& room, const analysis::ComparedMap& one, const Style& style) const;
    void drawTableRow(QPainter& painter, const QRectF& room, const analysis::ComparedMap& one,
        const Style& style, bool isHead) const;
    void drawMap(QPainter& painter, const MethodsPlaces& at, int index, const Style& style) const;
    void drawMatrix(QPainter& painter, const MethodsPlaces& at, const Style& style) const;

    Asked asked_; ///< of comparison_, or of what is being computed
    ComparisonPtr comparison_;
    int chosen_ = 0; ///< where the keyboard stands
    mutable QImage picture_;
};

}
