// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/cost_contenders.h"

#include "core/analysis/token_fates.h"
#include "core/source/field_list.h"
#include "core/tensor/error.h"

#include <algorithm>
#include <cmath>

namespace fovea::analysis {

namespace {

/// The model's tensors as another architecture, or another config, wants them.
WeightsPtr reshaped(const Architecture& architecture, const WeightsPtr& model, const Config& config)
{
    Weights::Parts parts = model->parts();
    parts.architecture = architecture.identity().id;
    parts.config = config;
    parts.reference = {};
    parts.parameters = {};
    for (const ParameterInfo& info : architecture.manifest(config)) {
        const Tensor* tensor = model->find(info.name);
        if (!tensor)
            throw Error("cost against accuracy: '" + parts.architecture + "' wants tensor '" + info.name
                + "', which the model has not");
        parts.parameters.append(info.name, *tensor);
    }
    return std::make_shared<const Weights>(std::move(parts));
}

/// The fields of `architecture` with the values that the model has for them.
Config sharedConfig(const Architecture& architecture, const Config& model)
{
    Config config(architecture.schema());
    for (const Field& field : model.schema())
        if (const Field* own = findField(config.schema(), field.name);
            own && own->standard.index() == field.standard.index())
            config.set(field.name, model.value(field.name));
    return config;
}

/// Each picture once, as far as `count` go.
std::vector<StudyPicture> firstOf(const std::vector<StudyPicture>& pictures, Index count)
{
    std::vector<StudyPicture> first;
    for (const StudyPicture& picture : pictures) {
        if (!first.empty() && first.back().sample == picture.sample)
            continue;
        first.push_back(picture);
        if (static_cast<Index>(first.size()) >= count)
            break;
    }
    return first;
}

class Maker {
public:
    Maker(const Registry& registry, const WeightsPtr& model, std::vector<StudyPicture> pictures,
        const ExecuteOptions& given)
        : registry_(registry)
        , model_(model)
        , own_(registry.requireArchitecture(model->architecture()))
        , pictures_(std::move(pictures))
    {
        run_.pool = given.pool;
        run_.workspace = given.workspace;
        run_.stop = given.stop;
        run_.record = {};
        run_.keepStates = false;
    }

    CostContender all() const
    {
        return {"all", nan, nan, &own_, withRule("contrast", std::vector<double>(groups(), 1))};
    }
    CostContender threshold(double value) const
    {
        Config config = model_->config();
        config.set("rule", std::string("threshold"));
        config.set("threshold", value);
        return {"threshold", value, value, &own_, reshaped(own_, model_, config)};
    }

    /// Mean over the pictures.
    double costOf(const CostContender& contender) const
    {
        double sum = 0;
        for (const StudyPicture& picture : pictures_)
            sum += macsOf(*contender.architecture, *contender.weights, picture);
        return sum / static_cast<double>(pictures_.size());
    }
    /// Mean share of the patches that each group keeps.
    std::vector<double> sharesOf(const CostContender& contender) const
    {
        std::vector<double> shares(groups());
        ExecuteOptions run = run_;
        run.record = {"stages.*.keep"};
        for (const StudyPicture& picture : pictures_) {
            const auto fates
                = tokenFates(*execute(*contender.architecture, *contender.weights, picture.input, run));
            for (std::size_t group = 0; fates && group < shares.size(); ++group)
                shares[group]
                    += fates->keptShare(static_cast<int>(group)) / static_cast<double>(pictures_.size());
        }
        return shares;
    }

    /// A rule with a number, at that cost: the shares times what it takes.
    CostContender ruled(
        const std::string& rule, const std::vector<double>& shares, double cost, double rival) const
    {
        const auto scaled = [&](double factor) {
            std::vector<double> keep = shares;
            for (double& share : keep)
                share = std::clamp(share * factor, 0.0, 1.0);
            return keep;
        };
        const double most = shares.front() > 0 ? 1 / shares.front() : 1;
        const double factor
            = found(0, most, cost, [&](double f) { return fixedCost(own_, withRule(rule, scaled(f))); });
        const std::vector<double> keep = scaled(factor);
        return {rule, keep.back(), rival, &own_, withRule(rule, keep)};
    }

    /// Other reductions on the same backbone, as far as they are there.
    void addOthers(double cost, double rival, std::vector<CostContender>& contenders) const
    {
        constexpr double lowestRate = 0.01;
        if (const Architecture* evit = registry_.architecture("evit")) {
            const auto at = [&](double rate) { return reshaped(*evit, model_, evitConfig(*evit, rate)); };
            const double rate
                = found(lowestRate, 1, cost, [&](double value) { return fixedCost(*evit, at(value)); });
            contenders.push_back({"evit", rate, rival, evit, at(rate)});
        }
        if (const Architecture* tome = registry_.architecture("tome")) {
            const int r = nearestR(*tome, cost);
            contenders.push_back({"tome", static_cast<double>(r), rival, tome, withR(*tome, r)});
        }
    }

private:
    std::size_t groups() const { return countsIn(model_->config().text("groups"), "groups").size(); }

    double macsOf(const Architecture& architecture, const Weights& weights, const StudyPicture& picture) const
    {
        std::int64_t macs = 0;
        ExecuteOptions run = run_;
        run.macs = &macs;
        execute(architecture, weights, picture.input, run);
        return static_cast<double>(macs);
    }
    /// Where every picture costs the same.
    double fixedCost(const Architecture& architecture, const WeightsPtr& weights) const
    {
        return macsOf(architecture, *weights, pictures_.front());
    }

    WeightsPtr withRule(const std::string& rule, const std::vector<double>& keep) const
    {
        std::string text;
        for (const double share : keep)
            text += (text.empty() ? "" : ",") + textOf(FieldValue(share));
        Config config = model_->config();
        config.set("rule", rule);
        config.set("keep", text);
        return reshaped(own_, model_, config);
    }
    Config evitConfig(const Architecture& evit, double rate) const
    {
        constexpr int stages = 3;
        Config config = sharedConfig(evit, model_->config());
        std::vector<int> blocks; // the official quarters of the depth, as far as there are so many
        for (int stage = 1; stage <= stages; ++stage)
            if (const int block = config.count("depth") * stage / (stages + 1);
                block > 0 && (blocks.empty() || block > blocks.back()))
                blocks.push_back(block);
        std::string text;
        for (const int block : blocks)
            text += (text.empty() ? "" : ",") + std::to_string(block);
        config.set("drop_at", text);
        config.set("keep_rate", rate);
        return config;
    }
    WeightsPtr withR(const Architecture& tome, int r) const
    {
        Config config = sharedConfig(tome, model_->config());
        config.set("r", std::int64_t{r});
        return reshaped(tome, model_, config);
    }
    /// The r whose cost is nearest; more merges cost less.
    int nearestR(const Architecture& tome, double cost) const
    {
        const auto at = [&](int r) { return fixedCost(tome, withR(tome, r)); };
        int low = 0, high = std::max(1, patches() / 2); // at(low) is above the cost, at(high) below
        while (high - low > 1) {
            const int middle = (low + high) / 2;
            (at(middle) > cost ? low : high) = middle;
        }
        return std::abs(at(low) - cost) < std::abs(at(high) - cost) ? low : high;
    }
    int patches() const
    {
        const int side = model_->config().count("image_size") / model_->config().count("patch_size");
        return side * side;
    }

    /// A setting between both at which a cost that grows with it is nearest to `cost`.
    template <class Fn>
    static double found(double low, double high, double cost, Fn costAt)
    {
        constexpr int halvings = 14;
        for (int i = 0; i < halvings; ++i) {
            const double middle = (low + high) / 2;
            (costAt(middle) < cost ? low : high) = middle;
        }
        return std::abs(costAt(low) - cost) < std::abs(costAt(high) - cost) ? low : high;
    }

    const Registry& registry_;
    const WeightsPtr& model_;
    const Architecture& own_;
    std::vector<StudyPicture> pictures_;
    ExecuteOptions run_;
};

}

std::vector<double> usualThresholds() { return {.3, .4, .45, .48, .5, .52, .55, .6, .7}; }

std::vector<CostContender> costContenders(const Registry& registry, const WeightsPtr& model,
    const std::vector<StudyPicture>& pictures, const std::vector<double>& thresholds,
    const ExecuteOptions& run, Index calibration)
{
    for (const char* field : {"threshold", "rule", "keep", "groups"})
        if (!findField(model->config().schema(), field))
            throw Error("cost against accuracy: expected a model with the field '" + std::string(field)
                + "', found '" + model->architecture() + "'");
    if (pictures.empty() || thresholds.empty())
        throw Error("cost against accuracy: there are no pictures or no thresholds");
    const Maker maker(registry, model, firstOf(pictures, calibration), run);
    std::vector<CostContender> contenders{maker.all()};
    for (const double value : thresholds)
        contenders.push_back(maker.threshold(value));
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const CostContender& mine = contenders[i + 1];
        const double cost = maker.costOf(mine);
        const std::vector<double> shares = maker.sharesOf(mine);
        for (const char* rule : {"top", "random", "contrast"})
            contenders.push_back(maker.ruled(rule, shares, cost, thresholds[i]));
        maker.addOthers(cost, thresholds[i], contenders);
        if (run.progress)
            run.progress(static_cast<double>(i + 1) / static_cast<double>(thresholds.size()));
    }
    return contenders;
}

}
