// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/movie.h"

#include "widgets/session/player.h"
#include "widgets/views/view.h"

#include "core/tensor/error.h"

namespace fovea::app {

namespace {

constexpr std::uint64_t usualRate = 25, mostRate = 240;
const std::string stepsOption = "--steps";

}

std::unique_ptr<WantedMovie> movieIn(const Arguments& arguments, const QString& output)
{
    if (!arguments.has("steps")) {
        if (arguments.has("rate"))
            throw UsageError("--rate: expected --steps FROM:TO:EVERY, which makes a movie");
        return nullptr;
    }
    StepSpan steps(QString::fromStdString(arguments.value("steps")), stepsOption);
    const auto rate = static_cast<double>(arguments.number("rate", usualRate, 1, mostRate));
    return std::make_unique<WantedMovie>(
        WantedMovie{std::move(steps), MovieFile(output, rate), arguments.has("height")});
}

QStringList makeMovie(
    Tool& tool, StrictSession& session, View& view, const figure::Recipe& recipe, WantedMovie& movie)
{
    const std::vector<Index> steps = movieSteps(*session, movie.steps, stepsOption);
    const MovieFrames frames(view, *session, recipe, movie.isHeightChosen);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        session->player().goToNumber(steps[i]);
        session.settle({&view});
        movie.file.add(frames.draw(steps[i])());
        Tool::progress(static_cast<double>(i + 1) / static_cast<double>(steps.size()));
    }
    return movie.file.finish(tool.stop());
}

}
