// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/open_weights.h"

#include "core/io/naming.h"
#include "core/io/preprocess_json.h"
#include "core/io/safetensors.h"
#include "core/io/sha256.h"
#include "core/parts/name_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fovea::io {

namespace {

constexpr std::uint64_t maxMapBytes = 1 << 20;
constexpr std::size_t maxTensors = 20'000;

/// A file as somebody else wrote it.
struct ForeignFile {
    std::string path, hash;
    NamedTensors tensors;

    std::vector<TensorOutline> outlines() const
    {
        std::vector<TensorOutline> all;
        for (const auto& [name, tensor] : tensors)
            all.push_back({name, tensor.shape()});
        return all;
    }
};

/// What wrappers put before every name of a model.
std::string sharedPrefix(const std::vector<std::string>& names)
{
    for (const char* prefix : {"module.", "model.", "state_dict.", "_orig_mod.", "parameters."})
        if (!names.empty()
            && std::ranges::all_of(names, [&](const auto& name) { return name.starts_with(prefix); }))
            return prefix;
    return {};
}

NamedTensors withoutWrappers(std::vector<std::string> names, const std::vector<Tensor>& tensors)
{
    if (names.size() > maxTensors)
        throw Error("expected at most " + std::to_string(maxTensors) + " tensors");
    for (std::string prefix = sharedPrefix(names); !prefix.empty(); prefix = sharedPrefix(names))
        for (std::string& name : names)
            name.erase(0, prefix.size());
    NamedTensors named;
    for (std::size_t i = 0; i < names.size(); ++i)
        named.set(names[i], tensors[i]);
    return named;
}

/// Nested groups become dots.
NamedTensors tensorsOf(const Hdf5File& file)
{
    std::vector<const Hdf5Object*> datasets;
    std::vector<std::string> names;
    for (const Hdf5Object& object : file.objects())
        if (object.content == Hdf5Object::Content::Numbers) {
            datasets.push_back(&object);
            names.push_back(object.path);
            std::ranges::replace(names.back(), '/', '.');
        }
    return withoutWrappers(std::move(names), file.read(datasets));
}

NamedTensors tensorsOf(const SafetensorsFile& file)
{
    std::vector<std::string> names;
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < file.tensors().size(); ++i) {
        names.push_back(file.tensors()[i].name);
        tensors.push_back(file.read(i));
    }
    return withoutWrappers(std::move(names), tensors);
}

struct Candidate {
    const Architecture* architecture;
    Recognised recognised;
};

Candidate withOwnMap(const ForeignFile& file, const Registry& registry, const std::string& mapFile)
{
    const auto map = naming(
        mapFile, [&] { return std::make_shared<const parts::NameMap>(readText(mapFile, maxMapBytes)); });
    const Architecture& architecture = naming(
        mapFile, [&]() -> const Architecture& { return registry.requireArchitecture(map->architecture()); });
    auto recognised = architecture.recognise(file.outlines(), map);
    if (!recognised)
        throw Error("the name map '" + map->name() + "' fits none of its tensors");
    return {&architecture, std::move(*recognised)};
}

/// The architecture that knows these names. More than one is an error: nothing is guessed.
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
    if (candidates.size() > 1)
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

/// Asked of the defaults: the config of a file is not complete before its questions are answered.
bool takesPictures(const Architecture& architecture)
{
    return architecture.inputShape(Config(architecture.schema())).rank() == 3;
}

Field preprocessField()
{
    Field field{"preprocess", std::string(), "how a picture becomes an input"};
    field.choices = {"imagenet", "half", "none"};
    field.isOpen = true;
    return field;
}

/// The questions that no answer was given to.
Schema openQuestions(const Candidate& found, const Answers& answers)
{
    Schema open;
    for (const std::string& question : found.recognised.questions)
        if (const Field* field = findField(found.recognised.config.schema(), question);
            field && !answers.contains(question))
            open.push_back(*field);
    if (takesPictures(*found.architecture) && !answers.contains("preprocess"))
        open.push_back(preprocessField());
    return open;
}

std::string helpFor(const Field& field)
{
    std::string help = field.name + " (" + field.help;
    for (const std::string& choice : field.choices)
        help += (choice == field.choices.front() ? ": " : ", ") + choice;
    return help + (field.isOpen ? " or JSON)" : ")");
}

void requireAnswers(const std::string& file, const Recognition& found)
{
    const Schema& open = found.questions;
    if (open.empty())
        return;
    std::string what = "is a '" + found.architecture + "' named as in '" + found.naming
        + "'; its names and shapes do not tell";
    for (const Field& field : open)
        what += (field.name == open.front().name ? " " : ", ") + helpFor(field);
    throw OpenQuestions(file, what + "; say them with --set " + open.front().name + "=...", found);
}

/// Rows for the file's own names: where each parameter came from, and what was left over.
void describeSources(const parts::NameMatch& match, std::vector<TensorReport>& report)
{
    for (TensorReport& row : report)
        for (const parts::PlacedTensor& placed : match.placed)
            if (placed.tensor.name == row.name)
                row.source = placed.source;
    for (const std::string& name : match.ignored)
        report.push_back({TensorReport::State::Accepted, name, name, "not needed"});
}

NamedTensors floatsOf(const NamedTensors& tensors)
{
    NamedTensors floats;
    for (const auto& [name, tensor] : tensors)
        floats.set(name, naming("tensor '" + name + "'", [&, &value = tensor] { return asF32(value); }));
    return floats;
}

void setFields(Config& config, const Answers& answers)
{
    for (const auto& [field, text] : answers)
        try {
            if (field != "preprocess")
                config.setText(field, text);
        } catch (const Error& error) {
            throw AnswerError(error.what());
        }
}

OpenedWeights adopt(const ForeignFile& file, const Registry& registry, const OpenOptions& options)
{
    Candidate found = options.mapFile.empty() ? recognisedBy(file, registry)
                                              : withOwnMap(file, registry, options.mapFile);
    Weights::Parts parts;
    parts.architecture = found.architecture->identity().id;
    parts.hash = file.hash;
    const Config before = found.recognised.config;
    setFields(found.recognised.config, options.answers);
    found.recognised.map->requireConvertible(found.recognised.config);
    parts.config = found.recognised.config;
    OpenedWeights opened{nullptr, {}, found.recognised.map->name()};
    const NamedTensors tensors = floatsOf(found.recognised.map->apply(file.tensors));
    parts.parameters = fitManifest(file.path, found.architecture->manifest(parts.config),
        found.architecture->resized(before, parts.config, tensors), opened.report);
    describeSources(found.recognised.map->match(file.outlines()), opened.report);
    requireAnswers(
        file.path, {parts.architecture, opened.naming, openQuestions(found, options.answers), opened.report});
    requireComplete(file.path, opened.report);
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
    setFields(parts.config, options.answers);
    opened.report.clear();
    parts.parameters = meetManifest(path, architecture.manifest(parts.config),
        architecture.resized(before, parts.config, std::move(parts.parameters)), opened.report);
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

/// What torch.save writes: a zip whose first entry is a pickle, or a bare pickle.
bool looksLikePickle(const InputFile& file)
{
    std::string start(std::min<std::uint64_t>(file.size(), 256), '\0');
    file.read(0, start.data(), start.size());
    const bool isZip = start.starts_with("PK\x03\x04") && start.find("/data.pkl") != std::string::npos;
    return isZip || (start.size() > 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5);
}

[[noreturn]] void refusePickle(const std::string& path)
{
    throw Error(
        "is a PyTorch file (a pickle), which is a program as much as data and is not run here; convert it "
        "once: python3 -c \"import torch, h5py; s = torch.load('"
        + path
        + "', map_location='cpu', weights_only=True); s = s.get('model', s.get('state_dict', s)); "
          "f = h5py.File('weights.h5', 'w'); [f.create_dataset(k, data=v.detach().float().numpy()) for k, v "
          "in "
          "s.items()]\"");
}

}

OpenedWeights openWeights(const std::string& path, const Registry& registry, const OpenOptions& options)
{
    return naming(path, [&] {
        const InputFile file(path, options.stop);
        if (looksLikeHdf5(file))
            return openWeights(Hdf5File(path, {}, options.stop), registry, options);
        if (looksLikePickle(file))
            refusePickle(path);
        if (!looksLikeSafetensors(file))
            throw Error("expected weights (.h5 or .safetensors), found something else");
        const NamedTensors tensors = tensorsOf(SafetensorsFile(path, options.stop));
        return adopt({path, sha256(file), tensors}, registry, options);
    });
}

OpenedWeights openWeights(const Hdf5File& file, const Registry& registry, const OpenOptions& options)
{
    const std::string& path = file.file().path();
    return naming(path, [&] {
        if (isWeightsFile(file))
            return changed(path, readWeights(file, registry), registry, options);
        if (!formatOf(file).empty())
            throw Error("expected weights, found a " + formatOf(file));
        const NamedTensors tensors = tensorsOf(file);
        return adopt({path, sha256(file.file()), tensors}, registry, options);
    });
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
