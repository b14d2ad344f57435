// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/open_weights.h"

#include "core/io/foreign_file.h"
#include "core/io/naming.h"
#include "core/io/preprocess_json.h"
#include "core/io/questions.h"
#include "core/io/sha256.h"
#include "core/io/signature.h"
#include "core/parts/name_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fovea::io {

namespace {

constexpr std::uint64_t maxMapBytes = 1 << 20;

Candidate withOwnMap(const ForeignFile& file, const Registry& registry, const std::string& mapFile)
{
    const auto map = naming(
        mapFile, [&] { return std::make_shared<const parts::NameMap>(readText(mapFile, maxMapBytes)); });
    const Architecture& architecture = naming(
        mapFile, [&]() -> const Architecture& { return registry.requireArchitecture(map->architecture()); });
    auto recognised = architecture.recognise(file.outlines(), map);
    if (!recognised)
        throw Error("the name map '" + map->name() + "' fits fewer than half of its tensors");
    return {&architecture, std::move(*recognised)};
}

/// How many tensors of a file a candidate has no place for.
std::size_t leftBy(const Candidate& candidate, const ForeignFile& file)
{
    const parts::NameMatch match = candidate.recognised.map->match(file.outlines());
    return match.unplaced.size() + match.misfits.size();
}

/// The architecture that knows these names best: kin know most of each other's. Two that know as much are an
/// error: nothing is guessed.
Candidate recognisedBy(const ForeignFile& file, const Registry& registry)
{
    std::vector<Candidate> candidates;
    std::string nearly;
    for (const Architecture* architecture : registry.architectures())
        try {
            if (auto recognised = architecture->recognise(file.outlines(), {}))
                candidates.push_back({architecture, std::move(*recognised)});
        } catch (const Error& error) {
            nearly = architecture->identity().id + ": " + error.what();
        }
    std::ranges::stable_sort(candidates, {}, [&](const Candidate& one) { return leftBy(one, file); });
    if (candidates.size() > 1 && leftBy(candidates[0], file) == leftBy(candidates[1], file))
        throw Error("both '" + candidates[0].architecture->identity().id + "' and '"
            + candidates[1].architecture->identity().id
            + "' know its names; convert it with a name map of your own");
    if (candidates.empty())
        throw Error(!nearly.empty() ? nearly
                : file.tensors.empty()
                ? "holds no tensors"
                : "no architecture knows its names ('" + file.tensors.begin()->first + "', ...)");
    return std::move(candidates.front());
}

/// The file's own names: where each parameter came from or should have, and what was left over.
void describeSources(const ForeignFile& file, const parts::NameMap& map, const NamedTensors& parameters,
    std::vector<TensorReport>& report)
{
    const auto outlines = file.outlines();
    const parts::NameMatch match = map.match(outlines);
    for (TensorReport& row : report) {
        row.source = map.sourceOf(row.name, outlines);
        for (const parts::PlacedTensor& placed : match.placed)
            if (placed.tensor.name == row.name)
                row.source = placed.source;
        for (const parts::Misfit& misfit : match.misfits)
            if (misfit.name == row.name)
                row = {TensorReport::State::WrongShape, row.name, misfit.source, misfit.why};
    }
    for (const std::string& name : match.ignored)
        report.push_back({TensorReport::State::Accepted, name, name, "not needed"});
    for (const std::string& name : match.unplaced)
        report.push_back(withoutPlace(name, file.tensors[name], parameters));
}

NamedTensors floatsOf(const NamedTensors& tensors)
{
    NamedTensors floats;
    for (const auto& [name, tensor] : tensors)
        floats.set(name, naming("tensor '" + name + "'", [&, &value = tensor] { return asF32(value); }));
    return floats;
}

/// The answers that are fields of a config.
Answers fieldsIn(Answers answers)
{
    answers.erase("preprocess");
    return answers;
}

OpenedWeights adopt(const ForeignFile& file, const Registry& registry, OpenOptions options)
{
    Candidate found = options.mapFile.empty() ? recognisedBy(file, registry)
                                              : withOwnMap(file, registry, options.mapFile);
    Weights::Parts parts;
    parts.architecture = found.architecture->identity().id;
    const Config before = found.recognised.config;
    found.architecture->manifest(before); // where a file contradicts itself, the answers are not to blame
    options.answers = withFollowing(found, options.answers);
    parts.config = configWith(*found.architecture, before, fieldsIn(options.answers));
    found.recognised.map->requireConvertible(parts.config);
    OpenedWeights opened{nullptr, {}, found.recognised.map->name()};
    const NamedTensors tensors = floatsOf(found.recognised.map->apply(file.tensors));
    parts.parameters = fitManifest(file.path, found.architecture->manifest(parts.config),
        found.architecture->resized(before, parts.config, tensors), opened.report);
    describeSources(file, *found.recognised.map, parts.parameters, opened.report);
    const Recognition recognition{
        parts.architecture, opened.naming, openQuestions(found, options.answers), opened.report};
    requireAnswers(file.path, recognition);
    requireComplete(file.path, recognition);
    if (takesPictures(*found.architecture))
        parts.preprocess = foreignPreprocess(options.answers.at("preprocess"),
            static_cast<int>(found.architecture->inputShape(parts.config)[-1]));
    opened.weights = std::make_shared<const Weights>(std::move(parts));
    return opened;
}

/// Our own format, with another config than the file's.
OpenedWeights changed(
    const std::string& path, OpenedWeights opened, const Registry& registry, const OpenOptions& options)
{
    if (options.answers.empty())
        return opened;
    Weights::Parts parts = opened.weights->parts();
    const Architecture& architecture = registry.requireArchitecture(parts.architecture);
    const Config before = parts.config;
    parts.config = configWith(architecture, before, fieldsIn(options.answers));
    opened.report.clear();
    parts.parameters = fitManifest(path, architecture.manifest(parts.config),
        architecture.resized(before, parts.config, std::move(parts.parameters)), opened.report);
    requireComplete(path, {parts.architecture, opened.naming, {}, opened.report});
    if (!(parts.config == before))
        parts.reference = {}; // computed with the file's config
    if (takesPictures(architecture)) {
        const int side = static_cast<int>(architecture.inputShape(parts.config)[-1]);
        const auto answer = options.answers.find("preprocess");
        if (answer != options.answers.end())
            parts.preprocess = foreignPreprocess(answer->second, side);
        else if (side != parts.preprocess.crop)
            parts.preprocess = parts.preprocess.forSide(side);
    }
    opened.weights = std::make_shared<const Weights>(std::move(parts));
    return opened;
}

}

OpenedWeights openWeights(const std::string& path, const Registry& registry, const OpenOptions& options)
{
    return naming(path, [&] {
        const auto file = std::make_shared<const InputFile>(path, options.stop);
        OpenedWeights opened;
        std::string hash = sha256While(*file, [&] {
            opened = looksLikeHdf5(*file) ? openWeights(Hdf5File(file), registry, options)
                                          : adopt(readForeign(file), registry, options);
        });
        opened.weights = withHash(*opened.weights, std::move(hash));
        return opened;
    });
}

OpenedWeights openWeights(const Hdf5File& file, const Registry& registry, const OpenOptions& options)
{
    const std::string& path = file.file().path();
    return naming(path, [&] {
        if (isWeightsFile(file) && !options.mapFile.empty())
            throw UsageError("the name map '" + options.mapFile + "' is of no use: " + path
                + " is of Fovea's own format, where names are the architecture's already");
        if (isWeightsFile(file))
            return changed(path, readWeights(file, registry), registry, options);
        if (!formatOf(file).empty())
            throw Error("expected weights, found " + namedByFormat(formatOf(file)));
        return adopt(readForeign(file), registry, options);
    });
}

WeightsPtr withHash(const Weights& weights, std::string hash)
{
    Weights::Parts parts = weights.parts();
    parts.hash = std::move(hash);
    return std::make_shared<const Weights>(std::move(parts));
}

Preprocess foreignPreprocess(const std::string& answer, int pixels)
{
    const auto enlarged = [&](double share) { return static_cast<int>(std::lround(pixels * share)); };
    const std::array<float, 3> half{0.5F, 0.5F, 0.5F};
    if (answer == "imagenet")
        return {enlarged(8.0 / 7), pixels, Preprocess().mean, Preprocess().std, "bicubic"};
    if (answer == "half")
        return {static_cast<int>(pixels / 0.9), pixels, half, half, "bicubic"};
    if (answer == "none")
        return {pixels, pixels, {0, 0, 0}, {1, 1, 1}, "bicubic"};
    return naming("preprocess", [&] { return preprocessFromJson(answer); });
}

}
