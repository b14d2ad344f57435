// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/records.h"

#include "plugins/lab_scan_snap/measures.h"
#include "plugins/lab_scan_snap/model.h"
#include "plugins/lab_scan_snap/names.h"
#include "plugins/lab_scan_snap/reduced.h"
#include "plugins/lab_scan_snap/simulate.h"
#include "plugins/lab_scan_snap/theory.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>

namespace fovea::plugin::scan_snap {

namespace {

constexpr int thresholds = 11;

using Doubles = std::vector<double>;

/// With ten digits, so that steps of a decimal are decimals.
std::string shortText(double value)
{
    std::array<char, 32> text{};
    const auto [end, error]
        = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 10);
    return {text.data(), end};
}

/// What the elements of a signal are called: rows (or the elements of a vector), columns.
struct Called {
    LayoutPtr rows = {}, columns = {};
};

/// A signal that is made when somebody wants it.
struct Signal {
    SignalInfo info;
    Shape shape; ///< without batch
    std::function<Doubles()> make;
    Called called;
};

/// What several signals are made of, at most once a step.
class Measured {
public:
    Measured(const Settings& settings, const Layout& layout, const NamedTensors& state)
        : settings_(settings)
        , layout_(layout)
        , state_(state)
    {
    }
    const double* z() const { return state_["Z"].values<double>().data(); }
    const double* y()
    {
        return state_.find("Y") ? state_["Y"].values<double>().data()
                                : reduced().data() + equations().decoder();
    }
    const double* zOf(const SequenceClass& one) const { return z() + one.query * layout_.vocabulary; }
    const double* startOf(const SequenceClass& one) const
    {
        return state_["Z.start"].values<double>().data() + one.query * layout_.vocabulary;
    }
    const Geometry& geometry()
    {
        if (!geometry_)
            geometry_ = std::make_unique<Geometry>(layout_, z());
        return *geometry_;
    }
    const Reading& reading()
    {
        if (!reading_)
            reading_ = std::make_unique<Reading>(layout_, geometry(), y());
        return *reading_;
    }
    const Doubles& rows()
    {
        if (rows_.empty())
            rows_ = attentionRows(layout_, z());
        return rows_;
    }
    const Doubles& reduced()
    {
        if (reduced_.empty())
            reduced_ = reducedOf(state_);
        return reduced_;
    }
    Reduced equations() const { return {layout_, settings_.optimiser, settings_.isOriginal}; }

private:
    const Settings& settings_;
    const Layout& layout_;
    const NamedTensors& state_;
    std::unique_ptr<Geometry> geometry_;
    std::unique_ptr<Reading> reading_;
    Doubles rows_, reduced_;
};

/// Lists the signals; the functions in them look at what `measured` is given later.
class List {
public:
    List(const Settings& settings, const Layout& layout)
        : settings_(settings)
        , layout_(layout)
        , names_(namesOf(settings.language))
        , hasDecoder_(settings.simulator != Simulator::Ode || settings.isOriginal)
    {
    }

    std::vector<Signal> made(Measured* measured, double loss)
    {
        m_ = measured;
        all_.clear();
        add("loss", Kind::Scalar, {}, {"loss", "cross entropy of the batch, before its update", "nat"},
            [loss] { return Doubles{loss}; });
        addWhole();
        for (std::size_t n = 0; n < layout_.classes.size(); ++n)
            addClass(n);
        addMatrices();
        settings_.simulator == Simulator::Ode ? addPhase() : addFoundPhase();
        return std::move(all_);
    }

private:
    struct Words {
        std::string role, help, unit = {};
    };
    void add(const std::string& path, Kind kind, const Shape& shape, const Words& words,
        std::function<Doubles()> make, Called called = {})
    {
        all_.push_back({{path, kind, words.role, -1, "", words.help, words.unit}, shape, std::move(make),
            std::move(called)});
    }

    void addWhole()
    {
        add("entropy", Kind::Scalar, {},
            {"entropy of attention", "on distinct tokens, mean over the classes", "nat"}, [this] {
                double sum = 0;
                for (const SequenceClass& one : layout_.classes)
                    sum += distinctEntropy(one, attentionOf(one, m_->zOf(one)));
                return Doubles{sum / static_cast<double>(layout_.count())};
            });
        add("law_error", Kind::Scalar, {},
            {"error of Theorem 3", "the largest |r - r(0) chi| / (r(0) chi + 1)"}, [this] {
                double worst = 0;
                for (const SequenceClass& one : layout_.classes)
                    worst = std::max(worst, Growth(one, m_->startOf(one), m_->zOf(one)).error());
                return Doubles{worst};
            });
        add("growth", Kind::Scalar, {},
            {"growth of attention", "ln(chi) / 2 of the dominant distinct tokens, mean over the classes"},
            [this] {
                double sum = 0;
                for (const SequenceClass& one : layout_.classes)
                    sum += std::log(Growth(one, m_->startOf(one), m_->zOf(one)).chi) / 2;
                return Doubles{sum / static_cast<double>(layout_.count())};
            });
        add("recall", Kind::Vector, {thresholds},
            {"recall of distinct tokens", "share of them above 11 thresholds, recall_from to recall_to"},
            [this] {
                Doubles found;
                for (int i = 0; i < thresholds; ++i)
                    found.push_back(recallAt(layout_, m_->rows(), thresholdAt(i)));
                return found;
            });
        for (int i = 0; i < thresholds; ++i)
            all_.back().info.fields.push_back(shortText(thresholdAt(i)));
        add("xi", Kind::Vector, {layout_.count()}, {"draw xi by class", "of the distinct tokens (Theorem 1)"},
            [this] { return hasDecoder_ ? m_->reading().draw : reducedDraw(); }, {names_.classes});
        add("alpha", Kind::Vector, {layout_.count()},
            {"probability of the labels", "alpha_nn, of each class"},
            [this] {
                return hasDecoder_ ? m_->reading().certainty : m_->equations().certainties(m_->reduced());
            },
            {names_.classes});
    }

    void addClass(std::size_t n)
    {
        const SequenceClass& one = layout_.classes[n];
        const std::string path = "classes." + std::to_string(n) + ".",
                          of = "class " + std::to_string(n) + ": ";
        const auto distinct = static_cast<Index>(one.contextual() - one.distinct);
        const auto growth = [this, &one] { return Growth(one, m_->startOf(one), m_->zOf(one)); };
        add(path + "c", Kind::Vector, {layout_.vocabulary}, {of + "attention c", "by token, T to infinity"},
            [this, &one] { return onAllTokens(one, attentionOf(one, m_->zOf(one))); }, {names_.tokens});
        addParts(one, path, of);
        add(path + "common", Kind::Scalar, {}, {of + "common tokens", "their share of attention"},
            [this, &one] {
                const Doubles c = attentionOf(one, m_->zOf(one));
                double sum = 0;
                for (std::size_t i = 0; i < one.distinct; ++i)
                    sum += c[i];
                return Doubles{sum};
            });
        add(path + "entropy", Kind::Scalar, {}, {of + "entropy", "of attention on distinct tokens", "nat"},
            [this, &one] { return Doubles{distinctEntropy(one, attentionOf(one, m_->zOf(one)))}; });
        add(path + "chi", Kind::Scalar, {},
            {of + "growth chi", "of the dominant distinct token since the start"},
            [growth] { return Doubles{growth().chi}; });
        add(path + "r", Kind::Vector, {distinct},
            {of + "growth ratios r", "of the dominant distinct token to each"},
            [growth] { return growth().ratios; });
        add(path + "r_law", Kind::Vector, {distinct}, {of + "r(0) chi", "what Theorem 3 says of r"},
            [growth] { return growth().law; });
    }

    double thresholdAt(int i) const
    {
        return settings_.recallFrom + (settings_.recallTo - settings_.recallFrom) * i / (thresholds - 1);
    }

    /// What attention is made of: c is c~ over its sum, c~ = P exp(z).
    void addParts(const SequenceClass& one, const std::string& path, const std::string& of)
    {
        add(path + "c_tilde", Kind::Vector, {layout_.vocabulary},
            {of + "weight c~", "P(l|n) exp(z), of which attention is the share"},
            [this, &one] {
                Doubles weights = one.probabilities;
                for (std::size_t i = 0; i < weights.size(); ++i)
                    weights[i] *= std::exp(m_->zOf(one)[one.tokens[i]]);
                return onAllTokens(one, weights);
            },
            {names_.tokens});
        add(path + "z", Kind::Vector, {layout_.vocabulary},
            {of + "attention logits z", "of its query, on its own tokens; 0 elsewhere"},
            [this, &one] {
                Doubles logits;
                for (std::size_t i = 0; i < one.contextual(); ++i)
                    logits.push_back(m_->zOf(one)[one.tokens[i]]);
                return onAllTokens(one, logits);
            },
            {names_.tokens});
        add(path + "p", Kind::Vector, {layout_.vocabulary},
            {of + "probability P(l|n)", "of a token in a sequence of the class; the same at every step"},
            [this, &one] { return onAllTokens(one, one.probabilities); }, {names_.tokens});
    }

    void addMatrices()
    {
        const Index m = layout_.vocabulary, k = layout_.count();
        add("Z", Kind::Matrix, {layout_.queries, m}, {"attention logits Z", "of each query by token"},
            [this, m] { return Doubles(m_->z(), m_->z() + layout_.queries * m); },
            {names_.queries, names_.tokens});
        add("attention", Kind::Matrix, {layout_.queries, m},
            {"attention by token", "softmax of each row of Z"}, [this] { return m_->rows(); },
            {names_.queries, names_.tokens});
        add("E", Kind::Matrix, {k, k}, {"overlap E", "of the classes' attention, F^T F - 1"},
            [this] { return m_->geometry().overlap; }, {names_.classes, names_.classes});
        add("E.eigenvalues", Kind::Vector, {k}, {"eigenvalues of E", "ascending; Assumption 2 is about them"},
            [this] { return eigenvaluesOf(m_->geometry().overlap, m_->geometry().classes); });
        if (hasDecoder_)
            add("W", Kind::Matrix, {k, k}, {"decoder W", "on the classes' attention, F^T Y at the labels"},
                [this] { return m_->reading().w; }, {names_.classes, names_.classes});
        if (settings_.simulator != Simulator::Ode)
            add("Y", Kind::Matrix, {m, m}, {"decoder Y", "logit of each token by token attended to"},
                [this, m] { return Doubles(m_->y(), m_->y() + m * m); }, {names_.tokens, names_.tokens});
    }

    void addPhase()
    {
        add("B", Kind::Vector, {layout_.count()}, {"log growth B", "of each class, the integral of eta_Z xi"},
            [this] {
                const auto begin
                    = m_->reduced().begin() + static_cast<std::ptrdiff_t>(m_->equations().growth());
                return Doubles(begin, begin + layout_.count());
            },
            {names_.classes});
        add("h", Kind::Scalar, {}, {"decoder height h", "W has (M - 1) h on its diagonal, -h elsewhere"},
            [this] { return Doubles{height()}; });
        add("gamma", Kind::Scalar, {}, {"speed gamma", "of the gradient that reaches the attention"},
            [this] { return Doubles{speedOf(height(), static_cast<double>(layout_.vocabulary))}; });
        add("Gamma", Kind::Scalar, {}, {"travel Gamma", "the integral of eta_Z gamma"},
            [this] { return Doubles{m_->reduced()[m_->equations().progress() + 1]}; });
    }

    /// Of the decoder that was trained: what of the theory its weights tell.
    void addFoundPhase()
    {
        add("h", Kind::Scalar, {},
            {"decoder height h", "of the solution nearest to F^T Y, mean over the classes"},
            [this] { return Doubles{meanOf(m_->reading().height)}; });
        add("gamma", Kind::Scalar, {}, {"speed gamma", "(M - 1) h (1 - alpha), mean over the classes"},
            [this] { return Doubles{meanOf(m_->reading().speed)}; });
    }

    static double meanOf(const Doubles& values)
    {
        return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    }

    Doubles onAllTokens(const SequenceClass& one, const Doubles& values) const
    {
        Doubles all(static_cast<std::size_t>(layout_.vocabulary));
        for (std::size_t i = 0; i < values.size(); ++i)
            all[static_cast<std::size_t>(one.tokens[i])] = values[i];
        return all;
    }

    double height() const
    {
        return heightAt(m_->reduced()[m_->equations().progress()], static_cast<double>(layout_.vocabulary));
    }

    Doubles reducedDraw() const
    {
        const Doubles beta = whitening(m_->geometry());
        const std::size_t k = m_->geometry().classes;
        Doubles draw;
        for (std::size_t n = 0; n < k; ++n)
            draw.push_back(-speedOf(height(), static_cast<double>(layout_.vocabulary)) * beta[n * k + n]);
        return draw;
    }

    const Settings& settings_;
    const Layout& layout_;
    Names names_;
    bool hasDecoder_;
    Measured* m_ = nullptr;
    std::vector<Signal> all_;
};

Shape withBatch(const Shape& shape)
{
    std::vector<Index> extents{1};
    extents.insert(extents.end(), shape.extents().begin(), shape.extents().end());
    return Shape(std::span<const Index>(extents));
}

}

std::vector<SignalInfo> signalsOf(const Settings& settings, const Layout& layout)
{
    std::vector<SignalInfo> infos;
    for (Signal& signal : List(settings, layout).made(nullptr, 0))
        infos.push_back(std::move(signal.info));
    return infos;
}

void showStep(
    Run& run, const Settings& settings, const Layout& layout, const NamedTensors& state, double loss)
{
    if (!run.options().probe)
        return;
    Measured measured(settings, layout, state);
    List list(settings, layout);
    for (const Signal& signal : list.made(&measured, loss))
        if (run.wants(signal.info.path, static_cast<std::size_t>(signal.shape.count()) * sizeof(double))
            != Want::Nothing)
            run.show(signal.info.path, Tensor::of<double>(withBatch(signal.shape), signal.make()),
                {.queries = signal.called.rows, .keys = signal.called.columns});
}

}
