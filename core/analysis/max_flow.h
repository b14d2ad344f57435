// Maximum flow through a layered network in which every node of a layer reaches every node of the next.
// Exact; not a general graph library.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/stop.h"

#include <span>
#include <vector>

namespace fovea::analysis {

/// Layers 0 (the bottom) to L of `width` nodes each; capacity[l][i * width + j] >= 0 is that of the edge from
/// node i of layer l + 1 down to node j of layer l.
class FOVEA_API LayeredNetwork {
public:
    LayeredNetwork(int width, std::vector<std::vector<double>> capacities);

    int width() const { return static_cast<int>(width_); }
    int layers() const { return static_cast<int>(forward_.size()); } ///< of edges

    /// The largest flow from the top to node `target` of layer 0, when supply[i] >= 0 may enter node i of
    /// layer L (infinity: as much as its edges take). Dinic's algorithm (1970): shortest augmenting paths,
    /// one blocking flow a phase. Capacities below 1e-13 of the largest count as none, which bounds the error
    /// by that times the edges of a cut. The network is as before afterwards. Throws Cancelled.
    double maximumFlow(std::span<const double> supply, int target, const StopToken& stop = {});

private:
    struct Node {
        std::size_t layer, index;
    };
    struct Step { // an edge of the path from a node on: down along the edge, or up against a flow
        Node from;
        std::size_t to;
        bool isDown;
    };
    std::size_t id(Node node) const { return node.layer * width_ + node.index; }
    double& residual(const Step& step);
    void push(const Step& step, double amount);
    bool findDistances(int target);
    bool advance(Node node, std::vector<Step>& path);
    double augment(std::vector<double>& supply, int target, const StopToken& stop);
    double follow(Node source, double supply, Node target);
    void restore();

    std::size_t width_;
    double least_ = 0; // capacities up to this count as none
    std::vector<std::vector<double>> capacity_;
    std::vector<std::vector<double>> forward_; // [l][i * width + j]: what the edge still takes
    std::vector<std::vector<double>> backward_; // [l][j * width + i]: the flow that could be taken back
    std::vector<int> distance_; // per node: edges to the target, -1 for none
    std::vector<std::size_t> next_; // per node: the first edge not tried in this phase
    std::vector<Step> used_; // every edge that carries flow, for restore()
};

}
