// The chosen signal of two runs in lockstep, side by side, and what lies between them. Any Kind: the views of
// one record draw it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/record_view.h"

#include <array>
#include <memory>

namespace fovea {

/// A, B and A - B at the shown step.
class CompareView final : public View {
    Q_OBJECT

public:
    CompareView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    QString missing() const override;

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;

private:
    static constexpr std::size_t sides = 3;
    std::array<std::unique_ptr<RecordView>, sides> views_; // of the Kind that is chosen
    Kind kind_ = Kind::Scalar;
};

}
