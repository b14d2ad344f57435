// SpectFormers small enough for tests, of both forms, with values by rule. It checks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugins/spectformer/spectformer.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

namespace fovea::test {

using plugin::spectformer::Spectformer;

inline const Spectformer spectformer;

inline Config with(Config config, const std::vector<std::pair<std::string, std::string>>& fields)
{
    for (const auto& [name, value] : fields)
        config.setText(name, value);
    return config;
}

inline Config tinyHierarchical(bool hasTokenLabels = true)
{
    return with(Config(spectformer.schema()),
        {{"form", "hierarchical"}, {"image_size", "64"}, {"classes", "7"}, {"stem_dim", "4"},
            {"dims", "6,8,12,16"}, {"depths", "1,2,1,1"}, {"mlp_ratios", "2,2,2,2"}, {"head_dim", "4"},
            {"token_label", hasTokenLabels ? "yes" : "no"}});
}

inline Config tinyVanilla(int alpha)
{
    return with(spectformer.tinyConfig(), {{"depth", "3"}, {"alpha", std::to_string(alpha)}});
}

inline Tensor input(const Config& config, Index batch = 1)
{
    const Shape sample = spectformer.inputShape(config);
    return ruleInput({batch, sample[0], sample[1], sample[2]});
}

/// Rows of a test: each form that a tiny one can have.
inline void addForms()
{
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char* name, const Config& config) {
        QTest::newRow(name) << QByteArray::fromStdString(config.json());
    };
    for (const int alpha : {0, 2, 3})
        row(qPrintable(QString("vanilla, alpha %1").arg(alpha)), tinyVanilla(alpha));
    row("hierarchical", tinyHierarchical());
    row("hierarchical without token labels", tinyHierarchical(false));
}
inline Config chosenForm()
{
    QFETCH(QByteArray, json);
    return Config::fromJson(spectformer.schema(), json.toStdString());
}

}
