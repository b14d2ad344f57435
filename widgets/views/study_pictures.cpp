// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/study_pictures.h"

#include "widgets/views/core_text.h"

#include "core/tensor/error.h"
#include "core/train/study_pictures.h"

namespace fovea {

std::string studyData(const StudyOptions& study, const Weights& weights)
{
    return train::dataFor(weights, study.data);
}

QString studyDataText(const StudyOptions& study, const Weights& weights)
{
    return coreText(analysis::dataText(studyData(study, weights)));
}

std::vector<analysis::StudyPicture> openStudy(const Services& services, const StudyOptions& study,
    const Architecture& architecture, const Weights& weights, const ExecuteOptions& run)
{
    if (!services.openData)
        throw Error("no data set can be opened here");
    const auto data = services.openData(studyData(study, weights), run.stop);
    return train::studyPictures(*data, architecture, weights, 0, study.count, run);
}

}
