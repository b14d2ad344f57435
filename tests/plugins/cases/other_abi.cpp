// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

extern "C" {
__attribute__((visibility("default"))) extern const char fovea_plugin_abi[];
__attribute__((visibility("default"))) void fovea_plugin(void*);
}
const char fovea_plugin_abi[] = "fovea 0000000000000000 of another time";
void fovea_plugin(void*) { std::abort(); } // must not be called
