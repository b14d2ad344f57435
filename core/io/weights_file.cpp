// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights_file.h"

#include "core/io/hdf5_writer.h"
#include "core/io/naming.h"
#include "core/io/preprocess_json.h"
#include "core/source/token_input.h"

#include <algorithm>

namespace fovea::io {

namespace {

constexpr std::int64_t weightsVersion = 1;

std::string nameIn(const Hdf5Object& object, std::string_view group)
{
    return object.path.substr(group.size() + 1);
}

/// All datasets of numbers inside a group, under their paths in it.
NamedTensors tensorsIn(const Hdf5File& file, std::string_view group)
{
    std::vector<const Hdf5Object*> datasets;
    for (const Hdf5Object* object : file.inside(group))
        if (object->content != Hdf5Object::Content::Group)
            datasets.push_back(object);
    const std::vector<Tensor> tensors = file.read(datasets);
    NamedTensors named;
    for (std::size_t i = 0; i < datasets.size(); ++i)
        named.set(nameIn(*datasets[i], group), tensors[i]);
    return named;
}

Reference referenceIn(const Hdf5File& file)
{
    Reference reference;
    if (!file.find("reference"))
        return reference;
    reference.input = file.read(file.numbers("reference/input"));
    reference.logits = file.read(file.numbers("reference/logits"));
    for (const auto& [name, tensor] :
        tensorsIn(file, "reference")) { // signals lie in a group or beside the two
        constexpr std::string_view group = "signals/";
        if (name != "input" && name != "logits")
            reference.records.set(name.starts_with(group) ? name.substr(group.size()) : name, tensor);
    }
    return reference;
}

/// Per class, where the architecture knows classes; per id, where it knows ids.
std::vector<std::string> labelsIn(const Hdf5File& file, const Hdf5Object& dataset, const Config& config)
{
    std::vector<std::string> labels = file.readTexts(dataset);
    if (findField(config.schema(), "classes"))
        if (const std::int64_t classes = config.integer("classes"); std::ssize(labels) != classes)
            throw Error("dataset 'labels': expected " + std::to_string(classes)
                + " texts, one for each class, found " + std::to_string(labels.size()));
    if (const Index ids = vocabularyOf(config); ids > 0 && std::ssize(labels) != ids)
        throw Error("dataset 'labels': expected " + std::to_string(ids)
            + " texts, one for each id of the vocabulary, found " + std::to_string(labels.size()));
    return labels;
}

void checkVersion(const Hdf5File& file, const Hdf5Object& root)
{
    const auto version = file.attribute<std::int64_t>(root, "version");
    if (version != weightsVersion)
        throw Error("attribute 'version': expected " + std::to_string(weightsVersion) + ", found "
            + std::to_string(version));
}

bool isInteger(const Tensor& tensor) { return tensor.dtype() == DType::I32 || tensor.dtype() == DType::I64; }

/// Buffers that frameworks save although they follow from the code: a batch counter, 0, 1, 2, ...
bool isConstantBuffer(const std::string& name, const Tensor& tensor)
{
    if (name.ends_with("num_batches_tracked"))
        return isInteger(tensor) && tensor.count() == 1;
    if (!name.ends_with("position_ids") || !isInteger(tensor))
        return false;
    const std::vector<double> values = tensor.toDoubles();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != static_cast<double>(i))
            return false;
    return true;
}

}

TensorReport withoutPlace(const std::string& name, const Tensor& tensor, const NamedTensors& parameters)
{
    TensorReport row{TensorReport::State::Accepted, name, name, {}};
    if (isConstantBuffer(name, tensor)) {
        row.detail = "constant buffer";
        return row;
    }
    for (const auto& [other, parameter] : parameters)
        if (tensor.identical(parameter)) {
            row.detail = "the same as '" + other + "'";
            return row;
        }
    row.state = TensorReport::State::Unused;
    row.detail = tensor.shape().text();
    return row;
}

NamedTensors fitManifest(const std::string& file, const Manifest& manifest, const NamedTensors& tensors,
    std::vector<TensorReport>& report)
{
    return naming(file, [&] {
        NamedTensors parameters, all;
        for (const ParameterInfo& info : manifest)
            if (const Tensor* tensor = tensors.find(info.name))
                parameters.set(
                    info.name, naming(file, "tensor '" + info.name + "'", [&] { return asF32(*tensor); }));
        for (const auto& [name, tensor] : tensors) {
            const Tensor* converted = parameters.find(name);
            all.set(name, converted ? *converted : tensor);
        }
        std::vector<TensorReport> rows = compare(manifest, all);
        for (TensorReport& row : rows)
            if (row.state == TensorReport::State::Unused)
                row = withoutPlace(row.name, all[row.name], parameters);
        report.insert(report.end(), rows.begin(), rows.end());
        return parameters;
    });
}

void requireComplete(const std::string& file, const Recognition& found)
{
    if (const std::string problem = problemIn(found.report); !problem.empty())
        throw NotOpened(file, problem, found);
}

bool isWeightsFile(const Hdf5File& file) { return formatOf(file) == "weights"; }

OpenedWeights readWeights(const Hdf5File& file, const Registry& registry)
{
    return naming(file.file().path(), [&] {
        const Hdf5Object& root = *file.find("");
        checkVersion(file, root);
        Weights::Parts parts;
        parts.architecture = file.attribute<std::string>(root, "architecture");
        const Architecture& architecture = registry.requireArchitecture(parts.architecture);
        naming(file.file().path(), "attribute 'config'", [&] {
            parts.config
                = Config::fromJson(architecture.schema(), file.attribute<std::string>(root, "config"));
        });
        naming(file.file().path(), "attribute 'preprocess'",
            [&] { parts.preprocess = preprocessFromJson(file.attribute<std::string>(root, "preprocess")); });
        OpenedWeights opened{nullptr, {}, "fovea"};
        parts.parameters = fitManifest(file.file().path(), architecture.manifest(parts.config),
            tensorsIn(file, "parameters"), opened.report);
        requireComplete(file.file().path(), {parts.architecture, opened.naming, {}, opened.report});
        if (const Hdf5Object* labels = file.find("labels"))
            parts.labels = labelsIn(file, *labels, parts.config);
        parts.reference = referenceIn(file);
        if (root.attributes.contains("training"))
            parts.training = file.attribute<std::string>(root, "training");
        opened.weights = std::make_shared<const Weights>(std::move(parts));
        return opened;
    });
}

void addWeights(Hdf5Writer& writer, const Weights& weights, StoredType type)
{
    const Weights::Parts& parts = weights.parts();
    writer.attribute("", "fovea_format", "weights");
    writer.attribute("", "version", weightsVersion);
    writer.attribute("", "architecture", parts.architecture);
    writer.attribute("", "config", parts.config.json());
    writer.attribute("", "preprocess", toJson(parts.preprocess));
    if (!parts.training.empty())
        writer.attribute("", "training", parts.training);
    writer.group("parameters");
    for (const auto& [name, tensor] : parts.parameters)
        writer.write("parameters/" + name, tensor, type);
    if (!parts.labels.empty())
        writer.write("labels", parts.labels);
    if (parts.reference.input.defined()) {
        writer.write("reference/input", parts.reference.input);
        writer.write("reference/logits", parts.reference.logits);
        for (const auto& [name, tensor] : parts.reference.records)
            writer.write("reference/signals/" + name, tensor);
    }
}

void writeWeights(const std::string& path, const Weights& weights, StoredType type, const StopToken& stop)
{
    Hdf5Writer writer(path, stop);
    addWeights(writer, weights, type);
    writer.commit();
}

}
