// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_words.h"
#include "app/cli/figure_options.h"
#include "app/cli/report.h"

#include "core/analysis/relevance.h"
#include "core/train/settings.h"
#include "core/train/teacher.h"

namespace fovea::app {

namespace {

std::vector<std::string> methodNames()
{
    std::vector<std::string> names;
    for (const analysis::RelevanceMethod& method : analysis::relevanceMethods())
        names.push_back(method.name);
    return names;
}

/// Without the range of one picture's random orders, which a study does not draw.
Schema optionsOfStudy()
{
    Schema options = analysis::relevanceSchema();
    std::erase_if(options, [](const Field& field) { return field.name == "random_draws"; });
    return options;
}

std::vector<Option> optionsOfTrain()
{
    std::vector<Option> options{outputOption,
        {{"data"},
            "what to learn: shapes, or a folder or file, with fields behind it as in shapes:size=48; "
            "docs/manual/data-sets.md has them all",
            "DATA"},
        setOption, {{"seed"}, "of all random numbers (default 0)", "N"}};
    for (const Option& option : optionsOf(train::trainingSchema()))
        options.push_back(option);
    options.push_back({{"augment"},
        "some of pad=N (shifts by up to N pixels), flip (left to right) and erase=SHARE (a rectangle becomes "
        "noise), with commas between",
        "LIST"});
    options.push_back({{"init"}, "weights to begin with; tensors that do not fit begin afresh", "W.h5"});
    options.push_back({{"teacher"},
        "trained weights of the same classes; what they answer is learned beside the labels (soft "
        "distillation)",
        "W.h5"});
    for (const Option& option : optionsOf(train::teacherSchema()))
        options.push_back(option);
    options.push_back({{"store"}, "type of the parameters in FILE: f32, f16 or bf16 (default f32)", "TYPE"});
    options.push_back(
        {{"checkpoint-every"}, "steps between checkpoints (default 0: about every half minute)", "N"});
    options.push_back({{"restart"}, "begin anew where a checkpoint is"});
    return options;
}

Command train()
{
    return {"train", "train ARCH[:PRESET] --data DATA -o W.h5",
        "Trains an architecture on a data set. Image size, channels and number of classes follow the data "
        "unless they are set. The same line gives the same bytes for any number of threads. While it works, "
        "a "
        "checkpoint stands beside FILE (w.checkpoint.h5 beside w.h5); after a stop, by Ctrl+C or anything "
        "else, the same line goes on from it, and the result has the same bytes. Accuracy is that on the "
        "test "
        "split, with Wilson's 95 % interval.",
        1, optionsOfTrain(),
        {"train vit:micro --data /usr/share/datasets/fashion-mnist --epochs 20 --augment pad=2,flip -o w.h5",
            "train vit:micro --data shapes --seed 1 --epochs 3 --store f16 -o w.h5"},
        {{"file", "the file written"}, architectureKey, {"parameters", "how many numbers"},
            {"macs",
                "multiply-accumulates of a sample in matrix products, convolutions and attention; transforms "
                "and what is done element by element do not count"},
            {"seed", "of the random numbers"}, configKey, {"settings", "every setting of the training"},
            {"command", "the line that makes the same weights again"}, {"steps", "made in all"},
            {"test",
                "right, count, accuracy, low, high and loss on the test split, of the parameters as they are "
                "stored; null without test samples"},
            {"epochs",
                "of this call: epoch, step, loss (on the training samples as they were seen), test, seconds "
                "and samples_per_second of each"},
            {"samples_per_second", "of this call's steps"}},
        runTrain};
}

Command run()
{
    return {"run", "run W.h5 INPUT [-o TRACE.h5]",
        "Runs a model on a picture, or on a tensor (.npy, .h5) as it is. With edits it runs twice and says "
        "what they did.",
        2,
        {outputOption, setOption, editOption(),
            {{"probe"}, "signals to record, * for any characters (default: all)", "PATTERN", true},
            {{"method"},
                "a relevance map to add to the trace, and its numbers: "
                    + QString::fromStdString(listed(methodNames())),
                "METHOD", true},
            {{"class"}, "whose relevance: a label or number (default: the most probable)", "CLASS"},
            {{"option"}, "of the method: " + namesIn(analysis::relevanceSchema()), "NAME=VALUE", true}},
        {"run w.h5 picture.png --json",
            "run w.h5 picture.png --probe 'blocks.*.attn.pattern' --method rollout -o trace.h5",
            "run w.h5 picture.png --method chefer --method occlusion --class 3 -o trace.h5",
            "run w.h5 picture.png --edit 'blocks.3.attn.head.1=off' --edit blocks.5.out.cls=mean",
            "run w.h5 a.png --edit blocks.2.out=patch:trace_of_b.h5"},
        {{"model", "the weights' file"}, architectureKey, {"input", "the input's file"},
            {"seconds", "of the run without edits"},
            {"top", "class, label, logit and probability of the five most probable classes, after the edits"},
            {"logits", "of all classes, after the edits"}, {"edits", "as they were written; only with edits"},
            {"effect",
                "before (as top), logit_difference and probability_difference (after - before, per class) "
                "and "
                "kl (before || after, in nats); only with edits"},
            {"without_effect", "edits that changed no number; only with edits"},
            {"relevance",
                "class, label, removal, removal_steps, maps (method, caption, baseline, deletion, insertion: "
                "areas under the class's probability; rank_correlation with the effect of removing each "
                "patch singly; pointing and iou where X.mask-LABEL.png beside X.png says where the class's "
                "object is) and correlations (of the maps' ranks, row by row); only with --method"},
            {"trace", "the file written; only with -o"},
            {"left_out", "signals that exceed the memory budget and are not in the trace; only with -o"}},
        runRun};
}

Command relevance()
{
    return {"relevance", "relevance W.h5 --data DATA [-o ROWS.csv]",
        "Relevance methods over the test pictures of a data set: deletion, insertion, rank correlation with "
        "the effect of removing each patch singly and, where true masks are known, pointing game (also on "
        "objects of other classes, where there are some) and intersection over union, each as a mean with a "
        "95 % interval (bootstrap over pictures) and as a paired difference to random order, patch "
        "brightness and a centred Gaussian. Each known object is asked for by its class.",
        1,
        {{{"o", "output"}, "a row for each picture, object and method, as CSV", "FILE"}, setOption,
            {{"data"}, "what has the pictures: shapes, a folder or a file", "DATA"},
            {{"first"}, "number of the first test picture (default 0)", "N"},
            {{"count"}, "test pictures from there on (default 50)", "N"},
            {{"method"}, "default: all; " + QString::fromStdString(listed(methodNames())), "METHOD", true},
            {{"option"}, "of the methods: " + namesIn(optionsOfStudy()), "NAME=VALUE", true},
            {{"sanity"},
                "also draw the weights anew, block by block from the head on: a map that stays fails"},
            {{"draws"}, "of random weights (default 5)", "N"}},
        {"relevance w.h5 --data shapes --count 200 -o rows.csv",
            "relevance w.h5 --data shapes:mode=two --method chefer --method occlusion --sanity --json"},
        {{"model", "the weights' file"}, {"data", "as it was given"}, {"pictures", "how many"},
            {"objects", "how many questions: one for each known object"}, {"removal", "how patches went"},
            {"removal_steps", "points of a curve"},
            {"results",
                "method, measure, count, mean, low, high and over: mean, low and high of the paired "
                "difference to each baseline; a picture's objects count once, as their mean"},
            {"sanity",
                "method, between_pictures, largest and fails (of all stages) and stages (block, correlation, "
                "fails); medians; only with --sanity"},
            {"file", "the file written; only with -o"}},
        runRelevance};
}

Command cost()
{
    return {"cost", "cost [NAME=]W.h5 [NAME=]W.h5 .. --data DATA [-o ROWS.csv]",
        "What models cost and what they are worth, over the same test pictures, one picture at a time and in "
        "turn, so that all share the machine's moods: multiply-accumulates, measured time of a forward pass, "
        "accuracy and the label's logit with 95 % intervals, and as paired differences to the first model. "
        "Of "
        "models that drop patches also the share that is left, its intersection over union with the true "
        "masks where these are known, and how much of it is blank.",
        64,
        {{{"o", "output"}, "a row for each picture and model, as CSV; its speed is of that picture", "FILE"},
            {{"data"}, "what has the pictures: shapes, a folder or a file", "DATA"},
            {{"first"}, "number of the first test picture (default 0)", "N"},
            {{"count"}, "test pictures from there on (default 1000)", "N"}},
        {"cost vit.h5 ia_red2.h5 tome.h5 --data shapes --threads 1",
            "cost whole=vit.h5 dropped=ia_red2.h5 --data shapes --count 10000 -o rows.csv --json"},
        {{"data", "as it was given"}, {"pictures", "how many"}, {"threads", "of a forward pass"},
            {"blank", "share of all patches in which every pixel is the same; null where no model drops any"},
            {"models",
                "name, file, architecture, macs (mean of a picture), milliseconds (median), speed (the "
                "first's median over its own), accuracy, gain (in accuracy over the first), logit (of the "
                "label, over the first), kept, iou and kept_blank, each with mean, low and high"},
            {"file", "the file written; only with -o"}},
        runCost};
}

QString presetNames()
{
    QStringList names;
    for (const FigurePreset& preset : figurePresets())
        names << QString::fromStdString(preset.name) + " of " + preset.view;
    return names.join(", ");
}

Command figure()
{
    return {"figure", "figure NAME --model W.h5 --input X [-o OUT] | figure RECIPE [-o OUT]",
        "A figure as PDF, SVG or PNG, the same bytes as the window exports, or the data behind it as CSV, "
        "NPY or HDF5, by the ending of OUT. NAME is one of "
            + QString::fromStdString(listed(figureNames()))
            + ", or a figure of a paper, as scan-snap-fig3: --width, --height, --dpi and --option stand over "
              "its recipe, and a name that there is not tells which there are. RECIPE is a .json file or a "
              "figure that was made before: its recipe is inside.",
        1,
        {outputOption, editOption(), setOption,
            {{"model"}, "weights or a trace; with a recipe: where its model is now, the same bytes", "W.h5"},
            {{"input"},
                "picture or tensor (figures of filters and of data sets need none); with a recipe: where its "
                "input is now; several for token-strip",
                "X", true},
            {{"data"},
                "data set of the figures of many pictures (methods-measured, low-pass-sweep, "
                "cost-accuracy), as `fovea train --data` takes it; the same as --option study_data=DATA. Of "
                "a "
                "paper's figure about a text: the text file",
                "DATA"},
            {{"width"}, "as in 3.25in, 89mm or 234pt (default 3.25in)", "LENGTH"},
            {{"height"}, "default: what the view needs", "LENGTH"},
            {{"dpi"}, "of maps and PNG (default 300)", "N"},
            {{"option"},
                "what is selected and how it is shown; query and key are row,column or a special token's "
                "name: "
                    + namesIn(figureOptions()),
                "NAME=VALUE", true},
            {{"preset"}, "options as a paper has them: " + presetNames() + "; --option overrides it", "NAME"},
            {{"steps"},
                "a movie: the figure at these steps, in one size; OUT is a folder for frames "
                "(OUT/OUT-0001.png) or a video, as .mp4, by ffmpeg",
                "FROM:TO:EVERY"},
            {{"rate"}, "frames of a video per second (default 25)", "N"}},
        {"figure head-grid --model w.h5 --input picture.png --width 3.25in -o heads.pdf",
            "figure rollout --model w.h5 --input picture.png --option rollout_discard=0.9 -o rollout.png",
            "figure record --model w.h5 --input picture.png --option record=blocks.3.attn.q -o q.svg",
            "figure overlay --model w.h5 --input picture.png --option query=7,4 -o row.csv",
            "figure low-pass-sweep --model resources/models/spectformer_micro_shapes.h5 --data "
            "shapes -o sweep.pdf",
            "figure cost-accuracy --model ia_red2.h5 --data shapes --option study_count=1000 -o curve.pdf",
            "figure filter-grid --model resources/models/spectformer_micro_shapes.h5 --preset gfnet",
            "figure scan-snap-fig3 -o f3.pdf", "figure heads.pdf -o heads.svg",
            "figure step-bars --model run.h5 --steps 0:100:2 -o bars.mp4"},
        {{"files", "the files written"}, {"recipe", "what rebuilds the figure"}}, runFigure, true};
}

Command lab()
{
    return {"lab", "lab ID [-o TRACE.h5]",
        "Runs a lab from its seed. The trace holds every recorded step; a long one is written in segments, "
        "TRACE.h5, TRACE.2.h5 and so on, each whole, which opens as one.",
        1,
        {outputOption, setOption, {{"seed"}, "of the random numbers (default 0)", "N"},
            {{"steps"}, "how many (default 1000)", "N"},
            {{"every"}, "records every so-manieth step, and the last (default 1)", "N"},
            {{"probe"}, "signals to record, * for any characters (default: all)", "PATTERN", true},
            {{"theory"}, "no run: what the lab's theory predicts for this config"}},
        {"lab train --steps 200 -o run.h5", "lab train --set lr=0.01 --seed 3 --every 10 -o run.h5",
            "lab scan_snap --theory --set momentum=0"},
        {{"lab", "id of the lab"}, configKey, {"seed", "of the random numbers"}, {"steps", "how many"},
            {"recorded", "how many of them are in the trace"}, {"seconds", "of all steps"},
            {"last", "the scalar signals of the last recorded step, by path"},
            {"traces", "the files written; without -o none"},
            {"theory", "with --theory: path, role, axes and values of each record; lab beside it"}},
        runLab};
}

}

std::vector<Command> commandsOnRuns() { return {train(), run(), lab(), relevance(), cost(), figure()}; }

}
