// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/view_table.h"

#include "widgets/labs/lab_sweep_view.h"
#include "widgets/labs/theory_curves_view.h"
#include "widgets/views/classes_view.h"
#include "widgets/views/compare_view.h"
#include "widgets/views/cost_accuracy_view.h"
#include "widgets/views/curves_view.h"
#include "widgets/views/filter_bands_view.h"
#include "widgets/views/filter_brush_view.h"
#include "widgets/views/filter_grid_view.h"
#include "widgets/views/filter_plate_view.h"
#include "widgets/views/head_courses_view.h"
#include "widgets/views/head_grid_view.h"
#include "widgets/views/head_scatter_view.h"
#include "widgets/views/kept_view.h"
#include "widgets/views/low_pass_sweep_view.h"
#include "widgets/views/matrix_view.h"
#include "widgets/views/measured_view.h"
#include "widgets/views/methods_view.h"
#include "widgets/views/mixing_view.h"
#include "widgets/views/record_view.h"
#include "widgets/views/removal_curves_view.h"
#include "widgets/views/rollout_view.h"
#include "widgets/views/score_histogram_view.h"
#include "widgets/views/spatial_view.h"
#include "widgets/views/spectra_by_depth.h"
#include "widgets/views/step_bars_view.h"
#include "widgets/views/step_courses_view.h"
#include "widgets/views/step_maps_view.h"
#include "widgets/views/step_rows_view.h"
#include "widgets/views/survival_view.h"
#include "widgets/views/sweep_view.h"
#include "widgets/views/theory/phase_view.h"
#include "widgets/views/theory/theory_meter_view.h"
#include "widgets/views/threshold_view.h"
#include "widgets/views/token_fate_view.h"
#include "widgets/views/token_heat_view.h"
#include "widgets/views/token_scores_view.h"
#include "widgets/views/token_spectrum_view.h"
#include "widgets/views/token_strip_view.h"

#include <algorithm>

namespace fovea {

namespace {

template <class T>
View* make(Session& session, QWidget* parent)
{
    return new T(session, parent);
}

}

const std::vector<ViewEntry>& viewTable()
{
    static const std::vector<ViewEntry> table{
        {"overlay",
            QT_TRANSLATE_NOOP("Views",
                "Attention over the picture: the chosen query's row of the pattern (how it shares its "
                "attention among all keys; sums to 1), or the chosen key's column (how much each query gives "
                "it). Bright patches are covered most by colour."),
            make<OverlayView>},
        {"head-grid",
            QT_TRANSLATE_NOOP("Views",
                "Every layer and head at once, for the chosen query or key. By default each layer has its "
                "own colour scale; 'max' is its upper end. A cross marks what an edit changed."),
            make<HeadGridView>},
        {"matrix",
            QT_TRANSLATE_NOOP("Views",
                "The whole pattern softmax(q k / √d) of a head: a row per query, a column per key. On top "
                "the mean attention that each key receives; beside it the entropy of each query's row, −Σ a "
                "log a, over log n of its n visible keys: 0 looks at one key, 1 at all alike."),
            make<MatrixView>},
        {"head-scatter",
            QT_TRANSLATE_NOOP("Views",
                "A point per head. Across: mean distance Σ a |query − key| in pixels of the input, from "
                "patch to patch, renormalised; the dashed line is that of uniform attention. Up: mean "
                "entropy over log n. Colour: the share of attention that goes to special tokens."),
            make<HeadScatterView>},
        {"rollout",
            QT_TRANSLATE_NOOP("Views",
                "Attention rollout: each layer's heads fused to one matrix A, mixed with the residual "
                "stream, r I + (1 − r) A, and multiplied from the first chosen layer to the last. It shows "
                "where information could flow, not why the model answers."),
            make<RolloutView>},
        {"methods-compared",
            QT_TRANSLATE_NOOP("Views",
                "Relevance maps of one class by every method, each over its largest value. Beside each: the "
                "mean "
                "probability of the class while the highest patches are removed first (deletion: low is "
                "good) or "
                "come first (insertion: high is good), and Spearman's rank correlation with what the logit "
                "loses "
                "when each patch is removed alone; stronger where 95 % of random orders are worse. Last: the "
                "sanity check (median rank correlation with the maps of random weights; above .5 fails) and "
                "the same between pictures. The matrix: rank correlations between the maps. Only maps from "
                "interventions (occlusion) say what a patch does to the answer."),
            make<MethodsView>},
        {"removal-curves",
            QT_TRANSLATE_NOOP("Views",
                "The class's probability while patches are removed, the highest of a method's map first "
                "(deletion), and while they come, the highest first (insertion); beside it random order, "
                "patch brightness and a centred Gaussian. The number of a curve is its mean height. The grey "
                "band holds 95 % of random orders of this picture at each point: from the least to the "
                "largest of 39 draws."),
            make<RemovalCurvesView>},
        {"methods-measured",
            QT_TRANSLATE_NOOP("Views",
                "Every relevance method measured on test pictures of a data set, beside random order, patch "
                "brightness and a centred Gaussian. Dots: means with 95 % intervals over pictures "
                "(bootstrap); filled where the paired difference to each baseline lies wholly on the good "
                "side. Sanity check: weights drawn anew block by block from the head on; the largest median "
                "Spearman correlation with the trained model's maps, a failure above .5. The upright line is "
                "the same between the maps of different pictures."),
            make<MeasuredView>, Subject::Data},
        {"sweep",
            QT_TRANSLATE_NOOP("Views",
                "What each head does to the answer: the change of the top class's logit when that head alone "
                "is switched off, and all else computed again. Red: the logit rises without it; blue: it "
                "falls."),
            make<SweepView>},
        {"classes",
            QT_TRANSLATE_NOOP("Views",
                "The five most probable classes, softmax of the logits. With edits: before → after; the line "
                "on the bar is before. KL is the divergence Σ p log(p/q) of the answer before from the "
                "answer after, in nats."),
            make<ClassesView>},
        {"filter-grid",
            QT_TRANSLATE_NOOP("Views",
                "Learned filters, a row per layer, 24 channels: |fft2(k)| of the kernel k = irfft2(K) that "
                "the filter K convolves a channel with, frequency 0 in the middle. A bright middle passes "
                "what is smooth (low frequencies), bright edges fine detail (high ones), a bar one "
                "orientation."),
            make<FilterGridView>, Subject::Weights},
        {"filter",
            QT_TRANSLATE_NOOP("Views",
                "One channel's filter: magnitude and phase of fft2(k), k = irfft2(K), frequency 0 in the "
                "middle, in cycles per token (.5 is the finest); the kernel k, a circular convolution; the "
                "mean magnitude over rings of equal frequency and over directions in which a wave varies (0: "
                "from left to right). How far a kernel reaches: √(Σ k² d² / Σ k²), "
                "d on the torus."),
            make<FilterPlateView>, Subject::Weights},
        {"filter-brush",
            QT_TRANSLATE_NOOP("Views",
                "Brush on the magnitude of a filter: what it covers, at f and -f alike, is cut, scaled, "
                "turned at random, left without its phase, or taken from another layer, and the model runs "
                "again. Beside what the logits change: the same on as many random coefficients, and on "
                "random ones of equal energy. Drag, or Space and arrows; Shift adds, Escape takes back, "
                "Delete clears what was brushed."),
            make<FilterBrushView>},
        {"low-pass-sweep",
            QT_TRANSLATE_NOOP("Views",
                "Accuracy and logit of the label on test pictures while a filter keeps only frequencies up "
                "to a radius, a place for each layer and one for all at once. Beside it as many, and as "
                "strong, coefficients set to 0 at random: what lies below them is the frequencies' own."),
            make<LowPassSweepView>, Subject::Data},
        {"filter-bands",
            QT_TRANSLATE_NOOP("Views",
                "The share of each layer's channels that are of a band, by the energy of fft2(k): oriented, "
                "where half of it or more lies along one direction; else low-pass or high-pass, where the "
                "mean on one side of .25 cycles per token is twice that on the other; else other."),
            make<FilterBandsView>, Subject::Weights},
        {"token-spectrum",
            QT_TRANSLATE_NOOP("Views",
                "The tokens of the open picture before and after the selected filter or attention: "
                "|fft2(x)| / √(H W) of the selected channel and the mean over channels, and their means over "
                "rings of equal frequency. What a low-pass block takes away is missing at the right."),
            make<TokenSpectrumView>},
        {"kept",
            QT_TRANSLATE_NOOP("Views",
                "Which patches each group of blocks keeps: the picture as it came, then once for each group. "
                "What a group drops takes no part in its blocks and in all later ones."),
            make<KeptView>},
        {"token-scores",
            QT_TRANSLATE_NOOP("Views",
                "The score by which each group keeps a patch, and what each head of its interpreter says: "
                "sigmoid(q k / √d) of the class token's query and the patch's key. The score is their mean; "
                "a "
                "patch stays whose score is above the threshold."),
            make<TokenScoresView>},
        {"survival",
            QT_TRANSLATE_NOOP("Views",
                "In which group each patch is dropped. The brightest stay to the end, and the answer is made "
                "of them."),
            make<SurvivalView>},
        {"score-histogram",
            QT_TRANSLATE_NOOP("Views",
                "How the scores of the patches that stood before each group lie about its threshold: kept "
                "ones filled, dropped ones open, and the share of all patches that is left."),
            make<ScoreHistogramView>},
        {"token-threshold",
            QT_TRANSLATE_NOOP("Views",
                "The threshold above which patches are kept. Moving it runs the model again. Beside it, "
                "turn by turn, the same model with all patches: multiply-accumulates, milliseconds of a "
                "forward pass, and the logits of its most probable classes."),
            make<ThresholdView>},
        {"token-fate",
            QT_TRANSLATE_NOOP("Views",
                "What the logit of the class would lose or gain if a patch had met the other fate in the "
                "chosen group: dropped where it was kept, kept where it was dropped, each alone. An "
                "intervention, and what was known when it was decided: score, rank, distance to the "
                "threshold, and the class token's attention to the patch in the block before."),
            make<TokenFateView>},
        {"token-heat",
            QT_TRANSLATE_NOOP("Views",
                "Which patches count, by four measures: the class token's attention in the second block, "
                "mean over heads; attention rollout; gradient × attention of the class (Chefer et al.); and "
                "the score by which the chosen group keeps a patch. Each from 0 to its largest value."),
            make<TokenHeatView>},
        {"token-strip",
            QT_TRANSLATE_NOOP("Views",
                "A row for each picture: as it came, then what each group keeps of it, dropped patches "
                "white. How many are dropped depends on the picture."),
            make<TokenStripView>},
        {"cost-accuracy",
            QT_TRANSLATE_NOOP("Views",
                "Accuracy on test pictures of a data set against what a picture costs, as the threshold "
                "moves. Beside it, at equal multiply-accumulates: as many patches of the highest scores, at "
                "random, of the highest contrast, EViT (class attention) and ToMe (merging), all with the "
                "model's own tensors. Times are medians of single pictures, taken turn by turn."),
            make<CostAccuracyView>, Subject::Data},
        {"mixing",
            QT_TRANSLATE_NOOP("Views",
                "How far each block mixes tokens. Filters, a point per channel: √(Σ k² d² / Σ k²), d on the "
                "torus; attention, a point per head: mean distance Σ a |query − key| between patches. Each "
                "over that of mixing all tokens alike: 0 mixes nothing, 1 all."),
            make<MixingView>},
        {"band-spectra",
            QT_TRANSLATE_NOOP("Views",
                "Filters and attention of all layers on one axis: mean of |fft2| over rings of equal "
                "frequency, over the root of its mean square; 1 everywhere for what mixes nothing. Of "
                "attention: fft2 of the mean over queries of the pattern shifted to its query, patches "
                "only."),
            make<BandSpectraView>},
        {"log-amplitude",
            QT_TRANSLATE_NOOP("Views",
                "What each block leaves of fine detail: mean over channels of log |fft2(x)| of the token "
                "stream at (k, k), less that at frequency 0, for the open picture (Park and Kim 2022). Lower "
                "curves are smoother."),
            make<LogAmplitudeView>},
        {"curves",
            QT_TRANSLATE_NOOP("Views",
                "One number of each recorded step: a panel for every scalar signal, all runs over one "
                "another. The line stands at the step that is shown. A smoothed curve is the running mean "
                "m = w m + (1 − w) x, over 1 − wᵗ; the raw one stays behind it."),
            make<CurvesView>},
        {"head-courses",
            QT_TRANSLATE_NOOP("Views",
                "Each head over the steps: entropy of its rows over log n (0 looks at one key, 1 at all "
                "alike), mean distance Σ a |query − key|, or share on special tokens, of the watched "
                "sample."),
            make<HeadCoursesView>},
        {"phase",
            QT_TRANSLATE_NOOP("Views",
                "What theory says of a run, over what the run shows: the run in its colour, theory in grey, "
                "its bounds as a band; upright lines where phases end and begin (theory) and where growth "
                "fell below a tenth of its steepest (found). Last, each ratio against its law: a law that "
                "holds is the diagonal. Theory is dashed where one of its conditions fails."),
            make<PhaseView>},
        {"theory-meter",
            QT_TRANSLATE_NOOP("Views",
                "How exact the theory is for this run: each condition of its theorems, the number it is "
                "about at the start of the run, and the bound of that number; the dot lies left or right of "
                "the bound by how many times they differ. Above, how far a law of the theory is off at the "
                "shown step."),
            make<TheoryMeterView>},
        {"theory-curves",
            QT_TRANSLATE_NOOP("Views",
                "What a lab's theory predicts for many configs: a curve for each, over the theory's own "
                "time, and a dotted line where it begins another phase. Which configs, and which of its "
                "curves, an opened figure says."),
            make<TheoryCurvesView>, Subject::Lab},
        {"lab-sweep",
            QT_TRANSLATE_NOOP("Views",
                "What many runs of a lab come to after so many steps: means over seeds for each config of a "
                "grid, and bars of a standard deviation (n - 1) to either side. Runs that are over are kept: "
                "a sweep that was cancelled goes on where it was."),
            make<LabSweepView>, Subject::Lab},
        {"step-rows",
            QT_TRANSLATE_NOOP("Views",
                "Vectors over the steps of a run: a row for each step, a column for each element, a panel "
                "for "
                "each signal of one name. Elements that are called alike are a band between dashed lines. "
                "Where there are more steps than lines of the screen, a line shows the last of its steps."),
            make<StepRowsView>},
        {"step-bars",
            QT_TRANSLATE_NOOP("Views",
                "Vectors at the step that is shown, or at chosen steps side by side: a bar for each element, "
                "one colour for those that are called alike. The axes reach as far as the bars of all "
                "recorded steps, and stand still. The line across a bar is its first recorded step."),
            make<StepBarsView>},
        {"step-courses",
            QT_TRANSLATE_NOOP("Views",
                "The elements of vectors over the steps of a run, a curve for each, in the colour of the "
                "number that another vector has for it: logits of attention by the probability of a token, "
                "say. Where there are more steps than points of the screen, every so-manieth is drawn."),
            make<StepCoursesView>},
        {"compare",
            QT_TRANSLATE_NOOP("Views",
                "The chosen signal of two runs at the same step, on one scale, and the difference A − B on a "
                "scale of its own, symmetric about zero."),
            make<CompareView>},
        {"step-maps",
            QT_TRANSLATE_NOOP("Views",
                "One map at several recorded steps of a run, on one scale: the chosen attention map or "
                "matrix, else the attention of the lowest layer; below it that of the run it is compared "
                "with. A step of a training is the model after that many updates and one more."),
            make<StepMapsView>},
    };
    return table;
}

std::unique_ptr<View> makeView(const QString& id, Session& session)
{
    if (id == QLatin1String("record")) {
        const RecordPtr record = session.record(session.selection().record);
        return std::unique_ptr<View>(
            makeRecordView(record ? record->kind() : Kind::Matrix, session, nullptr));
    }
    const auto found = std::ranges::find_if(
        viewTable(), [&](const ViewEntry& entry) { return id == QLatin1String(entry.id); });
    return std::unique_ptr<View>(found == viewTable().end() ? nullptr : found->make(session, nullptr));
}

View* makeRecordView(Kind kind, Session& session, QWidget* parent)
{
    switch (kind) {
    case Kind::Attention:
    case Kind::Heads:
    case Kind::Tokens:
    case Kind::Matrix:
    case Kind::Grid:
        return make<HeatMapView>(session, parent);
    case Kind::Filter:
        return make<FilterView>(session, parent);
    case Kind::Keep:
        return make<KeepView>(session, parent);
    case Kind::Points:
        return make<PointsView>(session, parent);
    case Kind::Graph:
        return make<GraphView>(session, parent);
    case Kind::Vector:
    case Kind::Scalar:
        return make<LineView>(session, parent);
    }
    return make<HeatMapView>(session, parent);
}

}
