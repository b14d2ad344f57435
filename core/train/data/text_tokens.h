// A text as token ids, cut into stretches whose targets are each token's successor. Three vocabularies:
// bytes, the text's own words (text_words.h), or the words and word pieces of a list (as BERT's vocab.txt).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/data/fields.h"

#include <filesystem>
#include <unordered_map>

namespace fovea::train::data {

/// A vocabulary of one token a line; its number is the line's. "##x" goes on within a word.
class FOVEA_API WordPieces {
public:
    /// Throws Error when the list is empty, names a token twice or has no "[UNK]".
    explicit WordPieces(const std::string& path);
    const std::vector<std::string>& tokens() const { return tokens_; }
    /// Lower case (of ASCII), split at blanks and around punctuation, each word cut greedily into the longest
    /// pieces there are; a word without such a cut is "[UNK]" (Devlin et al. 2019, arXiv 1810.04805).
    std::vector<std::int32_t> idsOf(std::string_view text) const;

private:
    void addWord(std::string_view word, std::vector<std::int32_t>& ids) const;

    std::vector<std::string> tokens_;
    std::unordered_map<std::string, std::int32_t> byToken_;
    std::int32_t unknown_ = 0;
};

/// Fields length, vocab (words, a file; empty: bytes), most, test.
Schema textSchema();
bool isText(const std::filesystem::path& path);
/// The last share of the text is the test split. Throws Error when a split is shorter than one stretch.
DataSetPtr openText(const std::filesystem::path& path, const Config& config, const OpenDataOptions& options);

}
