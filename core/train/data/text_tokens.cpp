// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/text_tokens.h"

#include "core/io/input_file.h"
#include "core/io/naming.h"
#include "core/tensor/error.h"
#include "core/train/data/text_lines.h"
#include "core/train/data/text_words.h"

#include <algorithm>

namespace fovea::train::data {

namespace fs = std::filesystem;

namespace {

bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool isPunctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
}
char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class TextSet final : public DataSet {
public:
    TextSet(DataInfo info, std::vector<std::int32_t> ids, std::size_t trained)
        : info_(std::move(info))
        , ids_(std::move(ids))
        , trained_(trained)
    {
    }

    const DataInfo& info() const override { return info_; }
    Index count(Split split) const override
    {
        const std::size_t tokens = split == Split::Train ? trained_ : ids_.size() - trained_;
        return tokens == 0 ? 0 : (static_cast<Index>(tokens) - 1) / info_.shape[0];
    }
    Sample sample(Split split, Index index) const override
    {
        const std::size_t first = (split == Split::Train ? 0 : trained_)
            + static_cast<std::size_t>(index) * static_cast<std::size_t>(info_.shape[0]);
        const auto stretch = [&](std::size_t at) {
            return Tensor::of<std::int32_t>(
                info_.shape, std::span(ids_).subspan(at, static_cast<std::size_t>(info_.shape[0])));
        };
        return {stretch(first), -1, stretch(first + 1), {}};
    }

private:
    DataInfo info_;
    std::vector<std::int32_t> ids_;
    std::size_t trained_; // tokens of the training split; the test split follows
};

const std::string ownWords = "words"; // a file of that name is ./words

std::vector<std::string> byteNames()
{
    std::vector<std::string> names;
    for (int byte = 0; byte < 256; ++byte)
        names.push_back(
            byte > ' ' && byte < 127 ? std::string(1, static_cast<char>(byte)) : std::to_string(byte));
    return names;
}

}

WordPieces::WordPieces(const std::string& path)
    : tokens_(readLines(path))
{
    for (std::size_t i = 0; i < tokens_.size(); ++i)
        if (!byToken_.emplace(tokens_[i], static_cast<std::int32_t>(i)).second)
            throw Error(
                path, "line " + std::to_string(i + 1) + ": the token '" + tokens_[i] + "' is there twice");
    const auto unknown = byToken_.find("[UNK]");
    if (unknown == byToken_.end())
        throw Error(path, "expected a token '[UNK]' for words that no tokens make up, found none");
    unknown_ = unknown->second;
}

std::vector<std::int32_t> WordPieces::idsOf(std::string_view text) const
{
    std::vector<std::int32_t> ids;
    std::string word;
    const auto finish = [&] {
        if (!word.empty())
            addWord(word, ids);
        word.clear();
    };
    for (const char c : text) {
        if (isBlank(c) || isPunctuation(c))
            finish();
        if (isPunctuation(c))
            addWord(std::string_view(&c, 1), ids);
        else if (!isBlank(c))
            word += lowered(c);
    }
    finish();
    return ids;
}

void WordPieces::addWord(std::string_view word, std::vector<std::int32_t>& ids) const
{
    constexpr std::size_t longest = 100; // bytes; no word is longer
    const std::size_t before = ids.size();
    std::string piece;
    for (std::size_t at = 0; at < word.size();) {
        std::size_t length = word.size() <= longest ? word.size() - at : 0;
        for (; length > 0; --length) {
            piece = (at > 0 ? "##" : "") + std::string(word.substr(at, length));
            if (byToken_.contains(piece))
                break;
        }
        if (length == 0) {
            ids.resize(before);
            ids.push_back(unknown_);
            return;
        }
        ids.push_back(byToken_.at(piece));
        at += length;
    }
}

Schema textSchema()
{
    return {{"length", std::int64_t{64}, "tokens of a sample", 1, 65536, "tokens"},
        {"vocab", std::string(),
            "words: those of the text; a file with a token a line, '##' for the inside of words; empty: "
            "bytes"},
        {"most", std::int64_t{0}, "of vocab=words: so many of the most frequent, the rest is <unk>; 0: all",
            0, static_cast<double>(mostWords) - 1, "words"},
        {"test", 0.1, "share at the end that is the test split", 0.001, 0.9}};
}

bool isText(const fs::path& path) { return fs::is_regular_file(path) && path.extension() == ".txt"; }

DataSetPtr openText(const fs::path& path, const Config& config, const OpenDataOptions& options)
{
    const std::string text = io::readText(path.string(), std::uint64_t{1} << 30);
    options.stop.check();
    DataInfo info{path.stem().string(), Content::Tokens, {config.integer("length")}, {}, 0};
    std::vector<std::int32_t> ids;
    const std::string& file = config.text("vocab");
    if (config.integer("most") > 0 && file != ownWords)
        throw UsageError("field 'most': it is for vocab=words alone");
    if (file == ownWords) {
        WordText found = io::naming(path.string(), [&] { return wordsIn(text, config.integer("most")); });
        info.labels = std::move(found.words);
        ids = std::move(found.ids);
    } else if (!file.empty()) {
        const WordPieces pieces(file);
        info.labels = pieces.tokens();
        ids = pieces.idsOf(text);
    } else {
        info.labels = byteNames();
        for (const char c : text)
            ids.push_back(static_cast<std::uint8_t>(c));
    }
    const auto tests = static_cast<std::size_t>(static_cast<double>(ids.size()) * config.real("test"));
    const std::size_t least = static_cast<std::size_t>(config.integer("length")) + 1;
    if (tests < least || ids.size() - tests < least)
        throw Error(path.string(),
            "expected " + std::to_string(least) + " tokens at least in each split, found "
                + std::to_string(ids.size() - tests) + " and " + std::to_string(tests));
    const std::size_t trained = ids.size() - tests;
    return std::make_shared<const TextSet>(std::move(info), std::move(ids), trained);
}

}
