// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sanity_file.h"

#include "core/io/atomic_file.h"
#include "core/io/input_file.h"
#include "core/tensor/error.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>

namespace fovea::io {

namespace {

using analysis::KnownSanity;
using OrderedJson = nlohmann::ordered_json;

constexpr std::uint64_t largestFile = 16U << 20U;
constexpr int version = 1;

/// The fields of one object; every Error names file and field.
class Fields {
public:
    Fields(const OrderedJson& json, std::string file, std::string owner)
        : json_(json)
        , file_(std::move(file))
        , owner_(std::move(owner))
    {
        if (!json_.is_object())
            throw Error(file_,
                (owner_.empty() ? "" : "field '" + owner_.substr(0, owner_.size() - 1) + "': ")
                    + "expected an object, found " + json_.dump().substr(0, 60));
    }

    const OrderedJson& at(const char* name, bool isRight, const char* expected) const
    {
        if (!json_.contains(name))
            throw Error(file_, "field '" + owner_ + name + "': expected " + expected + ", found none");
        if (!isRight)
            refuse(name, expected);
        return json_[name];
    }
    [[noreturn]] void refuse(const char* name, const std::string& expected) const
    {
        throw Error(file_,
            "field '" + owner_ + name + "': expected " + expected + ", found "
                + json_[name].dump().substr(0, 60));
    }
    OrderedJson value(const char* name) const { return json_.contains(name) ? json_[name] : OrderedJson(); }

    std::string text(const char* name) const { return at(name, value(name).is_string(), "text"); }
    int count(const char* name, int least, int most) const
    {
        const OrderedJson& found = at(name, value(name).is_number_integer(), "an integer");
        if (found < least || found > most)
            refuse(name, std::to_string(least) + " to " + std::to_string(most));
        return found;
    }
    double correlation(const char* name) const
    {
        const OrderedJson& found
            = at(name, value(name).is_number() || value(name).is_null(), "a number or null");
        if (found.is_null())
            return NAN;
        if (found < -1 || found > 1)
            refuse(name, "-1 to 1");
        return found;
    }

private:
    const OrderedJson& json_;
    std::string file_, owner_;
};

KnownSanity rowFrom(const OrderedJson& json, const std::string& file, const std::string& owner)
{
    const Fields fields(json, file, owner);
    KnownSanity row;
    row.weights = fields.text("weights");
    row.config = fields.at("config", fields.value("config").is_object(), "an object").dump();
    row.method = fields.text("method");
    for (const auto& [name, value] :
        fields.at("options", fields.value("options").is_object(), "an object").items()) {
        if (!value.is_string())
            throw Error(
                file, "field '" + owner + "options." + name + "': expected text, found " + value.dump());
        row.options[name] = value;
    }
    row.on = {fields.text("data"), fields.count("pictures", 1, 1'000'000), fields.count("draws", 1, 1000)};
    row.largest = fields.correlation("largest");
    row.betweenPictures = fields.correlation("between_pictures");
    return row;
}

OrderedJson jsonOf(const KnownSanity& row)
{
    return {{"weights", row.weights}, {"config", OrderedJson::parse(row.config)}, {"method", row.method},
        {"options", OrderedJson(row.options)}, {"data", row.on.data}, {"pictures", row.on.pictures},
        {"draws", row.on.draws}, {"largest", row.largest}, {"between_pictures", row.betweenPictures}};
}

std::vector<KnownSanity> rowsIn(const std::string& file)
{
    std::error_code failed;
    if (!std::filesystem::exists(file, failed) && !failed)
        return {};
    return sanityFromJson(readText(file, largestFile), file);
}

/// While it lives, no other thread and no other program that asks for it has the same file: an advisory lock
/// on an empty file beside it, which stays, since the file itself is replaced.
class WritersLock {
public:
    explicit WritersLock(const std::filesystem::path& file)
    {
        const auto beside = file.parent_path() / ("." + file.filename().string() + ".lock");
        descriptor_ = ::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor_ < 0)
            fail(file);
        while (::flock(descriptor_, LOCK_EX) != 0)
            if (errno != EINTR) {
                ::close(descriptor_);
                fail(file);
            }
    }
    ~WritersLock() { ::close(descriptor_); }
    WritersLock(const WritersLock&) = delete;
    WritersLock& operator=(const WritersLock&) = delete;

private:
    [[noreturn]] static void fail(const std::filesystem::path& file)
    {
        throw Error(file.string(), std::string("cannot be written: ") + std::strerror(errno));
    }

    int descriptor_ = -1;
};

}

std::string toJson(const std::vector<KnownSanity>& rows)
{
    std::string text
        = R"({"fovea_format": "sanity", "version": )" + std::to_string(version) + R"(, "rows": [)";
    for (const KnownSanity& row : rows)
        text += (&row == rows.data() ? "\n" : ",\n") + jsonOf(row).dump();
    return text + "\n]}\n"; // a line for each row, so that a difference can be read
}

std::vector<KnownSanity> sanityFromJson(const std::string& text, const std::string& file)
{
    const OrderedJson json = OrderedJson::parse(text, nullptr, false);
    if (json.is_discarded())
        throw Error(file, "expected results of sanity checks as JSON, found no JSON");
    const Fields fields(json, file, "");
    if (fields.text("fovea_format") != "sanity")
        fields.refuse("fovea_format", "'sanity'");
    fields.count("version", version, version);
    std::vector<KnownSanity> rows;
    for (const OrderedJson& row : fields.at("rows", fields.value("rows").is_array(), "an array"))
        rows.push_back(rowFrom(row, file, "rows." + std::to_string(rows.size()) + "."));
    return rows;
}

SanityMemory::SanityMemory(std::vector<std::string> files, std::string own)
    : files_(std::move(files))
    , own_(std::move(own))
{
}

SanityMemory::SanityMemory(std::vector<KnownSanity> fixed)
    : fixed_(std::move(fixed))
{
}

SanityMemory::Known SanityMemory::known() const
{
    Known known{fixed_, {}};
    std::vector<std::string> files = files_;
    if (!own_.empty())
        files.push_back(own_);
    for (const std::string& file : files)
        try {
            const auto rows = rowsIn(file);
            known.rows.insert(known.rows.end(), rows.begin(), rows.end());
        } catch (const Error& error) {
            known.problems.emplace_back(error.what());
        }
    return known;
}

void SanityMemory::remember(const KnownSanity& found)
{
    if (own_.empty() || found.weights.empty())
        return;
    std::error_code failed; // what follows says what is wrong
    std::filesystem::create_directories(std::filesystem::path(own_).parent_path(), failed);
    const WritersLock lock(own_);
    std::vector<KnownSanity> rows = rowsIn(own_);
    analysis::addSanity(rows, found);
    writeFile(own_, toJson(rows));
}

}
