// The target that owns the precompiled header of the tests needs a source.
// SPDX-License-Identifier: GPL-3.0-or-later
