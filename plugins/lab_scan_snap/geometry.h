// How the classes' attention vectors lie to one another: F, E = F^T F - 1 and E' (Assumption 2, Appendix D).
// Small dense matrices, row-major; it knows no time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/lab_scan_snap/layout.h"

namespace fovea::plugin::scan_snap {

/// The f_n = c_n / |c_n| of all classes for T to infinity.
struct Geometry {
    /// z: [query, M].
    Geometry(const Layout& layout, const double* z);

    std::size_t classes = 0, tokens = 0;
    std::vector<double> f; ///< [K, moving token]
    std::vector<double> overlap; ///< E [K, K]: f_n . f_n' off the diagonal, 0 on it

    const double* of(std::size_t n) const { return f.data() + n * tokens; }
};

/// E' of (1 + E)^-1 = 1 - E' [K, K]. Its diagonal is <= 0 (Lemma 16).
std::vector<double> whitening(const Geometry& geometry);

/// Of a symmetric matrix [n, n], ascending.
std::vector<double> eigenvaluesOf(std::vector<double> matrix, std::size_t n);

/// What Assumption 2 bounds: |lambda_1(E)| < 1 / K and |lambda_i(E)| >= sqrt(6 / M).
struct Assumption {
    double largest = 0, smallest = 0; ///< |lambda|
    double mostLargest = 0, leastSmallest = 0; ///< the bounds
};
Assumption assumptionOf(const std::vector<double>& eigenvalues, double vocabulary);

}
