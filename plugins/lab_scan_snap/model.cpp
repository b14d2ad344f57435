// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/model.h"

#include "plugins/lab_scan_snap/vectors.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::scan_snap {

namespace {

/// The sequences of one class, forwards and backwards. Rows of tokens are padded with zeros to whole vectors.
class ClassPass {
public:
    ClassPass(const Layout& layout, const Form& form, std::size_t number, const WeightsView& weights,
        const Sequences& sequences)
        : form_(form)
        , one_(layout.classes[number])
        , vocabulary_(static_cast<std::size_t>(layout.vocabulary))
        , rows_(sequences.rows[number])
        , tokens_(one_.contextual() + (form.hasResidual || form.includesQuery ? 1 : 0))
        , stride_((tokens_ + lanes - 1) / lanes * lanes)
        , weight_(sequences.weight)
        , counts_(sequences.counts[number])
        , z_(weights.z + one_.query * layout.vocabulary)
        , attended_(rows_ * stride_)
        , f_(rows_ * stride_)
        , norms_(rows_)
        , errors_(rows_ * vocabulary_)
        , g_(stride_)
        , toZ_(stride_)
    {
        for (std::size_t i = 0; i < tokens_; ++i)
            y_.push_back(weights.y + one_.tokens[i] * layout.vocabulary);
        for (std::size_t row = 0; row < rows_; ++row)
            errorRows_.push_back(errors_.data() + row * vocabulary_);
    }

    void addTo(Gradients& gradients)
    {
        attend();
        gradients.loss += predict();
        addDecoder(gradients.y.data());
        for (std::size_t row = 0; row < rows_; ++row)
            addAttention(row);
        for (std::size_t i = 0; i < tokens_; ++i)
            gradients
                .z[static_cast<std::size_t>(one_.query * static_cast<Index>(vocabulary_) + one_.tokens[i])]
                += toZ_[i];
    }

private:
    void attend()
    {
        std::vector<double> scores(tokens_), powers(stride_);
        for (std::size_t i = 0; i < tokens_; ++i)
            scores[i] = z_[one_.tokens[i]];
        const double most = largest(scores.data(), tokens_);
        for (std::size_t i = 0; i < tokens_; ++i)
            powers[i] = std::exp(scores[i] - most);
        for (std::size_t row = 0; row < rows_; ++row)
            attend(row, scores, powers);
    }

    void attend(std::size_t row, std::span<const double> scores, std::span<const double> powers)
    {
        const double* counts = counts_.data() + row * one_.tokens.size();
        double *a = attended_.data() + row * stride_, *f = f_.data() + row * stride_;
        std::copy_n(counts, tokens_, a);
        double sum = dot(a, powers.data(), stride_);
        for (std::size_t i = 0; i < stride_; ++i)
            a[i] *= powers[i];
        if (sum < 1e-200) // all that occurs is far below the most attended of the class
            sum = attendAlone(counts, scores, a);
        const double scale = 1 / sum;
        for (std::size_t i = 0; i < stride_; ++i)
            f[i] = a[i] *= scale;
        f[tokens_ - 1] += form_.hasResidual ? 1 : 0;
        norms_[row] = form_.isNormalised ? std::sqrt(dot(f, f, stride_)) : 1;
        const double shrink = 1 / norms_[row];
        for (std::size_t i = 0; i < stride_; ++i)
            f[i] *= shrink;
    }

    double attendAlone(const double* counts, std::span<const double> scores, double* a) const
    {
        double most = -INFINITY, sum = 0;
        for (std::size_t i = 0; i < tokens_; ++i)
            most = counts[i] > 0 ? std::max(most, scores[i]) : most;
        for (std::size_t i = 0; i < tokens_; ++i) {
            a[i] = counts[i] > 0 ? counts[i] * std::exp(scores[i] - most) : 0;
            sum += a[i];
        }
        return sum;
    }

    /// f Y of all rows; each becomes d times the row's weight. Returns the weighted loss.
    double predict()
    {
        addProducts(errorRows_, {f_.data(), stride_, 1}, y_, vocabulary_);
        double loss = 0;
        for (double* d : errorRows_) {
            const double logit = d[one_.label], logSum = softmax(d, vocabulary_, weight_);
            d[one_.label] = weight_ * std::expm1(logit - logSum); // p - 1, exact where p is nearly 1
            loss += weight_ * (logSum - logit);
        }
        return loss;
    }

    void addDecoder(double* y) const
    {
        std::vector<double*> to;
        for (std::size_t i = 0; i < tokens_; ++i)
            to.push_back(y + one_.tokens[i] * static_cast<Index>(vocabulary_));
        addProducts(to, {f_.data(), 1, stride_}, Rows(errorRows_.data(), rows_), vocabulary_);
    }

    void addAttention(std::size_t row)
    {
        const double *d = errors_.data() + row * vocabulary_, *f = f_.data() + row * stride_,
                     *a = attended_.data() + row * stride_;
        double *g = g_.data(), *z = toZ_.data();
        dotRows(y_, d, vocabulary_, g);
        if (form_.isNormalised) {
            const double along = dot(f, g, stride_), shrink = 1 / norms_[row];
            for (std::size_t i = 0; i < stride_; ++i)
                g[i] = (g[i] - f[i] * along) * shrink;
        }
        const double mean = dot(a, g, stride_);
        for (std::size_t i = 0; i < stride_; ++i)
            z[i] += a[i] * (g[i] - mean);
    }

    const Form& form_;
    const SequenceClass& one_;
    std::size_t vocabulary_, rows_, tokens_, stride_;
    double weight_;
    const std::vector<double>& counts_;
    const double* z_;
    std::vector<const double*> y_; // rows of the class's tokens
    std::vector<double> attended_, f_; // [row, stride]
    std::vector<double> norms_; // [row]
    std::vector<double> errors_; // [row, M]: logits, then d
    std::vector<double*> errorRows_;
    std::vector<double> g_, toZ_; // [stride]
};

}

Gradients gradientsOf(
    const Layout& layout, const Form& form, const WeightsView& weights, const Sequences& sequences)
{
    Gradients gradients(layout);
    for (std::size_t n = 0; n < layout.classes.size(); ++n)
        if (sequences.rows[n] > 0)
            ClassPass(layout, form, n, weights, sequences).addTo(gradients);
    return gradients;
}

std::vector<double> attentionOf(const SequenceClass& one, const double* zOfQuery)
{
    std::vector<double> c(one.contextual());
    double most = -INFINITY, sum = 0;
    for (std::size_t i = 0; i < c.size(); ++i)
        most = std::max(most, zOfQuery[one.tokens[i]]);
    for (std::size_t i = 0; i < c.size(); ++i)
        sum += c[i] = one.probabilities[i] * std::exp(zOfQuery[one.tokens[i]] - most);
    for (double& value : c)
        value /= sum;
    return c;
}

}
