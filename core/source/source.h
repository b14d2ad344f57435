// What can run and be watched. The plugin boundary: an architecture or a lab, and who they are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run.h"
#include "core/source/manifest.h"
#include "core/source/schema.h"
#include "core/trace/record.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fovea {

struct Paper {
    std::string title;
    int year = 0;
    std::string arxiv; ///< "2012.12877"
};

struct Identity {
    std::string id; ///< "vit": the folder's name, in files and on the command line
    std::string name; ///< "ViT / DeiT"
    std::string family; ///< "attention", "spectral", "token reduction", ...
    std::string task; ///< "image classification", ...
    Paper paper;
    std::string sentence; ///< what it is, for the library
};

/// A configuration by its official name. Values that differ from the schema's defaults.
struct Preset {
    std::string name; ///< "deit_tiny_patch16_224"
    std::vector<std::pair<std::string, FieldValue>> values;
    Preprocess preprocess = {};
};

/// A tensor of a foreign file, seen from outside.
struct TensorOutline {
    std::string name;
    Shape shape;
};

namespace parts {
class NameMap;
}

/// What a person says of a weights file, by config field ("heads" -> "3"). "preprocess": imagenet, half, none
/// (see io::foreignPreprocess) or the JSON of a Preprocess.
using Answers = std::map<std::string, std::string>;

/// An answer that does not fit its field or contradicts others, or for a field that there is not. The message
/// names the field.
class FOVEA_API AnswerError : public UsageError {
public:
    using UsageError::UsageError;
};

/// What an architecture makes of a foreign file: a config, where each parameter comes from, and the
/// fields that names and shapes cannot tell and that have to be asked for.
struct Recognised {
    std::shared_ptr<const parts::NameMap> map; ///< which naming it is
    Config config; ///< the fields in question hold values with which its manifest agrees with the shapes
    std::vector<std::string> questions; ///< names of config fields
};

/// A part of a training in which not everything learns, or not by the loss.
struct LearningPhase {
    std::string name; ///< "interpreter 1"
    double share = 1; ///< of all steps; those of all phases sum to 1
    Config config; ///< with which the forward passes of these steps run
    std::vector<std::string> learns; ///< patterns of the parameters that move
    double rate = 1; ///< the learning rate is multiplied by it
    /// Learns by REINFORCE with the self-critical baseline (Rennie et al. 2017, arXiv 1612.00563): the
    /// gradient of (R(greedy) - R(drawn)) log pi(drawn), where Run::tell() names `log_probability` and
    /// `kept`, the share of the patches left. R = 1 - kept^2 where the answer is right, else -penalty. Else
    /// by the loss of the output.
    bool byReward = false;
    Config greedy = {}; ///< by reward: the config that chooses without a draw
    double penalty = 1;
};

/// An architecture: an input becomes an output. It holds no numbers; everything is a pure function of
/// config, weights and input.
class FOVEA_API Architecture {
public:
    virtual ~Architecture() = default;
    virtual Identity identity() const = 0;
    virtual Schema schema() const = 0;
    virtual std::vector<Preset> presets() const = 0;
    /// Throws Error when the fields contradict one another (dim not divisible by heads).
    virtual Manifest manifest(const Config& config) const = 0;
    /// The shape of an input without batch: [3, 224, 224].
    virtual Shape inputShape(const Config& config) const = 0;
    /// Block paths in the order of the chain, from the first link to the last.
    virtual std::vector<std::string> blocks(const Config& config) const = 0;
    /// Every signal that forward shows, in order. (Qt owns the word "signals".) `logits` is the output.
    virtual std::vector<SignalInfo> signalInfos(const Config& config) const = 0;
    /// [B, ...] -> [B, class]. A chain of run.block(...).
    virtual Tensor forward(Run& run, const Config& config, const Tensor& input) const = 0;
    /// Whether a foreign state_dict is of this architecture; nothing when it is not. Throws Error when it
    /// nearly is (a tensor has no place). With `map` only that naming is tried; empty: those it knows.
    virtual std::optional<Recognised> recognise(
        const std::vector<TensorOutline>& tensors, const std::shared_ptr<const parts::NameMap>& map) const;
    /// The f32 parameters of a file, made for `from`, as `to` wants them: another input size resizes what
    /// stands for places in the input. By default they stay as they are.
    virtual NamedTensors resized(const Config& from, const Config& to, NamedTensors parameters) const;
    /// How it is trained where that is not by the loss alone, all at once: phases in their order. By default
    /// none.
    virtual std::vector<LearningPhase> learningPhases(const Config&) const { return {}; }
    /// A small config for tests: a forward pass takes well under a second.
    virtual Config tinyConfig() const { return Config(schema()); }
};

/// A simulation that advances step by step. State is named tensors and nothing else, so that core alone
/// saves, restores, branches and steps back, bit-exactly.
class FOVEA_API Lab {
public:
    virtual ~Lab() = default;
    virtual Identity identity() const = 0;
    virtual Schema schema() const = 0;
    virtual std::vector<SignalInfo> signalInfos(const Config& config) const = 0;
    virtual NamedTensors start(const Config& config, std::uint64_t seed) const = 0;
    /// A pure function: the state after one more step. Shows its signals to the run's probe.
    virtual NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const = 0;
    /// What theory predicts: curves and phase marks.
    virtual std::vector<Record> theory(const Config&) const { return {}; }
    /// Whether a field may change in mid-run, as a rate may; what shapes the state may not.
    virtual bool canChange(std::string_view /*field*/) const { return true; }
    /// u8 [y, x, 3]: the picture whose places its token layouts speak of; undefined: they speak of none.
    virtual Tensor picture(const Config&, const NamedTensors& /*state*/) const { return {}; }
};

/// Weights filled by the manifest's initialisers.
FOVEA_API WeightsPtr freshWeights(
    const Architecture& architecture, const Config& config, std::uint64_t seed, const StopToken& stop = {});
/// The config of a preset; throws Error when the architecture has none of that name.
FOVEA_API Config presetConfig(const Architecture& architecture, const std::string& preset);
/// `config` with fields set as the option --set has them. Throws UsageError naming the field that is unknown,
/// out of its range or contradicts another one.
FOVEA_API Config configWith(const Architecture& architecture, Config config, const Answers& fields);
FOVEA_API const Preset* findPreset(const std::vector<Preset>& presets, std::string_view name);

}
