// What stands beside what: signals and what theory says of them, gathered step by step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/theory/phase_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fovea {

namespace {

/// "growth chi" of "class 0: growth chi".
QString withoutPlace(const QString& role)
{
    const qsizetype colon = role.indexOf(QStringLiteral(": "));
    return colon < 0 ? role : role.mid(colon + 2);
}

QString lastPart(const std::string& path)
{
    return QString::fromStdString(path).section(QLatin1Char('.'), -1);
}

}

std::vector<int> PhaseView::shownRuns() const
{
    const Player& player = session().player();
    if (!session().slot().lab)
        return {0};
    std::vector<int> runs{player.shown()};
    if (player.compared() >= 0)
        runs.push_back(player.compared());
    return runs;
}

const analysis::TheoryQuantity& PhaseView::theoryOf(const Panel& panel) const
{
    static const analysis::TheoryQuantity nothing;
    const auto& all = watch_->theory().quantities;
    const auto found = std::ranges::find(all, panel.quantity, &analysis::TheoryQuantity::name);
    return found == all.end() ? nothing : *found;
}

std::vector<PhaseView::Panel> PhaseView::panelsFor(const StepRecords& first) const
{
    std::vector<Panel> panels;
    for (const analysis::TheoryQuantity& quantity : watch_->theory().quantities) {
        Panel panel{quantity.name, {}, {}};
        std::vector<std::pair<std::string, Index>> elements;
        for (const RecordPtr& record : first.all())
            if (quantity.speaksOf(record->path())
                && (record->kind() == Kind::Scalar || record->kind() == Kind::Vector)) {
                for (Index i = 0; i < record->value.count(); ++i)
                    elements.emplace_back(record->path(), i);
                panel.title = withoutPlace(coreText(record->info.role));
            }
        panel.left = elements.size() > mostSeries ? elements.size() - mostSeries : 0;
        for (const int run : shownRuns())
            for (std::size_t i = 0; i < std::min(elements.size(), mostSeries); ++i) {
                QString name = session().slot().lab ? session().player().nameOf(run) : tr("run");
                if (elements.size() > 1)
                    name += QStringLiteral("[%1]").arg(i);
                panel.series.push_back(
                    {run, elements[i].second, name, analysis::Course(elements[i].first, elements[i].second)});
            }
        if (!elements.empty())
            panels.push_back(std::move(panel));
    }
    return panels;
}

std::vector<PhaseView::Law> PhaseView::lawsFor(const StepRecords& first)
{
    std::vector<Law> laws;
    for (const int run : shownRuns()) {
        std::size_t count = 0;
        for (const RecordPtr& law : first.all()) {
            const RecordPtr found = law->path().ends_with("_law")
                ? first.find(law->path().substr(0, law->path().size() - 4))
                : nullptr;
            if (!found || !found->value.defined() || found->value.count() != law->value.count())
                continue;
            for (Index i = 0; i < law->value.count(); ++i) {
                if (++count > mostLaws)
                    continue;
                const QString name
                    = QStringLiteral("%1 %2[%3]")
                          .arg(session().slot().lab ? session().player().nameOf(run) : tr("run"),
                              QString::fromStdString(found->path()), QString::number(i));
                laws.push_back({{run, i, name, analysis::Course(found->path(), i)},
                    {run, i, name, analysis::Course(law->path(), i)}});
            }
        }
        lawsLeft_ = count > mostLaws ? count - mostLaws : 0;
    }
    return laws;
}

analysis::Points PhaseView::Law::points() const
{
    analysis::Points points;
    const auto &x = law.course.values(), &y = found.course.values();
    const std::size_t count = std::min(x.size(), y.size()); // of one step, or of none
    for (std::size_t i = 0; i < count && x.front() != 0; ++i) {
        points.x.push_back(x[i] / x.front());
        points.y.push_back(y[i] / x.front());
    }
    return points;
}

double PhaseView::Law::offAt(Index step) const
{
    const auto& all = law.course.values();
    return all.empty() || all.front() == 0 ? NAN
                                           : (found.course.at(step) - law.course.at(step)) / all.front();
}

void PhaseView::renew()
{
    const std::vector<Panel> panels = std::exchange(panels_, {});
    const std::vector<Law> laws = std::exchange(laws_, {});
    const StepList* steps = watch_->steps();
    if (steps && !steps->empty() && watch_->hasTheory()) {
        const StepRecords& first = *steps->front();
        panels_ = panelsFor(first);
        laws_ = lawsFor(first);
        nameLaws(first);
    }
    const auto isOf = [](const Series& a, const Series& b) {
        return a.name == b.name && a.run == b.run && a.course.path() == b.course.path();
    };
    for (Panel& panel : panels_) // what was gathered before is not gathered again
        for (Series& series : panel.series)
            for (const Panel& before : panels)
                for (const Series& old : before.series)
                    if (isOf(series, old))
                        series.course = old.course;
    for (std::size_t i = 0; i < std::min(laws.size(), laws_.size()); ++i)
        if (isOf(laws[i].found, laws_[i].found))
            laws_[i] = laws[i];
    followSeries();
}

void PhaseView::nameLaws(const StepRecords& first)
{
    if (laws_.empty())
        return;
    const RecordPtr law = first.find(laws_.front().law.course.path());
    lawName_ = lastPart(law->path());
    foundName_ = lastPart(laws_.front().found.course.path());
    lawTitle_ = coreText(law->info.help.empty() ? law->info.role : law->info.help);
}

void PhaseView::gather()
{
    const StepList* steps = watch_->steps();
    if (panelCount() == 0 && steps && !steps->empty() && watch_->hasTheory() && isAsked_ != steps->front()) {
        isAsked_ = steps->front(); // there is nothing to look for in it twice
        return renew();
    }
    followSeries();
}

void PhaseView::followSeries()
{
    const auto& runs = session().player().tree().runs;
    const auto take = [&](Series& series) {
        const bool isLab = session().slot().lab != nullptr;
        if (!isLab)
            series.course.follow(watch_->trace());
        else if (isLab && static_cast<std::size_t>(series.run) < runs.size())
            series.course.follow(runs[static_cast<std::size_t>(series.run)]->trace);
    };
    for (Panel& panel : panels_)
        std::ranges::for_each(panel.series, take);
    for (Law& law : laws_) {
        take(law.found);
        take(law.law);
    }
}

}
