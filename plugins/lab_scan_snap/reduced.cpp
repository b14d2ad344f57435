// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/reduced.h"

#include "plugins/lab_scan_snap/theory.h"
#include "plugins/lab_scan_snap/vectors.h"

#include <algorithm>
#include <cmath>

namespace fovea::plugin::scan_snap {

Reduced::Reduced(const Layout& layout, const Optimiser& rates, bool isOriginal)
    : layout_(layout)
    , rates_(rates)
    , isOriginal_(isOriginal)
    , queries_(static_cast<std::size_t>(layout.queries))
    , vocabulary_(static_cast<std::size_t>(layout.vocabulary))
    , tokens_(static_cast<std::size_t>(layout.moving()))
    , decoder_(queries_ * vocabulary_ + layout.classes.size() + 2)
{
}

std::vector<double> Reduced::advanced(std::vector<double> state, double timeStep) const
{
    const int steps = std::max(1, static_cast<int>(std::ceil(1 / timeStep - 1e-9)));
    const double dt = 1.0 / steps;
    const auto moved = [&](const std::vector<double>& slope, double by) {
        std::vector<double> there(state);
        for (std::size_t i = 0; i < there.size(); ++i)
            there[i] += by * slope[i];
        return there;
    };
    for (int step = 0; step < steps; ++step) {
        const std::vector<double> a = slope(state), b = slope(moved(a, dt / 2)), c = slope(moved(b, dt / 2)),
                                  d = slope(moved(c, dt));
        for (std::size_t i = 0; i < state.size(); ++i)
            state[i] += dt / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
    }
    return state;
}

std::vector<double> Reduced::slope(const std::vector<double>& state) const
{
    const Geometry geometry(layout_, state.data());
    const auto m = static_cast<double>(vocabulary_);
    std::vector<double> slope(state.size());
    slope[progress()] = rates_.rateY / static_cast<double>(geometry.classes);
    slope[progress() + 1] = rates_.rateZ * speedOf(heightAt(state[progress()], m), m);
    isOriginal_ ? original(state, geometry, slope) : whitened(state, geometry, slope);
    return slope;
}

void Reduced::whitened(
    const std::vector<double>& state, const Geometry& geometry, std::vector<double>& slope) const
{
    const auto m = static_cast<double>(vocabulary_);
    const double pace = rates_.rateZ * speedOf(heightAt(state[progress()], m), m);
    const std::vector<double> beta = whitening(geometry);
    for (std::size_t n = 0; n < geometry.classes; ++n) {
        const double *f = geometry.of(n), *ofN = beta.data() + n * geometry.classes;
        double along = 0; // sum of beta (f_n . f_n')
        std::vector<double> others(tokens_); // and of beta f_n'
        for (std::size_t other = 0; other < geometry.classes; ++other)
            if (other != n) {
                along += ofN[other] * geometry.overlap[n * geometry.classes + other];
                for (std::size_t l = 0; l < tokens_; ++l)
                    others[l] += ofN[other] * geometry.of(other)[l];
            }
        double* z = slope.data() + layout_.classes[n].query * layout_.vocabulary;
        for (std::size_t l = 0; l < tokens_; ++l)
            z[l] += pace * f[l] * (along * f[l] - others[l]);
        slope[growth() + n] = -pace * ofN[n];
    }
}

/// e_n - alpha_n [M] under the decoder's own weights.
std::vector<double> Reduced::errorOf(
    const std::vector<double>& state, const Geometry& geometry, std::size_t n) const
{
    std::vector<double> error(vocabulary_);
    const double* f = geometry.of(n);
    for (std::size_t l = 0; l < tokens_; ++l)
        if (f[l] != 0)
            for (std::size_t j = 0; j < vocabulary_; ++j)
                error[j] += f[l] * state[decoder_ + l * vocabulary_ + j];
    softmax(error.data(), vocabulary_);
    for (double& value : error)
        value = -value;
    error[static_cast<std::size_t>(layout_.classes[n].label)] += 1;
    return error;
}

void Reduced::original(
    const std::vector<double>& state, const Geometry& geometry, std::vector<double>& slope) const
{
    const double rateY = rates_.rateY / static_cast<double>(geometry.classes);
    for (std::size_t n = 0; n < geometry.classes; ++n) {
        const double* f = geometry.of(n);
        const std::vector<double> error = errorOf(state, geometry, n);
        std::vector<double> g(tokens_);
        for (std::size_t l = 0; l < tokens_; ++l) {
            if (f[l] == 0)
                continue;
            g[l] = dot(state.data() + decoder_ + l * vocabulary_, error.data(), vocabulary_);
            for (std::size_t j = 0; j < vocabulary_; ++j)
                slope[decoder_ + l * vocabulary_ + j] += rateY * f[l] * error[j];
        }
        const double along = dot(f, g.data(), tokens_);
        double* z = slope.data() + layout_.classes[n].query * layout_.vocabulary;
        for (std::size_t l = 0; l < tokens_; ++l)
            z[l] += rates_.rateZ * f[l] * (g[l] - f[l] * along);
        slope[growth() + n] = rates_.rateZ * drawOf(layout_.classes[n], f, g.data(), tokens_);
    }
}

double drawOf(const SequenceClass& one, const double* f, const double* g, std::size_t tokens)
{
    const double along = dot(f, g, tokens);
    double sum = 0, square = 0;
    for (std::size_t i = one.distinct; i < one.contextual(); ++i) {
        const Index l = one.tokens[i];
        sum += f[l] * (g[l] - f[l] * along);
        square += f[l] * f[l];
    }
    return square > 0 ? sum / square : 0;
}

std::vector<double> Reduced::certainties(const std::vector<double>& state) const
{
    const auto m = static_cast<double>(vocabulary_);
    const double x = m * heightAt(state[progress()], m);
    std::vector<double> found(layout_.classes.size(), 1 / ((m - 1) * std::exp(-x) + 1));
    if (!isOriginal_)
        return found;
    const Geometry geometry(layout_, state.data());
    for (std::size_t n = 0; n < found.size(); ++n)
        found[n] = 1 - errorOf(state, geometry, n)[static_cast<std::size_t>(layout_.classes[n].label)];
    return found;
}

double Reduced::lossOf(const std::vector<double>& state) const
{
    double sum = 0;
    const std::vector<double> certain = certainties(state);
    for (const double p : certain)
        sum -= std::log(p);
    return sum / static_cast<double>(certain.size());
}

}
