// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_words.h"

namespace fovea::app {

namespace {

Command info()
{
    return {"info", "info FILE",
        "What a weights, trace, session, picture, tensor or foreign file holds. A file that cannot be used "
        "as "
        "it is (NaN in a tensor, a tensor missing, misshapen or without a place, open questions) is shown as "
        "far as it can be, and "
        "the exit code is 1.",
        1, {setOption}, {"info resources/models/vit_micro_shapes.h5", "info trace.h5 --json"},
        {{"format", "weights, trace, picture, tensor, checkpoint (of another project) or session"},
            {"problem", "why the file cannot be used as it is; only then"},
            {"naming", "weights: fovea, or the name map that fitted"}, architectureKey, configKey,
            {"sha256", "of the file"}, {"parameters", "weights: how many numbers"},
            {"preprocess", "weights: size, crop, mean, std, interpolation"},
            {"labels", "weights: names of the classes"},
            {"training",
                "weights that `fovea train` made, and its checkpoints: command, data, seed, settings, init, "
                "step of steps, test"},
            {"has_reference", "weights: whether `fovea check` has something to compare with"},
            {"blocks", "weights: paths of the blocks, in order"},
            {"signals", "weights: path, kind and role of each signal"}, tensorsKey,
            {"model", "session: path and sha256 of the weights"},
            {"input", "session: path and sha256 of the input"},
            {"source", "trace: id of the architecture or lab"},
            {"weights_sha256", "trace: of the weights' file"}, {"input_sha256", "trace: of the input's file"},
            {"seed", "trace"}, {"edits", "trace and session: as they were written"},
            {"steps", "trace: how many"},
            {"left_out", "trace: signals that were asked for and exceeded the memory budget"},
            {"records", "trace: path, kind, type, shape and axes of each record"},
            {"type", "picture and tensor: type of an element"},
            {"shape", "picture and tensor: extents, slowest first"},
            {"facts", "checkpoint: what its header says of itself"},
            {"questions",
                "foreign weights: field, help and choices of what its names and shapes do not tell"}},
        runInfo};
}

Command list()
{
    return {"list", "list",
        "Architectures with their presets, labs, models, sample inputs and built-in data sets. The exit code "
        "is "
        "1 when a plugin could not be opened.",
        0, {}, {"list", "list --json"},
        {{"architectures", "id, name, family, task, paper, sentence and presets of each"},
            {"labs", "the same without presets"}, {"models", "files of the bundled models"},
            {"samples", "files of the bundled pictures"},
            {"data_sets", "name and help of the data sets that need no files"}, failedKey},
        runList};
}

Command init()
{
    return {"init", "init ARCH[:PRESET] -o W.h5",
        "Fresh weights: the same seed gives the same bytes. With --from only what the file lacks is fresh, "
        "as the "
        "interpreters that an IA-RED2 adds to a DeiT.",
        1,
        {outputOption, setOption, {{"seed"}, "of the random numbers (default 0)", "N"},
            {{"from"}, "weights, also of another architecture, whose tensors are taken where they fit",
                "W.h5"}},
        {"init vit:deit_tiny_patch16_224 -o w.h5", "init vit --set depth=2 --set dim=48 --seed 3 -o w.h5",
            "init ia_red2:micro_shapes --from resources/models/vit_micro_shapes.h5 -o w.h5"},
        {{"file", "the file written"}, architectureKey, {"parameters", "how many numbers"},
            {"seed", "of the random numbers"}, configKey,
            {"fresh", "names of the tensors that --from does not bring; `all` without it"}},
        runInit};
}

Command check()
{
    return {"check", "check [PLUGIN] [W.h5]",
        "The contract of every plugin, or of one (an id, or a library such as X.so); parity of a weights "
        "file with the reference it brings. The "
        "exit code is 1 when something is broken or a plugin could not be opened (other commands name it and "
        "go on).",
        2, {setOption}, {"check", "check vit", "check resources/models/vit_micro_shapes.h5 --json"},
        {{"contract", "source and problems (rule, problem) of each plugin checked"}, failedKey,
            {"parity",
                "tolerance, worst (relative difference), first_divergence (a signal or null) and rows "
                "(signal, "
                "relative, absolute, index, problem); only with a file"}},
        runCheck};
}

Command convert()
{
    return {"convert", "convert IN OUT.h5",
        "state_dict dumps (.h5, .safetensors) to the weights format. What names and shapes do not tell is "
        "asked for and said with --set; `preprocess` is imagenet, half, none or JSON.",
        2,
        {setOption,
            {{"map"}, "a name map of your own, for a file that is not of Fovea's own format", "NAMES.json"},
            {{"type"}, "f32, f16 or bf16 (default f32)", "TYPE"}},
        {"convert deit.safetensors w.h5 --set heads=3 --set preprocess=imagenet",
            "convert w.h5 half.h5 --type f16"},
        {{"input", "the file read"}, {"output", "the file written"}, architectureKey,
            {"naming", "the name map that fitted"}, configKey, tensorsKey},
        runConvert};
}

Command tour()
{
    return {"tour", "tour [-o FOLDER]", "Renders the program to PNG and PDF files, without a display.", 0,
        {{{"o", "output"}, "folder to write to (default: tour)", "FOLDER"}}, {"tour", "tour -o /tmp/tour"},
        {{"files", "the files written"}}, runTour, true};
}

Command bench()
{
    return {"bench", "bench [NAME]",
        "The project's own timings, on the real window: start, open, hover, layer, memory, figure, lab; "
        "scan-snap: that lab beside PyTorch; scan-snap-window: it at full speed in the window (default all); "
        "window: one start, for the others. Fails when one "
        "is over its limit.",
        1,
        {{{"model"}, "weights (default the bundled ones)", "W.h5"},
            {{"input"}, "picture (default a bundled one)", "X"}},
        {"bench", "bench hover --model base.h5 --input photo.jpg"}, {{"results", "a row for each timing"}},
        runBench, true};
}

}

std::vector<Command> commandsOnFiles()
{
    return {info(), list(), init(), check(), convert(), tour(), bench()};
}

}
