// The learned filters of the run that is shown, ordered by layer, and their responses. A reading helper for
// views; the numbers are core/analysis/filter_response.h's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/style.h"
#include "widgets/session/session.h"

#include "core/analysis/filter_bands.h"

#include <QCoreApplication>

#include <vector>

namespace fovea {

class FilterBank {
    Q_DECLARE_TR_FUNCTIONS(FilterBank)

public:
    /// Takes in the records of Kind Filter that are called `*.weight`; what has not changed since the last
    /// time keeps its response.
    void read(const Session& session);

    /// Why a session has none.
    static QString missing(const Session& session);

    /// Whether both hold the same records.
    bool isSame(const FilterBank& other) const;
    bool empty() const { return layers_.empty(); }
    bool isEdited() const;
    int layers() const { return static_cast<int>(layers_.size()); }
    const RecordPtr& weight(int layer) const { return at(layer).weight; }
    /// Makes the responses that are not there yet. It takes long: in a Job.
    void measure(const StopToken& stop);
    bool isMeasured() const;
    /// analysis::filterMagnitude(), once measured.
    const Record& magnitude(int layer) const { return at(layer).magnitude; }
    int channels(int layer) const { return static_cast<int>(weight(layer)->value.dim(0)); }
    /// Of the layer that has most.
    int mostChannels() const;
    /// The selected channel, held within those of a layer.
    int channelOf(int layer, const Selection& selection) const;
    /// [y, x] of one channel.
    Tensor map(int layer, int channel) const { return magnitude(layer).value.at(channel); }
    /// Of that map.
    const ValueRange& range(int layer, int channel) const
    {
        return at(layer).ranges[static_cast<std::size_t>(channel)];
    }
    /// Puts the channels of each layer in the order that `Display::filterOrder` says, and learns their bands
    /// but for "stored"; what is known stays. It takes long: in a Job.
    void arrange(const std::string& by, const StopToken& stop);
    bool isArranged(const std::string& by) const;
    /// What kind of a filter each channel is, and the layer's channels in their order: as arranged.
    const std::vector<analysis::ChannelBand>& bands(int layer) const { return at(layer).bands; }
    const std::vector<int>& order(int layer) const { return at(layer).order; }
    /// The layer whose filter the selection names, or -1.
    int layerOf(const std::string& path) const;
    /// "L3": its depth among all layers, spectral or not.
    QString name(int layer) const;

private:
    struct Layer {
        RecordPtr weight;
        Record magnitude;
        std::vector<ValueRange> ranges; // by channel; empty: not measured
        std::vector<analysis::ChannelBand> bands;
        std::vector<int> order; // as orderedBy says
        std::string orderedBy;
    };
    const Layer& at(int layer) const { return layers_[static_cast<std::size_t>(layer)]; }

    std::vector<Layer> layers_;
};

/// What a band is called and drawn in, the same in every view.
QString bandText(analysis::Band band);
QColor bandColor(analysis::Band band, const Style& style);

}
