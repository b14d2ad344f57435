// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plugin_host.h"

#include "core/tensor/error.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace fovea::app {

namespace fs = std::filesystem;

namespace {

fs::path fromEnvironment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::vector<fs::path> libraries(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code error; // a folder that is not there holds nothing
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".so")
            found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

/// One file by two paths, or a copy that kept its name and every byte.
bool isSame(const fs::path& a, const fs::path& b)
{
    std::error_code error; // a file that cannot be asked is no other's copy
    if (fs::equivalent(a, b, error))
        return true;
    if (a.filename() != b.filename() || fs::file_size(a, error) != fs::file_size(b, error) || error)
        return false;
    std::ifstream left(a, std::ios::binary), right(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return left && right && std::equal(Bytes(left), Bytes(), Bytes(right), Bytes());
}

/// Throws Error, or whatever the plugin throws.
void load(Registry& registry, const fs::path& file)
{
    void* library = dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
        throw Error(std::string("cannot be opened as a library (") + dlerror() + ")");
    const void* abi = dlsym(library, "fovea_plugin_abi");
    void* entry = dlsym(library, "fovea_plugin");
    if (!abi || !entry)
        throw Error("this library is no Fovea plugin: it exports no fovea_plugin and fovea_plugin_abi");
    if (const std::string found = static_cast<const char*>(abi); found != FOVEA_ABI)
        throw Error(
            "fovea_plugin_abi: built for another Fovea: expected '" FOVEA_ABI "', found '" + found + "'");
    Registry own;
    reinterpret_cast<void (*)(Registry&)>(entry)(own);
    registry.add(std::move(own));
}

/// Why a library could not be loaded; empty when it was.
std::string failureToLoad(Registry& registry, const fs::path& file)
{
    try {
        load(registry, file);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "it threw something that is no std::exception";
    }
}

}

void loadPlugin(Registry& registry, const fs::path& file)
{
    if (const std::string failure = failureToLoad(registry, file); !failure.empty())
        throw Error(file.string(), failure);
}

std::vector<fs::path> pluginFolders(const std::vector<fs::path>& extra)
{
    std::vector<fs::path> folders = extra;
    const std::string listed = fromEnvironment("FOVEA_PLUGIN_PATH");
    for (std::size_t begin = 0; begin < listed.size();) {
        const std::size_t end = std::min(listed.find(':', begin), listed.size());
        if (end > begin)
            folders.push_back(listed.substr(begin, end - begin));
        begin = end + 1;
    }
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
    folders.push_back(program / "plugins");
    folders.push_back(program.parent_path() / "lib/fovea/plugins");
    fs::path data = fromEnvironment("XDG_DATA_HOME");
    if (data.is_relative()) // empty, too; the specification says to ignore it
        data = fromEnvironment("HOME") / ".local/share";
    folders.push_back(data / "fovea/plugins");
    return folders;
}

PluginReport loadPlugins(Registry& registry, const std::vector<fs::path>& folders)
{
    PluginReport report;
    std::vector<fs::path> seen;
    for (const fs::path& folder : folders)
        for (const fs::path& file : libraries(folder)) {
            if (std::ranges::any_of(seen, [&](const fs::path& other) { return isSame(file, other); }))
                continue;
            seen.push_back(file);
            if (const std::string failure = failureToLoad(registry, file); !failure.empty())
                report.failures.push_back({file, failure});
            else
                report.loaded.push_back(file);
        }
    return report;
}

}
