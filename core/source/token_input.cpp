// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/token_input.h"

#include "core/tensor/error.h"

#include <charconv>
#include <cmath>

namespace fovea {

namespace {

/// The id that a text names; -1 where it is no id.
Index idNamed(const std::string& text)
{
    Index id = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc() && end == text.data() + text.size() ? id : -1;
}

std::string idText(const Tensor& input, std::size_t i)
{
    return input.dtype() == DType::I32 ? std::to_string(input.values<std::int32_t>()[i])
                                       : std::to_string(input.values<float>()[i]);
}

}

Index vocabularyOf(const Config& config)
{
    const Field* field = findField(config.schema(), "vocab");
    return field && std::holds_alternative<std::int64_t>(field->standard) ? config.integer("vocab") : 0;
}

Tensor tokenIds(const Tensor& input, Index vocabulary)
{
    assert(input.rank() == 2);
    const bool isWhole = input.dtype() == DType::I32;
    Tensor ids(input.shape(), DType::I32);
    const auto out = ids.writable<std::int32_t>();
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double value = isWhole ? static_cast<double>(input.values<std::int32_t>()[i])
                                     : static_cast<double>(input.values<float>()[i]);
        if (!(value >= 0 && value < static_cast<double>(vocabulary)) || value != std::floor(value)) {
            const auto n = static_cast<std::size_t>(input.dim(1));
            throw Error("input: token " + std::to_string(i % n) + " of sample " + std::to_string(i / n)
                + ": expected a whole number from 0 to " + std::to_string(vocabulary - 1)
                + ", the ids of this vocabulary, found " + idText(input, i));
        }
        out[i] = static_cast<std::int32_t>(value);
    }
    return ids;
}

LayoutPtr idLayout(const Tensor& ids, Index sample)
{
    const Index n = ids.dim(1), row = std::min(sample, ids.dim(0) - 1);
    std::vector<std::string> words;
    for (const std::int32_t id :
        ids.values<std::int32_t>().subspan(static_cast<std::size_t>(row * n), static_cast<std::size_t>(n)))
        words.push_back(std::to_string(id));
    return TokenLayout::text(std::move(words));
}

Tensor WordNames::show(const Shown& shown, const Tensor& value) { return to_.show(named(shown), value); }

void WordNames::showFactors(const Shown& shown, const AttentionFactors& factors)
{
    to_.showFactors(named(shown), factors);
}

Shown WordNames::named(Shown shown)
{
    shown.queries = named(shown.queries);
    shown.keys = named(shown.keys);
    return shown;
}

LayoutPtr WordNames::named(const LayoutPtr& layout)
{
    if (!layout || layout->domain() != TokenLayout::Domain::Text)
        return layout;
    if (layout == last_)
        return lastNamed_;
    TokenLayout::Plain plain = layout->plain();
    for (std::string& word : plain.words)
        if (const Index id = idNamed(word); id >= 0 && id < std::ssize(words_))
            word = words_[static_cast<std::size_t>(id)];
    last_ = layout;
    lastNamed_ = TokenLayout::fromPlain(std::move(plain));
    return lastNamed_;
}

Probe* withWords(Probe* to, const Weights& weights, std::optional<WordNames>& names)
{
    const std::vector<std::string>& words = weights.parts().labels;
    if (!to || words.empty() || vocabularyOf(weights.config()) == 0)
        return to;
    return &names.emplace(*to, words);
}

}
