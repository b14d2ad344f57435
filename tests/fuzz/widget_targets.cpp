// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/recipe.h"
#include "widgets/session/session_file.h"

#include "core/tensor/error.h"

#include "tests/fuzz/targets.h"
#include "tests/fuzz/temporary_file.h"

namespace fovea::fuzz {

void recipe(const std::string& bytes)
{
    try {
        const figure::Recipe read = figure::recipeFromJson(QByteArray::fromStdString(bytes), "fuzz");
        if (!(figure::recipeFromJson(figure::toJson(read), "fuzz") == read))
            throw std::logic_error("a recipe does not survive JSON");
    } catch (const Error&) {
    }
}

void session(const std::string& bytes)
{
    const TemporaryFile file(bytes);
    try {
        readSessionFile(QString::fromStdString(file.path()));
    } catch (const UsageError&) {
        throw std::logic_error("a file is no wrong usage");
    } catch (const Error&) {
    }
}

}
