// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/csv_series.h"

#include "core/io/input_file.h"
#include "core/io/naming.h"

#include <charconv>
#include <cmath>

namespace fovea::train::data {

namespace fs = std::filesystem;

namespace {

/// The next piece before `end`, which `rest` then begins after.
std::string_view take(std::string_view& rest, char end)
{
    const std::string_view piece = rest.substr(0, rest.find(end));
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
    return piece;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    return text;
}

std::vector<std::string_view> cellsOf(std::string_view line)
{
    std::vector<std::string_view> cells{trimmed(take(line, ','))};
    while (!line.empty())
        cells.push_back(trimmed(take(line, ',')));
    return cells;
}

double numberIn(std::string_view cell, std::size_t line, const std::string& column)
{
    double value = 0;
    const auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (failed != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
        throw Error("line " + std::to_string(line) + ", column '" + column
            + "': expected a finite number, found '" + std::string(cell.substr(0, 40)) + "'");
    return value;
}

Table parsed(std::string_view text, const StopToken& stop)
{
    Table table;
    const std::vector<std::string_view> names = cellsOf(take(text, '\n'));
    const std::size_t first = names.front() == "date" || names.front() == "time" ? 1 : 0;
    table.columns.assign(names.begin() + static_cast<std::ptrdiff_t>(first), names.end());
    if (table.columns.empty() || table.columns.front().empty())
        throw Error("line 1: expected the names of the columns, found none");
    std::vector<double> values;
    for (std::size_t line = 2; !text.empty(); ++line) {
        stop.check();
        const std::vector<std::string_view> cells = cellsOf(take(text, '\n'));
        if (cells.size() == 1 && cells.front().empty())
            continue; // an empty line
        if (cells.size() != names.size())
            throw Error("line " + std::to_string(line) + ": expected " + std::to_string(names.size())
                + " columns, found " + std::to_string(cells.size()));
        for (std::size_t c = first; c < cells.size(); ++c)
            values.push_back(numberIn(cells[c], line, table.columns[c - first]));
    }
    const auto columns = static_cast<Index>(table.columns.size());
    table.values = Tensor::of<double>({static_cast<Index>(values.size()) / columns, columns}, values);
    return table;
}

class SeriesSet final : public DataSet {
public:
    SeriesSet(DataInfo info, Tensor rows, Index trained)
        : info_(std::move(info))
        , rows_(std::move(rows))
        , trained_(trained)
    {
    }

    const DataInfo& info() const override { return info_; }
    Index count(Split split) const override
    {
        const Index rows = split == Split::Train ? trained_ : rows_.dim(0) - trained_;
        return std::max<Index>(0, rows - info_.shape[0] - info_.horizon + 1);
    }
    Sample sample(Split split, Index index) const override
    {
        const Index first = index + (split == Split::Train ? 0 : trained_), now = first + info_.shape[0];
        return {rows_.rows(first, now), -1, rows_.rows(now, now + info_.horizon), {}};
    }

private:
    DataInfo info_;
    Tensor rows_; // f32 [row, column]
    Index trained_; // rows of the training split; the test split follows
};

/// f32; with `normalise` each column less its mean over the first `trained` rows, over its standard deviation
/// there.
Tensor prepared(const Tensor& values, Index trained, bool normalise)
{
    const auto rows = static_cast<std::size_t>(values.dim(0)),
               columns = static_cast<std::size_t>(values.dim(1));
    const auto in = values.values<double>();
    Tensor result(values.shape());
    const auto out = result.writable();
    for (std::size_t c = 0; c < columns; ++c) {
        double mean = 0, variance = 0;
        const auto n = static_cast<std::size_t>(trained);
        for (std::size_t r = 0; normalise && r < n; ++r)
            mean += in[r * columns + c] / static_cast<double>(n);
        for (std::size_t r = 0; normalise && r < n; ++r)
            variance += (in[r * columns + c] - mean) * (in[r * columns + c] - mean) / static_cast<double>(n);
        const double scale = variance > 0 ? 1 / std::sqrt(variance) : 1; // a constant column stays 0
        for (std::size_t r = 0; r < rows; ++r)
            out[r * columns + c] = static_cast<float>((in[r * columns + c] - mean) * scale);
    }
    return result;
}

}

Table readCsv(const std::string& path, const StopToken& stop)
{
    return io::naming(path, [&] { return parsed(io::readText(path, std::uint64_t{1} << 30), stop); });
}

Schema seriesSchema()
{
    return {{"length", std::int64_t{96}, "rows of the past", 1, 65536, "rows"},
        {"horizon", std::int64_t{24}, "rows to foretell", 1, 65536, "rows"},
        {"test", 0.2, "share of the rows, at the end, that is the test split", 0.001, 0.9},
        {"normalise", true, "each column to mean 0 and standard deviation 1 over the training rows"}};
}

bool isCsv(const fs::path& path) { return fs::is_regular_file(path) && path.extension() == ".csv"; }

DataSetPtr openSeries(const fs::path& path, const Config& config, const OpenDataOptions& options)
{
    const Table table = readCsv(path.string(), options.stop);
    const Index rows = table.values.dim(0), length = config.integer("length"),
                horizon = config.integer("horizon");
    const Index trained = rows - static_cast<Index>(static_cast<double>(rows) * config.real("test"));
    if (std::min(trained, rows - trained) < length + horizon)
        throw Error(path.string(),
            "expected " + std::to_string(length + horizon)
                + " rows at least in each split (length and horizon), found " + std::to_string(trained)
                + " and " + std::to_string(rows - trained));
    const DataInfo info{
        path.stem().string(), Content::Series, {length, table.values.dim(1)}, table.columns, horizon};
    return std::make_shared<const SeriesSet>(
        info, prepared(table.values, trained, config.flag("normalise")), trained);
}

}
