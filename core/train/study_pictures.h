// The test pictures of a data set as a relevance study asks about them: one question for each known object.
// It asks no model.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/relevance_study.h"
#include "core/train/data_set.h"

namespace fovea::train {

/// Samples `first` to `first + count - 1` of the test split, as far as there are so many, prepared as the
/// weights say. A sample without known objects is asked about its label. Throws Error naming the data set
/// where its pictures or labels do not fit the model or there are none, Cancelled.
FOVEA_API std::vector<analysis::StudyPicture> studyPictures(const DataSet& data,
    const Architecture& architecture, const Weights& weights, Index first, Index count,
    const ExecuteOptions& run = {});

/// What to study a model on when nobody says: the data set it was trained on, else `shapes` of its size.
FOVEA_API std::string usualData(const Weights& weights);

/// What to study a model on, as openDataSet() takes it: `asked`, or usualData() where that is empty. `shapes`
/// whose size nobody says is drawn as large as the model's pictures.
FOVEA_API std::string dataFor(const Weights& weights, const std::string& asked);

/// Each input once, in order: a sample with two objects stands there twice in a row.
FOVEA_API std::vector<Tensor> inputsOf(const std::vector<analysis::StudyPicture>& pictures);

}
