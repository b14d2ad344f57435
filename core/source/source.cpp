// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/registry.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <map>

namespace fovea {

std::optional<Recognised> Architecture::recognise(
    const std::vector<TensorOutline>&, const std::shared_ptr<const parts::NameMap>&) const
{
    return std::nullopt;
}

NamedTensors Architecture::resized(const Config&, const Config&, NamedTensors parameters) const
{
    return parameters;
}

const Preset* findPreset(const std::vector<Preset>& presets, std::string_view name)
{
    const auto found = std::ranges::find(presets, name, &Preset::name);
    return found == presets.end() ? nullptr : &*found;
}

Config presetConfig(const Architecture& architecture, const std::string& name)
{
    Config config(architecture.schema());
    if (name.empty())
        return config;
    const auto presets = architecture.presets();
    const Preset* preset = findPreset(presets, name);
    if (!preset)
        throw Error("architecture '" + architecture.identity().id + "' has no preset '" + name
            + "'; see `fovea list`");
    for (const auto& [field, value] : preset->values)
        config.set(field, value);
    return config;
}

WeightsPtr freshWeights(
    const Architecture& architecture, const Config& config, std::uint64_t seed, const StopToken& stop)
{
    Weights::Parts parts;
    parts.architecture = architecture.identity().id;
    parts.config = config;
    parts.parameters = freshParameters(architecture.manifest(config), seed, stop);
    return std::make_shared<const Weights>(std::move(parts));
}

Config configWith(const Architecture& architecture, Config config, const Answers& fields)
{
    if (fields.empty())
        return config;
    try {
        for (const auto& [field, text] : fields)
            config.setText(field, text);
        architecture.manifest(config); // fields that contradict one another
    } catch (const Error& error) {
        throw AnswerError(error.what());
    }
    return config;
}

struct Registry::Content {
    std::map<std::string, std::unique_ptr<Architecture>, std::less<>> architectures;
    std::map<std::string, std::unique_ptr<Lab>, std::less<>> labs;

    void refuseTaken(const std::string& id) const
    {
        if (architectures.contains(id) || labs.contains(id))
            throw Error("a source with the id '" + id + "' is already registered");
    }
};

Registry::Registry()
    : content_(std::make_unique<Content>())
{
}

Registry::~Registry() = default;

void Registry::add(std::unique_ptr<Architecture> architecture)
{
    const std::string id = architecture->identity().id;
    content_->refuseTaken(id);
    content_->architectures[id] = std::move(architecture);
}

void Registry::add(std::unique_ptr<Lab> lab)
{
    const std::string id = lab->identity().id;
    content_->refuseTaken(id);
    content_->labs[id] = std::move(lab);
}

void Registry::add(Registry&& other)
{
    for (const auto& [id, architecture] : other.content_->architectures)
        content_->refuseTaken(id);
    for (const auto& [id, lab] : other.content_->labs)
        content_->refuseTaken(id);
    content_->architectures.merge(other.content_->architectures);
    content_->labs.merge(other.content_->labs);
}

std::vector<const Architecture*> Registry::architectures() const
{
    std::vector<const Architecture*> all;
    for (const auto& [id, architecture] : content_->architectures)
        all.push_back(architecture.get());
    return all;
}

std::vector<const Lab*> Registry::labs() const
{
    std::vector<const Lab*> all;
    for (const auto& [id, lab] : content_->labs)
        all.push_back(lab.get());
    return all;
}

const Architecture* Registry::architecture(std::string_view id) const
{
    const auto found = content_->architectures.find(id);
    return found == content_->architectures.end() ? nullptr : found->second.get();
}

const Lab* Registry::lab(std::string_view id) const
{
    const auto found = content_->labs.find(id);
    return found == content_->labs.end() ? nullptr : found->second.get();
}

const Architecture& Registry::requireArchitecture(std::string_view id) const
{
    if (const Architecture* found = architecture(id))
        return *found;
    std::string known;
    for (const auto& [name, ignored] : content_->architectures)
        known += (known.empty() ? "" : ", ") + name;
    throw Error("there is no architecture '" + std::string(id)
        + "' (known: " + (known.empty() ? "none" : known) + ")");
}

}
