// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labs/lab_sweep_view.h"

#include "widgets/labs/lab_studies.h"
#include "widgets/session/player.h"
#include "widgets/views/core_text.h"
#include "widgets/views/reading.h"

#include <QRegularExpression>

#include <cmath>

namespace fovea {

namespace {

SweepQuestion questionOf(const StudiedLab& of, const Config& study)
{
    const std::string& axis = study.text("lab_across");
    const bool isName = axis.find('=') == std::string::npos; // of the elements
    Config grid = study;
    if (isName)
        grid.set("lab_across", std::string());
    const std::vector<DrawnRecord> records = drawnRecords(study.text("lab_records"), "lab_records");
    if (records.size() != 1)
        throw Error("field 'lab_records': expected one record, found " + std::to_string(records.size()));
    return {of.lab, gridOf(of, grid), records.front(), isName ? axis : std::string(),
        seedsIn(study.text("lab_seeds"), "lab_seeds"), study.integer("lab_steps"),
        study.integer("lab_element")};
}

/// The fields as a caption has them: files without their folders, which are another machine's.
QString fieldsInCaption(const std::string& fields)
{
    static const QRegularExpression folders(QStringLiteral("[^:,;|()=]*/"));
    return QString::fromStdString(fields)
        .remove(folders)
        .replace(QLatin1Char(','), QStringLiteral(" · "))
        .replace(QLatin1Char('='), QLatin1Char(' '));
}

/// "before training: 2.151" or the number alone.
std::pair<std::string, double> levelIn(const std::string& text)
{
    if (text.empty())
        return {{}, NAN};
    const std::size_t colon = text.find(": ");
    const QString number = QString::fromStdString(colon == std::string::npos ? text : text.substr(colon + 2));
    bool isNumber = false;
    const double value = number.trimmed().toDouble(&isNumber);
    if (!isNumber || !std::isfinite(value))
        throw Error("field 'lab_level': expected a number or LABEL: NUMBER, found '" + text + "'");
    return {colon == std::string::npos ? std::string() : text.substr(0, colon), value};
}

Record tableOf(const SweptPanel& panel, const SweptGrid& grid, const std::string& path)
{
    std::vector<double> values;
    Axis items{"line, " + (grid.axis.empty() ? std::string("element") : grid.axis), "", {}, {}};
    for (const SweptLine& line : panel.lines)
        for (const SweptPlace& place : line.places) {
            const std::string x = grid.names.empty() ? numberText(place.x, 10).toStdString()
                                                     : grid.names[static_cast<std::size_t>(place.x)];
            items.labels.push_back(line.label.empty() ? x : line.label + ", " + x);
            values.insert(values.end(), {place.x, place.n, place.mean, place.deviation});
        }
    Record record;
    record.info = {path, Kind::Points, grid.record.label, -1, ""};
    record.info.fields = {"x", "n", "mean", "deviation"};
    record.value = Tensor::of<double>({static_cast<Index>(items.labels.size()), 4}, values);
    record.finite = allFinite(record.value);
    record.axes = defaultAxes(record.info, record.value.shape());
    record.axes.front() = std::move(items);
    return record;
}

PanelCurve curveOf(const SweptLine& line, std::size_t color, bool isBare)
{
    PanelCurve curve{QString::fromStdString(line.label), color, false, true, {}, {}, {}, {}, {}};
    for (const SweptPlace& place : line.places) {
        curve.x.push_back(place.x);
        curve.y.push_back(place.mean);
        if (isBare)
            continue;
        curve.low.push_back(place.mean - place.deviation);
        curve.high.push_back(place.mean + place.deviation);
    }
    return curve;
}

}

LabSweepView::LabSweepView(Session& session, QWidget* parent)
    : AskedView(QStringLiteral("lab-sweep"), tr("Sweep of a lab"), session, parent)
{
    connect(&session.player(), &Player::runsChanged, this, &LabSweepView::refresh);
    connect(&LabStudies::of(session), &LabStudies::changed, this, &LabSweepView::refresh);
    setButtonTip(
        tr("Run the lab with every config of the grid and every seed; runs that were made before are "
           "not made again"));
    renew();
}

void LabSweepView::renew()
{
    Config study = LabStudies::studyOf(session());
    study.set("lab_mark", findField(study.schema(), "lab_mark")->standard); // the theory's
    if (Asked now{studiedLab(session()), std::move(study)}; now != asked_) {
        asked_ = std::move(now);
        stop();
        grid_.reset();
        question_.reset();
        wrong_.clear();
        try {
            if (asked_.of.lab && !asked_.study.text("lab_records").empty()) {
                levelIn(asked_.study.text("lab_level"));
                question_ = questionOf(asked_.of, asked_.study);
            }
        } catch (const Error& error) {
            wrong_ = QString::fromStdString(error.what());
        }
    }
    AskedView::renew();
}

QString LabSweepView::buttonText() const
{
    return tr("Make the %n runs", nullptr, question_ ? static_cast<int>(runsOf(*question_)) : 0);
}

void LabSweepView::compute()
{
    if (!isIncomplete() || isRunning())
        return;
    begin(
        tr("Running %1").arg(QString::fromStdString(asked_.of.lab->identity().name)),
        [question = *question_, memory = SweepMemory::of(session()), threads = session().pool()->threads()](
            const Job::Context& context) {
            const QString read = memory->load();
            analysis::SweepMeans means;
            means.pool = std::make_shared<Pool>(threads, Pool::Manner::GivesWay); // nobody waits for its turn
            means.stop = context.stop;
            means.progress = context.progress;
            SweptGrid grid = sweptGrid(question, *memory, means);
            const QString written = memory->save();
            return std::pair(std::make_shared<const SweptGrid>(std::move(grid)), QStringList{read, written});
        },
        [this](const auto& made) {
            take(*made.first);
            for (const QString& problem : made.second)
                if (!problem.isEmpty())
                    session().note(problem);
        });
}

void LabSweepView::take(const SweptGrid& grid)
{
    grid_ = std::make_shared<const SweptGrid>(grid);
    plots_ = {};
    plots_.hasOneScale = true;
    const auto [label, level] = levelIn(asked_.study.text("lab_level"));
    plots_.level = level;
    plots_.levelName = label.empty() ? QString() : QString::fromStdString(label);
    LineColors colors;
    for (const SweptPanel& panel : grid.panels) {
        CurvePanel made{QString::fromStdString(panel.label), {coreText(grid.axis), 0, 0},
            {coreText(grid.record.label), 0, 0}, {}, {}};
        if (!grid.names.empty()) {
            QStringList names;
            for (const std::string& name : grid.names)
                names.append(QString::fromStdString(name));
            made.x = AxisSpec::ofCells(coreText(grid.axis), names.size(), names);
        }
        for (const SweptLine& line : panel.lines)
            made.curves.push_back(curveOf(line, colors.of(line.label), grid.record.isBare));
        plots_.panels.push_back(std::move(made));
    }
}

QString LabSweepView::missing() const
{
    if (!asked_.of.lab)
        return whyNoLab(session());
    if (!wrong_.isEmpty())
        return wrong_;
    if (!question_)
        return tr("Open a figure of a paper whose runs are swept, or say --option lab_records=PATH.");
    if (grid_)
        return {};
    if (isRunning())
        return progressText();
    return problem().isEmpty()
        ? tr("%n runs of %1, %2 steps each.", nullptr, static_cast<int>(runsOf(*question_)))
              .arg(QString::fromStdString(asked_.of.lab->identity().name))
              .arg(question_->steps)
        : problem();
}

QString LabSweepView::caption() const
{
    QString text = QString::fromStdString(asked_.of.lab->identity().name) + QStringLiteral(" · ")
        + tr("%n seeds, %1 steps", nullptr, static_cast<int>(question_->seeds.size())).arg(question_->steps);
    if (const std::string& fields = asked_.study.text("lab_fields"); !fields.empty())
        text += QStringLiteral(" · ") + fieldsInCaption(fields);
    return text;
}

QStringList LabSweepView::badges() const
{
    QStringList badges;
    if (question_->seeds.size() > 1)
        badges.append(grid_->record.isBare ? tr("means over seeds") : tr("means and deviations over seeds"));
    if (grid_->failed > 0)
        badges.append(tr("%n runs failed and are left out: %1", nullptr, static_cast<int>(grid_->failed))
                          .arg(QString::fromStdString(grid_->problem)));
    return badges;
}

std::vector<Record> LabSweepView::data() const
{
    std::vector<Record> all;
    for (std::size_t p = 0; grid_ && p < grid_->panels.size(); ++p)
        all.push_back(
            tableOf(grid_->panels[p], *grid_, panelPath(p, grid_->panels.size(), grid_->record.path)));
    return all;
}

double LabSweepView::heightFor(double width, const Style& style) const
{
    return grid_ ? plots_.heightFor(width - 2 * style.gap, style) + frameHeight(width, style) : 0.75 * width;
}

void LabSweepView::draw(QPainter& painter, const QRectF& body, const Style& style) const
{
    plots_.draw(painter, body, style);
}

}
