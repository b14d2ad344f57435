// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/head_grid_content.h"

#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"

#include <algorithm>

namespace fovea {

namespace {

ValueScale byItself(ValueScale scale, ValueRange range)
{
    if (!scale.logarithmic)
        range.include(0);
    scale.fit(range);
    return scale;
}

}

HeadGridContent::HeadGridContent(const Session& session, std::vector<QImage>& matrices)
    : session_(session)
    , matrices_(matrices)
{
    if (!session.display().wholeMatrices)
        gatherLines();
    gatherScales();
}

void HeadGridContent::gatherLines()
{
    const Patterns& patterns = session_.patterns();
    const Selection& s = session_.selection();
    lines_.resize(static_cast<std::size_t>(patterns.layers()));
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        const int token = patterns.anchorToken(layer, s);
        const std::vector<bool> isMet = patterns.reach(layer, s.direction, token);
        for (int head = 0; head < patterns.heads(layer); ++head)
            lines_[static_cast<std::size_t>(layer)].push_back(
                TokenValues{patterns.line({layer, head}, s.direction, token), isMet});
    }
}

void HeadGridContent::gatherScales()
{
    const Patterns& patterns = session_.patterns();
    std::vector<ValueRange> layers;
    ValueRange all;
    for (int layer = 0; layer < patterns.layers(); ++layer) {
        ValueRange range;
        if (lines_.empty())
            range = patterns.range(layer);
        else
            for (const TokenValues& line : lines_[static_cast<std::size_t>(layer)])
                range.include(line.range());
        layers.push_back(range);
        all.include(range);
    }
    for (const ValueRange& range : layers)
        scales_.push_back(sequentialScale(session_.display(), tr("attention"), {range, range, all}));
}

ValueScale HeadGridContent::bar() const
{
    const int layer = session_.selection().layer;
    ValueScale bar = scales_[static_cast<std::size_t>(layer)];
    for (const ValueScale& other : scales_)
        bar.data.hasGaps = bar.data.hasGaps || other.data.hasGaps;
    if (bar.mode == ScaleMode::Layer)
        bar.quantity = tr("attention, %1").arg(layerName(session_.patterns().number(layer)));
    if (bar.mode != ScaleMode::Map)
        return bar;
    bar.quantity = bar.logarithmic ? tr("log attention, least to most of its map")
                                   : tr("attention / maximum of its map");
    bar.min = 0;
    bar.max = 1;
    bar.data = {.hasGaps = bar.data.hasGaps};
    return bar;
}

ValueScale HeadGridContent::widestBar() const
{
    ValueScale widest = *std::ranges::min_element(scales_, {}, &ValueScale::max); // the most decimals
    widest.data.hasGaps = bar().data.hasGaps;
    return widest;
}

const QImage& HeadGridContent::matrix(int layer, int head) const
{
    const Patterns& patterns = session_.patterns();
    const ValueScale& scale = scales_[static_cast<std::size_t>(layer)];
    if (matrices_.empty())
        matrices_.resize(static_cast<std::size_t>(patterns.layers() * patterns.mostHeads()));
    QImage& image = matrices_[static_cast<std::size_t>(layer * patterns.mostHeads() + head)];
    if (image.isNull()) {
        const int groups = static_cast<int>(shapeOf(*patterns.layer(layer))[0]);
        const Tensor map = patterns.map({layer, head}, std::min(session_.selection().group, groups - 1));
        ValueRange range;
        range.include(map);
        image = mapImage(map, scale.mode == ScaleMode::Map ? byItself(scale, range) : scale);
    }
    return image;
}

QImage HeadGridContent::thumbnail(int layer, int head) const
{
    if (lines_.empty())
        return matrix(layer, head);
    const auto index = static_cast<std::size_t>(layer);
    const TokenValues& line = lines_[index][static_cast<std::size_t>(head)];
    const ValueScale& scale = scales_[index];
    return gridImage(session_.patterns().far(layer, session_.selection().direction), line,
        scale.mode == ScaleMode::Map ? byItself(scale, line.range()) : scale);
}

std::vector<Record> HeadGridContent::data() const
{
    const Patterns& patterns = session_.patterns();
    const Direction direction = session_.selection().direction;
    std::vector<Record> records;
    for (int layer = 0; lines_.empty() && layer < patterns.layers(); ++layer)
        records.push_back(*patterns.layer(layer));
    for (std::size_t layer = 0; layer < lines_.size(); ++layer) {
        std::vector<float> values;
        for (const TokenValues& line : lines_[layer])
            values.insert(values.end(), line.values.begin(), line.values.end());
        const auto heads = static_cast<Index>(lines_[layer].size());
        const Tensor value = Tensor::of<float>(
            {heads, static_cast<Index>(values.size()) / std::max<Index>(1, heads)}, values);
        records.push_back(namedRecord(
            patterns.layer(static_cast<int>(layer))->path() + ".rows", Kind::Matrix, value, "attention"));
        QStringList names;
        const TokenLayout& far = patterns.far(static_cast<int>(layer), direction);
        for (int token = 0; token < far.tokens(); ++token)
            names.append(QString::fromStdString(far.name(token)));
        nameAxis(records.back(), 1, direction == Direction::QueryRow ? "key" : "query", names);
    }
    return records;
}

}
