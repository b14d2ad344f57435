// One execution: its weights, who watches and edits, cancel, memory, threads, random numbers.
// The first argument of every operation; there are no globals.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/random.h"
#include "core/run/run_options.h"

#include <string>
#include <string_view>

namespace fovea {

class FOVEA_API Run {
public:
    /// Thrown by block() after Replay::upTo; execute() catches it.
    struct Ended { };

    explicit Run(const Weights& weights, RunOptions options = {});

    /// While it lives, names are relative to a part: "attn" inside "blocks.3" means "blocks.3.attn".
    class Scope {
    public:
        Scope(Run& run, std::string_view part);
        ~Scope() { run_.prefix_.resize(length_); }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Run& run_;
        std::size_t length_;
    };
    Scope in(std::string_view part) { return Scope(*this, part); }

    /// What it was made with: a source that runs another one within hands its means on.
    const RunOptions& options() const { return options_; }

    // --- parameters, read by name so that an optimiser step or an edit needs no rebuild ---

    /// The tensor `part` + `leaf` ("attn.qkv", ".weight"). Throws Error when the weights lack it.
    const Tensor& weight(std::string_view part, std::string_view leaf = {});
    /// The same, or nullptr when the weights lack it (a bias that a model may leave out).
    const Tensor* maybeWeight(std::string_view part, std::string_view leaf = {});
    /// Of all parameters together.
    std::size_t weightBytes() const { return weights_.byteSize(); }
    /// Something derived from the tensor of that name (a packed form), made once for these weights.
    template <class T, class Make>
    const T& derived(std::string_view part, std::string_view leaf, Make make)
    {
        return weights_.derived<T>(full(part, leaf), make);
    }

    /// The new value of the tensor `part` + `leaf` of role State (a recurrent memory, say). The weights stay
    /// as they are; the caller of the run keeps it for the next call or drops it.
    void keep(std::string_view part, std::string_view leaf, const Tensor& value)
    {
        if (options_.kept)
            options_.kept->set(full(part, leaf), value);
    }

    /// What a source has to say of each sample beside its output, [B]: what a training by reward needs.
    void tell(std::string_view name, const Tensor& value)
    {
        if (options_.told)
            options_.told->set(std::string(name), value);
    }

    /// One more run of the same weights and means, which nobody watches or edits and which begins at the
    /// beginning: of the other samples of a batch, where their lengths diverge.
    Run unwatched() const;

    // --- signals ---

    /// The sample whose records are kept. Where layouts depend on the data they are this sample's.
    Index watched() const { return options_.sample; }

    /// How much of a signal the probe wants; `bytes` is the size of its value.
    Want wants(std::string_view signal, std::size_t bytes = 0);
    /// Whether a block must hand on all that it can: a later run, an edit, a gradient may ask for it. A
    /// source that is told no, and of whose signals from here on none is wanted, may leave out what its
    /// result does not depend on.
    bool wantsState(std::string_view block) const;
    /// Shows a signal when it is wanted. Returns `value` itself, or what an edit put in its place.
    Tensor show(std::string_view signal, const Tensor& value, Shown context = {});
    void showFactors(std::string_view signal, const AttentionFactors& factors, Shown context = {});

    // --- gradients ---

    /// The tape, when a gradient of one of these inputs is of use; what is undefined is of none.
    template <class... Inputs>
    Tape* tapeFor(const Inputs&... inputs) const
    {
        return options_.tape && (options_.tape->reaches(inputs) || ...) ? options_.tape : nullptr;
    }
    Tape* tape() const { return options_.tape; }
    bool isTraining() const { return options_.isTraining; }
    /// The parts of show(), for an operation that shows a copy which it does not hand on unless it is edited.
    /// The probe alone:
    Tensor offer(std::string_view signal, const Tensor& value, Shown context = {});
    /// the edit as a node of the tape, when `edited` is not `value` itself:
    void recordEdit(std::string_view signal, const Tensor& value, const Tensor& edited, const Shown& context);
    /// and the signal's gradient when it is asked for, made by `view` from that of `value`.
    void follow(
        std::string_view signal, const Tensor& value, const Shown& context, Tape::SignalView view = {});
    /// The full path of a signal when its gradient was asked for, else empty.
    std::string gradientPath(std::string_view signal);
    /// For backwards: whether the probe takes the gradient of that path, and showing it as `grad.<path>`.
    bool wantsGradient(std::string_view path, std::size_t bytes);
    void showGradient(std::string_view path, const Tensor& gradient, Shown context = {});

    // --- the chain ---

    /// One link of a forward pass: state = run.block("blocks.3", state, fn). fn(State) -> State runs inside
    /// the scope `path`. Here happen cancel, progress, stored states, re-runs and edits of whole blocks.
    template <class Fn>
    State block(std::string_view path, const State& before, Fn&& fn)
    {
        return block(path, path, before, std::forward<Fn>(fn));
    }
    /// The same with a scope of another name; an empty one for a stem or head whose names have no prefix.
    template <class Fn>
    State block(std::string_view path, std::string_view scope, const State& before, Fn&& fn)
    {
        using F = std::remove_reference_t<Fn>;
        return runBlock(
            {path, scope}, before, [](void* f, const State& s) { return (*static_cast<F*>(f))(s); },
            const_cast<void*>(static_cast<const void*>(&fn)));
    }

    // --- means ---

    /// An operation says how many multiply-accumulates it is about to make. As in papers, matrix products,
    /// convolutions and attention count, transforms and what is done element by element do not.
    void countMacs(std::int64_t count)
    {
        if (options_.macs)
            *options_.macs += count;
    }

    /// Uninitialised f32 memory of the workspace.
    Tensor make(const Shape& shape, DType type = DType::F32) { return options_.workspace.make(shape, type); }
    /// Pool::each of this run's threads; throws Cancelled when the run was stopped, before or in the midst:
    /// what was to be filled is then worth nothing.
    template <class Fn>
    void parallel(Index tasks, Fn&& fn)
    {
        checkStop();
        pool_.each(tasks, [&](Index task, [[maybe_unused]] int worker) {
            if (options_.stop.stopped())
                return;
            if constexpr (std::is_invocable_v<Fn&, Index, int>)
                fn(task, worker);
            else
                fn(task);
        });
        checkStop();
    }
    /// Workers that parallel() may use; fn(task, worker) is told which one it runs on.
    int threads() const { return pool_.threads(); }
    void checkStop() const { options_.stop.check(); }
    /// Where random numbers of the present scope are drawn; `name` tells several draws apart.
    RandomPlace random(std::string_view name, std::uint64_t sample = 0);

private:
    using BlockFn = State (*)(void*, const State&);
    struct BlockNames {
        std::string_view path, scope;
    };
    State runBlock(BlockNames names, const State& before, BlockFn fn, void* context);
    State handOn(std::string_view path, const State& before, State after);
    void reportBlock();
    std::string_view full(std::string_view part, std::string_view leaf = {});

    const Weights& weights_;
    RunOptions options_;
    Pool& pool_;
    std::string prefix_; // with a trailing dot, or empty
    std::string name_; // the buffer behind full()
    bool started_ = false; // the first block of a replay was reached
    int blocksDone_ = 0;
};

}
