// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/signal_list.h"

namespace fovea::parts {

SignalInfo& SignalList::add(
    const std::string& name, Kind kind, const std::string& role, const std::string& help)
{
    SignalInfo info;
    info.path = prefix + name;
    info.kind = kind;
    info.role = role;
    info.depth = depth;
    info.block = block;
    info.help = help;
    if (kind == Kind::Filter)
        info.domain = "half-spectrum";
    return list.emplace_back(std::move(info));
}

void SignalList::norm(const std::string& name, const std::string& help)
{
    add(name + ".out", Kind::Tokens, "normalised tokens", help);
}

void SignalList::attention(const std::string& name, const std::string& adds)
{
    add(name + ".q", Kind::Heads, "queries", "what each token looks for");
    add(name + ".k", Kind::Heads, "keys", "what each token offers to be found by");
    add(name + ".v", Kind::Heads, "values", "what each token gives when it is looked at");
    add(name + ".scores", Kind::Attention, "scores before softmax", "q k^T / sqrt(head channels)");
    add(name + ".pattern", Kind::Attention, "attention after softmax",
        "how each query shares itself out over the keys");
    add(name + ".head", Kind::Heads, "head outputs", "the values each head gathered, before the projection");
    add(name + ".out", Kind::Tokens, "attention output", adds);
}

void SignalList::filter(const std::string& name)
{
    add(name + ".in", Kind::Tokens, "token map before the filter", "each channel is a picture on the grid");
    add(name + ".weight", Kind::Filter, "learned filter",
        "what each frequency of each channel is multiplied with");
    add(name + ".out", Kind::Tokens, "token map after the filter",
        "each channel, filtered over the whole grid");
}

void SignalList::mlp(const std::string& adds)
{
    add("mlp.hidden", Kind::Tokens, "hidden units", "the MLP's units after the activation");
    add("mlp.out", Kind::Tokens, "MLP output", adds);
}

}
