// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/vector_family.h"

#include "widgets/views/core_text.h"

#include <algorithm>

namespace fovea {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isPathNumber(std::string_view part)
{
    return !part.empty() && part.size() < 10 && std::ranges::all_of(part, isDigit);
}

/// Begin and length of the last part of a path that is a number; length 0: none is.
std::pair<std::size_t, std::size_t> numberPart(std::string_view path)
{
    std::size_t end = path.size();
    while (end != std::string_view::npos && end > 0) {
        const std::size_t dot = path.rfind('.', end - 1), begin = dot == std::string_view::npos ? 0 : dot + 1;
        if (isPathNumber(path.substr(begin, end - begin)))
            return {begin, end - begin};
        end = dot;
    }
    return {0, 0};
}

Index numberIn(const std::string& path)
{
    const auto [begin, length] = numberPart(path);
    return length == 0 ? 0 : std::stoll(path.substr(begin, length));
}

/// Where "class 0: attention c" is cut; npos: nowhere.
std::size_t cutOf(const Record& record) { return record.info.role.find(": "); }

bool hasNames(const Record& vector)
{
    return vector.queries && vector.queries->tokens() == static_cast<int>(vector.value.count());
}

QString withoutNumber(QString name)
{
    const qsizetype before = name.size();
    while (!name.isEmpty() && name.back().isDigit())
        name.chop(1);
    if (name.size() < before && !name.isEmpty() && QStringLiteral(" .-_#[(").contains(name.back()))
        name.chop(1);
    return name;
}

}

std::string patternOf(const std::string& path)
{
    const auto [begin, length] = numberPart(path);
    return length == 0 ? path : path.substr(0, begin) + "*" + path.substr(begin + length);
}

std::string pathIn(const std::string& pattern, Index number)
{
    const std::size_t star = pattern.find('*');
    return star == std::string::npos
        ? pattern
        : pattern.substr(0, star) + std::to_string(number) + pattern.substr(star + 1);
}

std::string besidePattern(const std::string& pattern, const std::string& last)
{
    const std::size_t dot = pattern.rfind('.');
    return dot == std::string::npos ? last : pattern.substr(0, dot + 1) + last;
}

QString VectorFamily::quantity() const
{
    if (members.empty())
        return {};
    const Record& record = *members.begin()->second;
    const std::size_t cut = cutOf(record);
    if (record.info.role.empty())
        return QString::fromStdString(pattern);
    return coreText(cut == std::string::npos ? record.info.role : record.info.role.substr(cut + 2));
}

QString VectorFamily::nameOf(Index number) const
{
    const auto found = members.find(number);
    if (found == members.end())
        return {};
    const std::size_t cut = cutOf(*found->second);
    return cut == std::string::npos ? QString::fromStdString(found->second->path())
                                    : coreText(found->second->info.role.substr(0, cut));
}

VectorFamily familyOfPattern(const StepRecords& step, const std::string& pattern)
{
    VectorFamily family{pattern, {}};
    for (const RecordPtr& record : step.all())
        if (record->kind() == Kind::Vector && record->value.count() > 1
            && patternOf(record->path()) == pattern)
            family.members[numberIn(record->path())] = record;
    return family;
}

VectorFamily familyOf(const StepRecords& step, const std::string& chosen)
{
    RecordPtr first, named;
    for (const RecordPtr& record : step.all()) {
        if (record->kind() != Kind::Vector || record->value.count() < 2)
            continue;
        if (record->path() == chosen)
            return familyOfPattern(step, patternOf(chosen));
        first = first ? first : record;
        const bool isOfFamily = patternOf(record->path()) != record->path();
        if (hasNames(*record) && isOfFamily && !named)
            named = record;
    }
    const RecordPtr& found = named ? named : first;
    return found ? familyOfPattern(step, patternOf(found->path())) : VectorFamily();
}

std::vector<Band> bandsOf(const TokenLayout& names)
{
    std::vector<Band> bands;
    for (int token = 0; token < names.tokens(); ++token) {
        const QString name = withoutNumber(QString::fromStdString(names.name(token)));
        if (bands.empty() || bands.back().name != name)
            bands.push_back({name, withoutNumber(name), token, 0});
        ++bands.back().count;
    }
    return bands;
}

std::vector<Band> bandsOf(const Record& vector)
{
    return hasNames(vector) ? bandsOf(*vector.queries) : std::vector<Band>();
}

QString axisOf(const TokenLayout& names)
{
    const std::vector<Band> bands = bandsOf(names);
    return bands.size() == 1 && !bands[0].name.isEmpty() ? coreText(bands[0].name.toStdString())
                                                         : coreText("token");
}

QString elementName(const Record& vector, Index element)
{
    if (hasNames(vector) && element < vector.queries->tokens())
        return QString::fromStdString(vector.queries->name(static_cast<int>(element)));
    const auto at = static_cast<std::size_t>(element);
    const std::vector<Axis>& axes = vector.axes;
    return !axes.empty() && at < axes[0].labels.size() ? coreText(axes[0].labels[at])
                                                       : QString::number(element);
}

QString elementAxis(const Record& vector)
{
    if (hasNames(vector))
        return axisOf(*vector.queries);
    return vector.axes.empty() ? QString() : coreText(vector.axes[0].name);
}

VectorNumbers::VectorNumbers(const Tensor& tensor)
    : own_(tensor.dtype() == DType::F64 ? std::vector<double>() : tensor.toDoubles())
    , values_(tensor.dtype() == DType::F64 ? tensor.values<double>() : std::span<const double>(own_))
{
}

void ElementExtents::take(std::span<const double> values)
{
    isSeen_.resize(std::max(isSeen_.size(), values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        range_.include(values[i]);
        if (values[i] != 0)
            isSeen_[i] = 1;
    }
}

void ElementExtents::follow(const TracePtr& trace, const std::string& path)
{
    const RunIdentity run(trace);
    if (!(run == run_) || path != path_)
        *this = {};
    run_ = run;
    path_ = path;
    if (!trace)
        return;
    const StepList& steps = trace->steps;
    if (const RecordPtr last = steps_.empty() ? nullptr : trace->find(path, steps.lowerBound(steps_.back()));
        !last && !steps_.empty())
        steps_.pop_back(); // it was whole while it was the last one
    for (std::size_t at = steps.lowerBound(last_ + 1); at < steps.size(); ++at)
        if (const RecordPtr record = steps[at]->find(path)) {
            take(VectorNumbers(record->value).values());
            steps_.push_back(steps[at]->step());
        }
    last_ = steps.empty() ? -1 : steps.back()->step();
}

std::ptrdiff_t lastUpTo(const StepList& steps, Index number)
{
    return static_cast<std::ptrdiff_t>(steps.lowerBound(number + 1)) - 1;
}

}
