// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/contract.h"

#include "core/source/contract_report.h"
#include "core/source/token_input.h"

#include <algorithm>
#include <cmath>

namespace fovea {

namespace {

void checkIdentity(Report& report, const Identity& identity)
{
    const auto isSane = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    report.require(!identity.id.empty() && std::ranges::all_of(identity.id, isSane),
        "expected an id of a-z, 0-9 and _, found '" + identity.id + "'");
    const std::pair<const char*, const std::string*> texts[]
        = {{"name", &identity.name}, {"family", &identity.family}, {"task", &identity.task},
            {"sentence", &identity.sentence}, {"paper's title", &identity.paper.title}};
    for (const auto& [what, text] : texts)
        report.require(!text->empty(), std::string("the ") + what + " is missing");
}

void checkSchema(Report& report, const Schema& schema)
{
    report.requireUnique(schema, &Field::name, "field");
    Config config(schema);
    for (const Field& field : schema) {
        report.require(!field.help.empty(), "field '" + field.name + "' has no line of help");
        config.set(field.name, field.standard); // throws where a default is out of range
    }
    report.require(Config::fromJson(schema, config.json()) == config, "the defaults do not survive JSON");
}

void checkInfos(Report& report, const std::vector<SignalInfo>& infos, const std::vector<std::string>& blocks)
{
    report.requireUnique(infos, &SignalInfo::path, "signal");
    for (const SignalInfo& info : infos) {
        const auto require
            = [&](bool kept, const char* problem) { report.require(kept, info.path + " " + problem); };
        require(info.block.empty() || std::ranges::find(blocks, info.block) != blocks.end(),
            "is of an unknown block");
        require(!info.role.empty(), "has no role");
        const bool hasFields
            = info.kind == Kind::Keep || info.kind == Kind::Points || info.kind == Kind::Graph;
        require(!hasFields || !info.fields.empty(), "declares no fields");
        require(info.kind != Kind::Keep || info.fields == std::vector<std::string>{"score", "kept"},
            "has not the fields score and kept");
        const bool isDomain
            = info.domain == "space" || info.domain == "spectrum" || info.domain == "half-spectrum";
        require((info.kind == Kind::Filter) == isDomain, "has a domain that does not fit its Kind");
    }
}

void checkPresets(Report& report, const Architecture& architecture)
{
    report.requireUnique(architecture.presets(), &Preset::name, "preset");
    std::vector<Config> configs{Config(architecture.schema())};
    for (const Preset& preset : architecture.presets())
        configs.push_back(presetConfig(architecture, preset.name));
    for (const Config& config : configs) {
        report.stop().check();
        report.require(
            !architecture.manifest(config).empty(), "a config without parameters: " + config.json());
        report.require(
            architecture.inputShape(config).count() > 0, "a config without input: " + config.json());
        checkInfos(report, architecture.signalInfos(config), architecture.blocks(config));
    }
}

}

Tensor contractInput(const Architecture& architecture, const Config& config, Index batch)
{
    const Shape sample = architecture.inputShape(config);
    const auto vocabulary = static_cast<double>(vocabularyOf(config));
    std::vector<Index> extents{batch};
    extents.insert(extents.end(), sample.extents().begin(), sample.extents().end());
    Tensor input{Shape(extents)};
    const RandomPlace place{7, 0, hashOf("contract"), 0};
    const auto values = input.writable();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = vocabulary > 0 ? static_cast<float>(std::floor(vocabulary * place.uniform(i)))
                                   : static_cast<float>(place.normal(i));
    return input;
}

std::string firstDifference(const StepRecords& a, const StepRecords& b, double tolerance)
{
    for (const RecordPtr& left : a.all()) {
        const RecordPtr right = b.find(left->path());
        if (!right || right->value.shape() != left->value.shape())
            return left->path();
        if (tolerance == 0 && !right->value.identical(left->value))
            return left->path();
        const std::vector<double> x = left->value.toDoubles(), y = right->value.toDoubles();
        double worst = 0, scale = 0;
        for (std::size_t i = 0; i < x.size() && tolerance > 0; ++i) {
            worst = std::max(worst, std::abs(x[i] - y[i]));
            scale = std::max(scale, std::abs(x[i]));
        }
        if (worst > tolerance * scale)
            return left->path();
    }
    return a.all().size() == b.all().size() ? "" : "the number of records";
}

std::vector<Finding> checkContract(const Architecture& architecture, const StopToken& stop)
{
    Report report(stop);
    report.rule("identity", [&] { checkIdentity(report, architecture.identity()); });
    report.rule("schema", [&] { checkSchema(report, architecture.schema()); });
    report.rule("presets", [&] { checkPresets(report, architecture); });
    report.rule("runs", [&] { checkRuns(report, architecture); });
    return report.findings();
}

std::vector<Finding> checkContract(const Lab& lab, const StopToken& stop)
{
    Report report(stop);
    report.rule("identity", [&] { checkIdentity(report, lab.identity()); });
    report.rule("schema", [&] { checkSchema(report, lab.schema()); });
    report.rule("signals", [&] { checkInfos(report, lab.signalInfos(Config(lab.schema())), {}); });
    report.rule("runs", [&] { checkRuns(report, lab); });
    return report.findings();
}

}
