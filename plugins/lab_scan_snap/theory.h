// What the paper (Tian et al., arXiv 2305.16380) says of the dynamics in closed form. It simulates nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace fovea::plugin::scan_snap {

/// What the closed forms depend on: a layout's numbers and the rates. Time t is in steps of plain gradient
/// descent with one sequence each; with momentum m, step s of a run is t = s / (1 - m).
struct Setting {
    double vocabulary = 0; ///< M
    double classes = 1; ///< K
    double rateY = 1, rateZ = 1;
    double constant = 1; ///< C0 = rho_0^4 / K
};

/// h(u), Lemma 6: dh/du = 1 / ((M - 1) + exp(M h)), h(0) = 0, hence exp(M h) + (M - 1) M h = M u + 1.
/// u = eta_Y t / K. W's diagonal is (M - 1) h, the rest of it -h.
double heightAt(double u, double vocabulary);
/// h*(s) for s = 0..count - 1, Lemma 5: the same in steps of one sequence of the class.
std::vector<double> heightSteps(double rateY, double vocabulary, int count);
/// gamma = (M - 1)^2 h / ((M - 1) + exp(M h)), Theorem 1: the speed of the gradient that reaches the
/// attention.
double speedOf(double height, double vocabulary);
/// Gamma(t) = eta_Z int_0^t gamma = (eta_Z / eta_Y) K (M - 1)^2 h(t / K)^2 / 2.
double travelAt(const Setting& setting, double t);

/// B(t), the log growth of the dominant distinct token while the norms stay (Section 6):
/// ln(1 + 4 Gamma / C0) / 4. As Equation 14 prints it, ln(C0 + 4 Gamma) / 4: it leaves ln(C0) / 4 out.
double growthAt(const Setting& setting, double t, bool isAsPrinted = false);
/// xi(t) = gamma exp(4 z) / C0 of the common token, exp(-4 z) = 1 + 4 Gamma / C0: eta_Z xi = dB/dt.
double drawAt(const Setting& setting, double t);

/// omega_1, Lemma 8: the root below 1 of M^w = (1 + w) (M - 1) / M ln M.
double omegaOf(double vocabulary);
/// t0' = K ln M / eta_Y: until then attention scans.
double scanEnd(const Setting& setting);
/// t0 = 2 (1 + omega_1) K ln M / eta_Y: from then on it snaps.
double snapBegin(const Setting& setting);

/// Theorem 3: exp(2 f^2 B) <= chi <= exp(2 B), with f = f_nl0(0) of the dominant distinct token.
struct Bounds {
    double low, high;
};
Bounds growthBounds(double growth, double f);

}
