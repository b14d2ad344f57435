// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/measures.h"

#include "plugins/lab_scan_snap/model.h"
#include "plugins/lab_scan_snap/reduced.h"
#include "plugins/lab_scan_snap/vectors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fovea::plugin::scan_snap {

namespace {

/// The h with which (M - 1) h at the label and -h elsewhere lie nearest to logits.
double heightOf(const std::vector<double>& logits, std::size_t label)
{
    const double sum = std::accumulate(logits.begin(), logits.end(), 0.0) - logits[label];
    const auto m = static_cast<double>(logits.size());
    return (logits[label] - sum / (m - 1)) / m;
}

}

double distinctEntropy(const SequenceClass& one, const std::vector<double>& c)
{
    double whole = 0, sum = 0;
    for (std::size_t i = one.distinct; i < c.size(); ++i)
        whole += c[i];
    for (std::size_t i = one.distinct; i < c.size(); ++i)
        if (const double p = c[i] / whole; p > 0)
            sum -= p * std::log(p);
    return sum;
}

Growth::Growth(const SequenceClass& one, const double* zStart, const double* z)
{
    std::size_t dominant = one.distinct;
    const auto logStart
        = [&](std::size_t i) { return std::log(one.probabilities[i]) + zStart[one.tokens[i]]; };
    const auto grown = [&](std::size_t i) { return z[one.tokens[i]] - zStart[one.tokens[i]]; };
    for (std::size_t i = one.distinct; i < one.contextual(); ++i)
        dominant = logStart(i) > logStart(dominant) ? i : dominant;
    chi = std::exp(2 * grown(dominant));
    for (std::size_t i = one.distinct; i < one.contextual(); ++i) {
        const double start = 2 * (logStart(dominant) - logStart(i));
        ratios.push_back(std::expm1(start + 2 * (grown(dominant) - grown(i))));
        law.push_back(std::expm1(start) * chi);
    }
}

double Growth::error() const
{
    double worst = 0;
    for (std::size_t i = 0; i < law.size(); ++i)
        worst = std::max(worst, std::abs(ratios[i] - law[i]) / (law[i] + 1));
    return worst;
}

std::vector<double> attentionRows(const Layout& layout, const double* z)
{
    const auto m = static_cast<std::size_t>(layout.vocabulary);
    std::vector<double> rows(z, z + static_cast<std::size_t>(layout.queries) * m);
    for (std::size_t query = 0; query < static_cast<std::size_t>(layout.queries); ++query)
        softmax(rows.data() + query * m, m);
    return rows;
}

double recallAt(const Layout& layout, const std::vector<double>& rows, double threshold)
{
    double share = 0;
    for (const SequenceClass& one : layout.classes) {
        const double* row = rows.data() + one.query * layout.vocabulary;
        std::size_t found = 0;
        for (std::size_t i = one.distinct; i < one.contextual(); ++i)
            found += row[one.tokens[i]] > threshold ? 1 : 0;
        share += static_cast<double>(found) / static_cast<double>(one.contextual() - one.distinct);
    }
    return share / static_cast<double>(layout.count());
}

Reading::Reading(const Layout& layout, const Geometry& geometry, const double* y)
{
    const auto m = static_cast<std::size_t>(layout.vocabulary);
    std::vector<const double*> rows;
    for (std::size_t l = 0; l < geometry.tokens; ++l)
        rows.push_back(y + l * m);
    for (std::size_t n = 0; n < geometry.classes; ++n) {
        const SequenceClass& one = layout.classes[n];
        std::vector<double> error(m);
        addProducts(std::array{error.data()}, {geometry.of(n), 0, 1}, rows, m);
        for (const SequenceClass& other : layout.classes)
            w.push_back(error[static_cast<std::size_t>(other.label)]);
        height.push_back(heightOf(error, static_cast<std::size_t>(one.label)));
        softmax(error.data(), m);
        certainty.push_back(error[static_cast<std::size_t>(one.label)]);
        speed.push_back(static_cast<double>(m - 1) * height.back() * (1 - certainty.back()));
        for (double& value : error)
            value = -value;
        error[static_cast<std::size_t>(one.label)] += 1;
        std::vector<double> g(geometry.tokens);
        for (std::size_t l = 0; l < geometry.tokens; ++l)
            g[l] = dot(rows[l], error.data(), m);
        draw.push_back(drawOf(one, geometry.of(n), g.data(), geometry.tokens));
    }
}

}
