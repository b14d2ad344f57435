// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/data/text_lines.h"

#include "core/io/input_file.h"

#include <sstream>

namespace fovea::train::data {

std::vector<std::string> readLines(const std::string& path)
{
    std::istringstream text(io::readText(path, std::uint64_t{16} << 20));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) {
        if (line.ends_with('\r'))
            line.pop_back();
        lines.push_back(line);
    }
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

}
