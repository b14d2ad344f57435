// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/model.h"

#include "plugins/lab_scan_snap/vectors.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::scan_snap {

double softmax(double* x, std::size_t n)
{
    const double most = largest(x, n);
    std::array<double, lanes> parts{};
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            x[j + k] = expOfNegative(x[j + k] - most);
            parts[k] += x[j + k];
        }
    for (std::size_t k = 0; j < n; ++j, ++k) {
        x[j] = expOfNegative(x[j] - most);
        parts[k] += x[j];
    }
    const double sum = sumOf(parts), scale = 1 / sum;
    for (j = 0; j < n; ++j)
        x[j] *= scale;
    return most + std::log(sum);
}

namespace {

/// The sequences of one class, forwards and backwards.
class ClassPass {
public:
    ClassPass(const Layout& layout, const Form& form, std::size_t number, const WeightsView& weights,
        const Sequences& sequences)
        : form_(form)
        , one_(layout.classes[number])
        , vocabulary_(static_cast<std::size_t>(layout.vocabulary))
        , rows_(sequences.rows[number])
        , tokens_(one_.contextual() + (form.hasResidual || form.includesQuery ? 1 : 0))
        , weight_(sequences.weight)
        , counts_(sequences.counts[number])
        , z_(weights.z + one_.query * layout.vocabulary)
        , attended_(rows_ * tokens_)
        , f_(rows_ * tokens_)
        , norms_(rows_)
        , errors_(rows_ * vocabulary_)
    {
        for (std::size_t i = 0; i < tokens_; ++i)
            y_.push_back(weights.y + one_.tokens[i] * layout.vocabulary);
    }

    void addTo(Gradients& gradients)
    {
        attend();
        for (std::size_t row = 0; row < rows_; ++row)
            gradients.loss += weight_ * predict(row);
        addDecoder(gradients.y.data());
        for (std::size_t row = 0; row < rows_; ++row)
            addAttention(row, gradients.z.data() + one_.query * static_cast<Index>(vocabulary_));
    }

private:
    void attend()
    {
        std::vector<double> scores(tokens_), powers(tokens_);
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
        double *a = attended_.data() + row * tokens_, *f = f_.data() + row * tokens_;
        for (std::size_t i = 0; i < tokens_; ++i)
            a[i] = counts[i] * powers[i];
        double sum = 0;
        for (std::size_t i = 0; i < tokens_; ++i)
            sum += a[i];
        if (sum < 1e-200) // all that occurs is far below the most attended of the class
            sum = attendAlone(counts, scores, a);
        double square = 0;
        for (std::size_t i = 0; i < tokens_; ++i) {
            f[i] = a[i] /= sum;
            f[i] += form_.hasResidual && i + 1 == tokens_ ? 1 : 0;
            square += f[i] * f[i];
        }
        norms_[row] = form_.isNormalised ? std::sqrt(square) : 1;
        for (std::size_t i = 0; i < tokens_; ++i)
            f[i] /= norms_[row];
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

    /// Makes d of a row, times the row's weight. Returns its loss.
    double predict(std::size_t row)
    {
        double* d = errors_.data() + row * vocabulary_;
        addRows(d, vocabulary_, {f_.data() + row * tokens_, tokens_}, y_);
        const double logit = d[one_.label], logSum = softmax(d, vocabulary_);
        d[one_.label] = std::expm1(logit - logSum); // p - 1, exact where p is nearly 1
        for (std::size_t j = 0; j < vocabulary_; ++j)
            d[j] *= weight_;
        return logSum - logit;
    }

    void addDecoder(double* y) const
    {
        std::vector<const double*> errors;
        for (std::size_t row = 0; row < rows_; ++row)
            errors.push_back(errors_.data() + row * vocabulary_);
        std::vector<double> column(rows_);
        for (std::size_t i = 0; i < tokens_; ++i) {
            for (std::size_t row = 0; row < rows_; ++row)
                column[row] = f_[row * tokens_ + i];
            addRows(y + one_.tokens[i] * static_cast<Index>(vocabulary_), vocabulary_, column, errors);
        }
    }

    void addAttention(std::size_t row, double* z)
    {
        const double *d = errors_.data() + row * vocabulary_, *f = f_.data() + row * tokens_,
                     *a = attended_.data() + row * tokens_;
        g_.resize(tokens_);
        for (std::size_t i = 0; i < tokens_; ++i)
            g_[i] = dot(y_[i], d, vocabulary_);
        if (form_.isNormalised) {
            const double along = dot(f, g_.data(), tokens_);
            for (std::size_t i = 0; i < tokens_; ++i)
                g_[i] = (g_[i] - f[i] * along) / norms_[row];
        }
        const double mean = dot(a, g_.data(), tokens_);
        for (std::size_t i = 0; i < tokens_; ++i)
            z[one_.tokens[i]] += a[i] * (g_[i] - mean);
    }

    const Form& form_;
    const SequenceClass& one_;
    std::size_t vocabulary_, rows_, tokens_;
    double weight_;
    const std::vector<double>& counts_;
    const double* z_;
    std::vector<const double*> y_; // rows of the class's tokens
    std::vector<double> attended_, f_; // [row, token]
    std::vector<double> norms_; // [row]
    std::vector<double> errors_; // [row, M]: logits, then d
    std::vector<double> g_;
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
