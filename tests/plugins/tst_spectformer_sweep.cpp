// The low-pass sweep of a model that sees every frequency: each point is the edit `lowpass` by itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/spectformer/spectformer.h"

#include "core/analysis/low_pass_sweep.h"

#include "tests/support/naive.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::analysis;
using namespace fovea::test;

class TestSpectformerSweep : public QObject {
    Q_OBJECT

private slots:
    void everyPointIsTheEditLowpass()
    {
        const plugin::spectformer::Spectformer spectformer;
        const Config config = spectformer.tinyConfig();
        const WeightsPtr weights = freshWeights(spectformer, config, 1);
        std::vector<Index> extents{1};
        const Shape one = spectformer.inputShape(config);
        extents.insert(extents.end(), one.extents().begin(), one.extents().end());
        std::vector<StudyPicture> pictures;
        for (Index i = 0; i < 3; ++i)
            pictures.push_back(
                {i, noise(Shape(extents), "picture " + std::to_string(i)), static_cast<int>(i % 2), {}, {}});
        const LowPassSweep sweep = sweepLowPass(spectformer, *weights, pictures, {0.1, 0.3}, {}, 2);
        double least = 0;
        for (std::size_t row = 0; row < sweep.rows.size(); ++row)
            for (std::size_t radius = 0; radius < 2; ++radius) {
                double change = 0;
                for (const StudyPicture& picture : pictures) {
                    ExecuteOptions options;
                    const auto logit = [&] {
                        const auto trace = execute(spectformer, *weights, picture.input, options);
                        return static_cast<double>(trace->output.data()[picture.classIndex]);
                    };
                    const double before = logit();
                    for (const std::string& filter : sweep.rows[row].filters)
                        options.edits.push_back({filter, "lowpass", {radius == 0 ? "0.1" : "0.3"}});
                    change += (logit() - before) / 3;
                }
                const double found = sweep.at(row, Cut::LowPass, radius).logit.mean;
                QVERIFY2(std::abs(found - change) < 1e-5, qPrintable(QString::number(found - change)));
                least = std::max(least, std::abs(change));
            }
        QVERIFY(least > 1e-3); // a cut is felt
    }
};

QTEST_APPLESS_MAIN(TestSpectformerSweep)
#include "tst_spectformer_sweep.moc"
