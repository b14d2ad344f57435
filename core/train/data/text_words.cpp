// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/text_words.h"

#include "core/tensor/error.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace fovea::train::data {

namespace {

const std::string lineEnd = "<eos>", unknownWord = "<unk>";

/// Bytes of the character that begins with `first`; 0: none does.
std::size_t lengthOf(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

/// Whether the two bytes can begin a character of more than one: no longer a form than needed, no surrogate,
/// nothing behind U+10FFFF (RFC 3629).
bool isBegin(unsigned char first, unsigned char second)
{
    const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
}

/// The first byte that is no UTF-8, or the text's size.
std::size_t firstBadByte(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = lengthOf(byte(i));
        if (length == 0 || i + length > text.size() || (length > 1 && !isBegin(byte(i), byte(i + 1))))
            return i;
        for (std::size_t k = 2; k < length; ++k)
            if ((byte(i + k) & 0xC0) != 0x80)
                return i;
        i += length;
    }
    return text.size();
}

void requireUtf8(std::string_view text)
{
    const std::size_t bad = firstBadByte(text);
    if (bad == text.size())
        return;
    const auto line = std::ranges::count(text.substr(0, bad), '\n') + 1;
    throw Error("expected UTF-8, found something else in line " + std::to_string(line) + ", byte "
        + std::to_string(bad));
}

/// fn(word) for each word and line end.
template <class Fn>
void eachWord(std::string_view text, Fn fn)
{
    const auto isBlank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        for (std::size_t i = at; i < end;) {
            std::size_t stop = i;
            while (stop < end && !isBlank(text[stop]))
                ++stop;
            if (stop > i)
                fn(text.substr(i, stop - i));
            i = stop + 1;
        }
        fn(std::string_view(lineEnd));
        at = end + 1;
    }
}

/// The text with the so many most frequent words, which come in the order in which they were there.
WordText shortened(const WordText& all, Index most)
{
    std::vector<Index> counts(all.words.size(), 0);
    for (const std::int32_t id : all.ids)
        ++counts[static_cast<std::size_t>(id)];
    std::vector<std::size_t> order(all.words.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
    std::erase_if(order, [&](std::size_t i) { return all.words[i] == unknownWord; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(most)));
    std::ranges::sort(order);
    WordText text{{unknownWord}, {}};
    std::vector<std::int32_t> becomes(all.words.size(), 0);
    for (const std::size_t i : order) {
        becomes[i] = static_cast<std::int32_t>(text.words.size());
        text.words.push_back(all.words[i]);
    }
    for (const std::int32_t id : all.ids)
        text.ids.push_back(becomes[static_cast<std::size_t>(id)]);
    return text;
}

}

WordText wordsIn(std::string_view text, Index most)
{
    requireUtf8(text);
    WordText all;
    std::unordered_map<std::string_view, std::int32_t> numbers; // views of the text
    eachWord(text, [&](std::string_view word) {
        const auto [found, isNew] = numbers.emplace(word, static_cast<std::int32_t>(all.words.size()));
        if (isNew)
            all.words.emplace_back(word);
        all.ids.push_back(found->second);
    });
    if (most > 0)
        return shortened(all, most);
    if (std::ssize(all.words) > mostWords)
        throw Error("expected at most " + std::to_string(mostWords) + " different words, found "
            + std::to_string(all.words.size()) + "; the field 'most' keeps the most frequent ones");
    return all;
}

}
