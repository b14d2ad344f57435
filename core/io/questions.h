// What names and shapes of a foreign file do not tell, and what follows from the answers that were given.
// Only core/io includes it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/weights_file.h"

namespace fovea::io {

/// An architecture that knows the names of a file's tensors.
struct Candidate {
    const Architecture* architecture;
    Recognised recognised;
};

/// Asked of the defaults: the config of a file is not complete before its questions are answered.
bool takesPictures(const Architecture& architecture);
/// With answers that follow from those that were given. Throws AnswerError where none can.
Answers withFollowing(const Candidate& found, Answers answers);
/// The questions that no answer was given to.
Schema openQuestions(const Candidate& found, const Answers& answers);
/// Throws OpenQuestions when there are any.
void requireAnswers(const std::string& file, const Recognition& found);

}
