// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_view.h"

#include "widgets/plots/painters.h"
#include "widgets/session/player.h"
#include "widgets/views/view_table.h"

#include <QPainter>

namespace fovea {

CompareView::CompareView(Session& session, QWidget* parent)
    : View(QStringLiteral("compare"), tr("Two runs"), session, parent)
{
    for (const auto signal : {&Player::runsChanged, &Player::grew})
        connect(&session.player(), signal, this, &CompareView::refresh);
    connect(&session, &Session::recordFetched, this, &CompareView::refresh);
    connect(&session, &Session::selectionChanged, this, &CompareView::refresh);
    renew();
}

void CompareView::renew()
{
    const RecordPtr record = session().record(session().selection().record);
    if (!record || (views_.front() && record->kind() == kind_))
        return;
    kind_ = record->kind();
    static constexpr RecordSide order[]{RecordSide::Shown, RecordSide::Other, RecordSide::Difference};
    for (std::size_t i = 0; i < sides; ++i) {
        views_[i].reset(static_cast<RecordView*>(makeRecordView(kind_, session(), nullptr)));
        views_[i]->setSide(order[i]);
    }
}

QString CompareView::missing() const
{
    if (session().player().compared() < 0)
        return tr("Choose a run to compare with in the list of runs.");
    if (session().selection().record.empty() || !views_.front())
        return tr("Choose a signal in the trace to compare it here.");
    return views_[1]->missing();
}

void CompareView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    const Player& player = session().player();
    const QString a = player.nameOf(player.shown()), b = player.nameOf(player.compared());
    const QString names[sides]{a, b, tr("%1 − %2").arg(a, b)};
    const double gap = 2 * style.gap, title = 1.6 * style.textSize,
                 width = (body.width() - (sides - 1) * gap) / sides;
    for (std::size_t i = 0; i < sides; ++i) {
        const QRectF place(
            body.left() + static_cast<double>(i) * (width + gap), body.top(), width, body.height());
        painter.setPen(style.ink);
        paintText(painter, {place.left(), place.top(), width, title}, Qt::AlignLeft | Qt::AlignVCenter,
            names[i], style.textFont());
        views_[i]->paint(painter, place.adjusted(0, title, 0, 0), style);
    }
}

double CompareView::heightFor(double width, const Style& style) const
{
    return width / sides + 6 * style.textSize;
}

QString CompareView::caption() const
{
    const TracePtr& trace = session().slot().trace();
    const std::size_t at = session().selection().step;
    if (!trace || at >= trace->steps.size() || session().player().compared() < 0)
        return {};
    return tr("%1 · runs %2 and %3 · step %4")
        .arg(QString::fromStdString(session().selection().record),
            session().player().nameOf(session().player().shown()),
            session().player().nameOf(session().player().compared()))
        .arg(trace->steps[at]->step());
}

QStringList CompareView::badges() const { return {tr("both on one scale")}; }

std::vector<Record> CompareView::data() const
{
    static constexpr const char* suffixes[]{".a", ".b", ".difference"};
    std::vector<Record> records;
    for (std::size_t i = 0; i < sides; ++i)
        if (views_[i] && views_[i]->missing().isEmpty())
            for (Record record : views_[i]->data()) {
                record.info.path += suffixes[i];
                records.push_back(std::move(record));
            }
    return records;
}

}
