// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/known_sanity.h"

#include "widgets/views/measured_plot.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace fovea {

std::function<Compared(const Job::Context&)> comparing(const Session& session, const std::string& className,
    const std::vector<const analysis::RelevanceMethod*>& methods, const Config& options)
{
    return [slot = session.slot(), trace = session.slot().trace(), services = session.services(), className,
               methods, options](const Job::Context& context) {
        const int index = analysis::classNamed(className, *slot.weights, trace->output);
        const std::string label = slot.weights->label(index);
        const analysis::RelevanceQuestion question{slot.architecture, slot.weights.get(), trace, index,
            slot.prepared.maskOf(label), slot.prepared.othersThan(label)};
        ExecuteOptions run;
        run.pool = services.pool;
        run.stop = context.stop;
        run.progress = context.progress;
        auto compared = analysis::compareMethods(question, methods, options, run);
        const auto known = services.sanity ? services.sanity->known() : io::SanityMemory::Known();
        analysis::addSanity(compared, *slot.weights, options, known.rows);
        return Compared{
            std::make_shared<const analysis::MethodComparison>(std::move(compared)), known.problems};
    };
}

void tellProblems(const Compared& compared, Session& session)
{
    for (const std::string& problem : compared.problems)
        session.note(QString::fromStdString(problem));
}

ComparisonPtr withSanity(const ComparisonPtr& comparison, const Session& session, const Config& options,
    const analysis::KnownSanity& found)
{
    if (!comparison || !session.slot().weights)
        return comparison;
    auto more = *comparison;
    analysis::addSanity(more, *session.slot().weights, options, {found});
    return std::make_shared<const analysis::MethodComparison>(std::move(more));
}

QString sanityText(const analysis::ComparedMap& one)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("Sanity", text); };
    if (!one.sanity)
        return tr("sanity check not measured; the view Measured does it");
    return (one.sanity->fails() ? tr("sanity check %1, fails (above .5), between pictures %2")
                                : tr("sanity check %1 (above .5 fails), between pictures %2"))
        .arg(shortNumber(one.sanity->largest), shortNumber(one.sanity->betweenPictures));
}

QJsonObject measuredOf(const analysis::MethodComparison& comparison)
{
    std::vector<analysis::KnownSanity> rows;
    for (const analysis::ComparedMap& one : comparison.maps)
        if (one.sanity)
            rows.push_back(*one.sanity);
    return {{QStringLiteral("sanity"),
        QJsonDocument::fromJson(QByteArray::fromStdString(io::toJson(rows))).object()}};
}

}
