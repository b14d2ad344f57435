// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/measured_view.h"

#include "widgets/views/core_text.h"
#include "widgets/views/study_pictures.h"

#include "core/train/study_pictures.h"

#include <algorithm>

namespace fovea {

namespace {

using analysis::RelevanceMethod;

std::vector<const RelevanceMethod*> allMethods()
{
    std::vector<const RelevanceMethod*> all;
    for (const RelevanceMethod& method : analysis::relevanceMethods())
        all.push_back(&method);
    return all;
}

}

MeasuredView::MeasuredView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("methods-measured"), tr("Measured"), session, parent)
{
    setButtonTip(
        tr("Measure every relevance method on test pictures of a data set: deletion, insertion, rank "
           "correlation, pointing game, and how much of its maps is left with random weights"));
    renew();
}

MeasuredView::Asked MeasuredView::asked() const
{
    const Display& display = session().display();
    return {session().slot().weights, display.study, display.relevance};
}

void MeasuredView::renew()
{
    if (Asked now = asked(); now != asked_) {
        asked_ = std::move(now);
        stop();
        measured_ = {};
        sanity_.clear();
        retable();
    }
    AskedView::renew();
}

void MeasuredView::compute()
{
    if (!asked_.weights || isRunning())
        return;
    if (measured_.pictures)
        return checkNext();
    begin(
        tr("Measuring relevance methods"),
        [asked = asked_, architecture = session().slot().architecture, services = session().services()](
            const Job::Context& context) {
            ExecuteOptions run;
            run.pool = services.pool;
            run.stop = context.stop;
            const auto pictures = std::make_shared<const std::vector<analysis::StudyPicture>>(
                openStudy(services, asked.study, *architecture, *asked.weights, run));
            const auto methods = analysis::fittingMethods(
                *architecture, *asked.weights, pictures->front(), allMethods(), asked.options, run);
            std::vector<analysis::StudyRow> rows;
            for (const analysis::StudyPicture& picture : *pictures) {
                rows.push_back(analysis::studyPicture(
                    *architecture, *asked.weights, picture, methods, asked.options, run));
                context.progress(static_cast<double>(rows.size()) / static_cast<double>(pictures->size()));
            }
            return Measured{pictures, methods, analysis::studyResults(rows, methods)};
        },
        [this](const Measured& measured) {
            measured_ = measured;
            retable();
            checkNext();
        });
}

/// The sanity check of the first method that has none yet.
void MeasuredView::checkNext()
{
    if (!isUnchecked())
        return;
    const RelevanceMethod* method = measured_.methods[sanity_.size()];
    begin(
        tr("Checking %1").arg(coreText(method->title)),
        [asked = asked_, architecture = session().slot().architecture, pictures = measured_.pictures, method,
            pool = session().pool()](const Job::Context& context) {
            ExecuteOptions run;
            run.pool = pool;
            run.stop = context.stop;
            run.progress = context.progress;
            analysis::SanityOptions sanity;
            sanity.draws = asked.study.draws;
            return analysis::checkSanity(*architecture, *asked.weights, train::inputsOf(*pictures), *method,
                asked.options, sanity, run);
        },
        [this, method](const analysis::Sanity& sanity) {
            sanity_.push_back(sanity);
            const auto pictures = static_cast<int>(train::inputsOf(*measured_.pictures).size());
            session().rememberSanity(analysis::knownSanity(*asked_.weights, *method, asked_.options,
                {studyData(asked_.study, *asked_.weights), pictures, asked_.study.draws}, sanity));
            retable();
            checkNext();
        });
}

QString MeasuredView::missing() const
{
    if (measured_.pictures)
        return {};
    if (!asked_.weights)
        return tr("Measuring needs a model, not only a trace.");
    if (isRunning())
        return progressText();
    return problem().isEmpty()
        ? tr("What is each method worth, on %n pictures of %1?", nullptr, asked_.study.count)
              .arg(studyDataText(asked_.study, *asked_.weights))
        : problem();
}

double MeasuredView::heightFor(double width, const Style& style) const
{
    return measured_.pictures ? MeasuredPlaces::heightFor(table_, style) + frameHeight(width, style) : width;
}

void MeasuredView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    paintMeasured(painter, MeasuredPlaces::within(body, table_, style), table_, style);
}

QString MeasuredView::caption() const
{
    if (!measured_.pictures)
        return {};
    const QString removal = QString::fromStdString(asked_.options.text("removal"));
    const auto objects = static_cast<int>(measured_.pictures->size());
    const auto pictures = static_cast<int>(train::inputsOf(*measured_.pictures).size());
    QString on
        = tr("%n test pictures of %1", nullptr, pictures).arg(studyDataText(asked_.study, *asked_.weights));
    if (objects > pictures)
        on += tr(", %n objects", nullptr, objects);
    return removal == QLatin1String("none") ? on
                                            : on
            + tr(" · patches %1, %2 steps")
                  .arg(coreText(analysis::removalText(analysis::removalOf(removal.toStdString()))))
                  .arg(asked_.options.count("removal_steps"));
}

QStringList MeasuredView::badges() const
{
    QStringList all{
        tr("lines: 95 % intervals over pictures"), tr("filled: better than every baseline, in pairs")};
    if (asked_.study.draws > 0)
        all << tr("sanity: random weights, draws: %1").arg(asked_.study.draws);
    if (measured_.methods.size() < allMethods().size())
        all << tr("methods that do not fit this model are left out");
    if (!problem().isEmpty())
        all << problem();
    if (isRunning())
        all << progressText();
    return all;
}

QPoint MeasuredView::cellAt(QPointF point) const { return places().at(point); }

}
