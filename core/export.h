// Marks what the core library shows to its users. Everything else is hidden.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#define FOVEA_API __attribute__((visibility("default")))
