// A Selection as files and the command line say it: fields with names. It chooses nothing and knows no run.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/selection.h"

#include "core/source/schema.h"

#include <QJsonObject>

namespace fovea {

class Patterns;

/// All of a Selection but its cell, what is hovered and the slot.
const Schema& selectionSchema();
Config configOf(const Selection& selection);
/// From a config that has these fields at least. Throws Error naming the field behind `owner`
/// for brushed heads that are not LAYER.HEAD,LAYER.HEAD,...
Selection selectionFrom(const Config& config, const std::string& owner = {});

/// With the pin, without what the mouse hovers over.
QJsonObject toJson(const Selection& selection);
/// What is left out is at its default. Throws Error naming the field, as in "selection.layer", for another
/// type, a value that can never be and a field that there is not.
Selection selectionFrom(const QJsonObject& json);

/// Why `wanted` is not what a session could keep of it, naming the field behind `owner`: a layer, head,
/// record, channel or token that the run does not have. Empty: it is.
std::string refusal(
    const Selection& wanted, const Selection& kept, const Patterns& patterns, const std::string& owner);

}
