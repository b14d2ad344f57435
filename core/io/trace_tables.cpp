// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/trace_tables.h"

#include "core/io/naming.h"

#include <algorithm>
#include <array>

namespace fovea::io {

namespace {

using Texts = std::vector<std::string>;

constexpr std::array<const char*, 3> domains{"image", "text", "series"};

Tensor integers(const std::vector<int>& values)
{
    return Tensor::of<std::int32_t>(
        {static_cast<Index>(values.size())}, std::span<const std::int32_t>(values));
}

std::vector<int> integersIn(const Hdf5File& file, const std::string& path)
{
    const Tensor tensor = file.read(file.numbers(path));
    if (tensor.dtype() != DType::I32 || tensor.rank() != 1)
        throw Error("dataset '" + path + "': expected a list of i32");
    const auto values = tensor.values<std::int32_t>();
    return {values.begin(), values.end()};
}

void writeLayout(Hdf5Writer& writer, const std::string& group, const TokenLayout& layout)
{
    const TokenLayout::Plain plain = layout.plain();
    const Area& extent = plain.extent;
    writer.group(group);
    writer.attribute(group, "domain", domains[static_cast<std::size_t>(plain.domain)]);
    writer.attribute(group, "rows", std::int64_t{plain.rows});
    writer.attribute(group, "cols", std::int64_t{plain.cols});
    writer.attribute(group, "extent", std::vector{extent.x, extent.y, extent.width, extent.height});
    writer.attribute(group, "special_names", plain.specialNames);
    writer.write(group + "/special", integers(plain.special));
    writer.write(group + "/offsets", integers(plain.offsets));
    writer.write(group + "/cells", integers(plain.cells));
    if (!plain.words.empty())
        writer.write(group + "/words", plain.words); // any bytes: a dataset, not an attribute
}

int extentOf(const Hdf5File& file, const Hdf5Object& group, const char* name)
{
    const auto value = file.attribute<std::int64_t>(group, name);
    if (value < 0 || value > (1 << 28))
        throw Error("attribute '" + std::string(name) + "': " + std::to_string(value) + " is out of range");
    return static_cast<int>(value);
}

LayoutPtr readLayout(const Hdf5File& file, const Hdf5Object& group)
{
    const auto domain = std::ranges::find(domains, file.attribute<std::string>(group, "domain"));
    const auto extent = file.attribute<std::vector<double>>(group, "extent");
    if (domain == domains.end() || extent.size() != 4)
        throw Error("attribute 'domain' or 'extent' is unknown");
    TokenLayout::Plain plain;
    plain.domain = static_cast<TokenLayout::Domain>(domain - domains.begin());
    plain.rows = extentOf(file, group, "rows");
    plain.cols = extentOf(file, group, "cols");
    plain.extent = {extent[0], extent[1], extent[2], extent[3]};
    plain.specialNames = file.attribute<Texts>(group, "special_names");
    plain.special = integersIn(file, group.path + "/special");
    plain.offsets = integersIn(file, group.path + "/offsets");
    plain.cells = integersIn(file, group.path + "/cells");
    if (const Hdf5Object* words = file.find(group.path + "/words"))
        plain.words = file.readTexts(*words);
    if (std::int64_t{plain.rows} * plain.cols > 65536 + 64 * static_cast<std::int64_t>(plain.cells.size()))
        throw Error("a grid of " + std::to_string(plain.rows) + " x " + std::to_string(plain.cols) + " for "
            + std::to_string(plain.cells.size()) + " cells");
    return TokenLayout::fromPlain(std::move(plain));
}

void writeAxes(Hdf5Writer& writer, const std::string& group, const std::vector<Axis>& axes)
{
    Texts names, units;
    writer.group(group);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const Axis& axis = axes[i];
        names.push_back(axis.name);
        units.push_back(axis.unit);
        if (!axis.values.empty())
            writer.write(group + "/values." + std::to_string(i),
                Tensor::of<double>({static_cast<Index>(axis.values.size())}, axis.values));
        if (!axis.labels.empty())
            writer.write(group + "/labels." + std::to_string(i), axis.labels);
    }
    writer.attribute(group, "names", names);
    writer.attribute(group, "units", units);
}

std::vector<Axis> readAxesIn(const Hdf5File& file, const Hdf5Object& group)
{
    const auto names = file.attribute<Texts>(group, "names"), units = file.attribute<Texts>(group, "units");
    if (names.size() != units.size() || names.size() > Shape::maxRank)
        throw Error("names and units of the axes do not fit");
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < names.size(); ++i) {
        Axis axis{names[i], units[i], {}, {}};
        const std::string number = std::to_string(i);
        if (file.find(group.path + "/values." + number))
            axis.values = file.read(file.numbers(group.path + "/values." + number)).toDoubles();
        if (const Hdf5Object* labels = file.find(group.path + "/labels." + number))
            axis.labels = file.readTexts(*labels);
        axes.push_back(std::move(axis));
    }
    return axes;
}

/// Calls `read` for the groups <table>/0, <table>/1, ...
template <class Read>
auto readTable(const Hdf5File& file, const std::string& table, Read read)
{
    std::vector<decltype(read(file, *file.find("")))> all;
    while (const Hdf5Object* group = file.find(table + "/" + std::to_string(all.size())))
        all.push_back(
            naming(file.file().path(), "'" + group->path + "'", [&] { return read(file, *group); }));
    return all;
}

}

std::int64_t TraceTables::add(const LayoutPtr& layout)
{
    if (!layout)
        return -1;
    const auto found = std::ranges::find_if(
        layouts_, [&](const LayoutPtr& other) { return other == layout || *other == *layout; });
    const auto number = found - layouts_.begin();
    if (found == layouts_.end())
        layouts_.push_back(layout);
    return number;
}

std::int64_t TraceTables::add(const std::vector<Axis>& axes)
{
    const auto found = std::ranges::find(axes_, axes);
    const auto number = found - axes_.begin();
    if (found == axes_.end())
        axes_.push_back(axes);
    return number;
}

void TraceTables::write(Hdf5Writer& writer) const
{
    for (std::size_t i = 0; i < layouts_.size(); ++i)
        writeLayout(writer, "layouts/" + std::to_string(i), *layouts_[i]);
    for (std::size_t i = 0; i < axes_.size(); ++i)
        writeAxes(writer, "axes/" + std::to_string(i), axes_[i]);
}

std::vector<LayoutPtr> readLayouts(const Hdf5File& file) { return readTable(file, "layouts", readLayout); }
std::vector<std::vector<Axis>> readAxes(const Hdf5File& file) { return readTable(file, "axes", readAxesIn); }

}
