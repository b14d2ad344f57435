// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/report.h"

#include "core/io/open_weights.h"
#include "core/tensor/error.h"

namespace fovea::app {

void runConvert(Tool& tool, const Arguments& arguments)
{
    const std::string input = arguments.required(0, "a file to convert");
    const std::string output = arguments.required(1, "a file to write");
    const std::string typeName = arguments.value("type", "f32");
    const auto type = io::storedTypeNamed(typeName);
    if (!type
        || (*type != io::StoredType::F32 && *type != io::StoredType::F16 && *type != io::StoredType::BF16))
        throw UsageError("--type: expected f32, f16 or bf16, found '" + typeName + "'");
    requireOther(output, {input, arguments.value("map")});
    requireHdf5Name(output);
    const io::OpenedWeights opened = io::openWeights(input, tool.registry(), openOptions(tool, arguments));
    requireFinite(input, opened.report);
    io::writeWeights(output, *opened.weights, *type, tool.stop());

    Json result{{"input", input}, {"output", output}, {"architecture", opened.weights->architecture()},
        {"naming", opened.naming}, {"config", Json::parse(opened.weights->config().json())},
        {"tensors", tensorRows(opened.report)}};
    if (arguments.has("json"))
        return Tool::printJson(result);
    Tool::print(output + ": " + opened.weights->architecture() + ", named as " + opened.naming);
    Tool::print(textOfTensors(result["tensors"]));
}

}
