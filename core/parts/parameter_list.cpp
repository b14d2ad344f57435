// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/parameter_list.h"

#include <cmath>

namespace fovea::parts {

namespace {
using Rule = Initialiser::Rule;
}

void ParameterList::add(const std::string& name, const Shape& shape, const Initialiser& initialiser)
{
    list.push_back({name, shape, initialiser});
}

void ParameterList::token(const std::string& name, const Shape& shape)
{
    add(name, shape, {Rule::TruncatedNormal, 0.02});
}

void ParameterList::positions(const std::string& name, const Shape& shape)
{
    add(name, shape, {Rule::TruncatedNormal, isGlorot ? 0.5 : 0.02});
}

void ParameterList::norm(const std::string& name, Index dim)
{
    add(name + ".weight", {dim}, {Rule::Constant, 1});
    add(name + ".bias", {dim});
}

void ParameterList::linear(const std::string& name, Index out, Index in, bool hasBias)
{
    const double deviation = isGlorot ? std::sqrt(2 / static_cast<double>(in + out)) : 0.02;
    add(name + ".weight", {out, in}, {Rule::TruncatedNormal, deviation});
    if (hasBias)
        add(name + ".bias", {out});
}

void ParameterList::head(const std::string& name, Index out, Index in)
{
    token(name + ".weight", {out, in});
    add(name + ".bias", {out});
}

void ParameterList::convolution(const std::string& name, Index out, Index in, Index side)
{
    const double bound = 1 / std::sqrt(static_cast<double>(in * side * side));
    add(name + ".weight", {out, in, side, side}, {Rule::Uniform, bound});
    add(name + ".bias", {out}, {Rule::Uniform, bound});
}

}
