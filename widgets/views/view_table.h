// Which views there are: the composed ones by id, and one for each Kind. No view is chosen by plugin.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/view.h"

#include <memory>
#include <vector>

namespace fovea {

/// What a view asks about: the open input, the weights alone, the pictures of a data set, or many configs of
/// a lab. A figure needs no input for all but the first, and no model for the last.
enum class Subject { Input, Weights, Data, Lab };

/// A composed view by its id: "overlay", "head-grid", "matrix", ...; what `fovea figure` names.
struct ViewEntry {
    const char* id;
    const char* sentence; ///< for people; translated in the context "Views"
    View* (*make)(Session& session, QWidget* parent);
    Subject subject = Subject::Input;
};

const std::vector<ViewEntry>& viewTable();
/// nullptr when there is no view of that id. "record" gives the view for the Kind of the selected record.
std::unique_ptr<View> makeView(const QString& id, Session& session);
/// The view for a record of that Kind.
View* makeRecordView(Kind kind, Session& session, QWidget* parent);

}
