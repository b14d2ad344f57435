// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/questions.h"

#include "core/io/open_weights.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace fovea::io {

namespace {

Field preprocessField()
{
    Field field{"preprocess", std::string(), "how a picture becomes an input"};
    field.choices = {"imagenet", "half", "none"};
    field.isOpen = true;
    return field;
}

bool sameShapes(const Manifest& a, const Manifest& b)
{
    return std::ranges::equal(a, b, [](const ParameterInfo& x, const ParameterInfo& y) {
        return x.name == y.name && x.shape == y.shape;
    });
}

/// What a number in question must be when another one in question is `value`: shapes may tell the product of
/// two alone, as of heads and head_dim. Nothing where they tell more or less.
std::optional<std::int64_t> following(
    const Candidate& found, const std::string& question, const std::string& other, std::int64_t value)
{
    Config config = found.recognised.config;
    const auto isNumber
        = [&](const std::string& field) { return std::holds_alternative<std::int64_t>(config.value(field)); };
    if (question == other || !isNumber(question) || !isNumber(other) || value < 1)
        return std::nullopt;
    const std::int64_t product = config.integer(question) * config.integer(other);
    if (product < 1 || product % value != 0)
        return std::nullopt;
    const Manifest manifest = found.architecture->manifest(config);
    try {
        config.set(other, value);
        if (sameShapes(manifest, found.architecture->manifest(config)))
            return std::nullopt; // the other alone changes no shape, so it tells nothing
        config.set(question, product / value);
        if (sameShapes(manifest, found.architecture->manifest(config)))
            return product / value;
    } catch (const Error&) { // out of a field's range
    }
    return std::nullopt;
}

/// Whether the answer to `other` will tell `question`.
bool follows(const Candidate& found, const std::string& question, const std::string& other)
{
    return std::ranges::any_of(std::array<std::int64_t, 4>{2, 3, 5, 7},
        [&](std::int64_t divisor) { return following(found, question, other, divisor).has_value(); });
}

std::string helpFor(const Field& field)
{
    std::string help = field.name + " (" + field.help;
    for (const std::string& choice : field.choices)
        help += (choice == field.choices.front() ? ": " : ", ") + choice;
    return help + (field.isOpen ? " or JSON)" : ")");
}

}

bool takesPictures(const Architecture& architecture)
{
    return architecture.inputShape(Config(architecture.schema())).rank() == 3;
}

Answers withFollowing(const Candidate& found, Answers answers)
{
    const std::vector<std::string>& questions = found.recognised.questions;
    const Answers given = answers;
    for (const std::string& question : questions)
        for (const std::string& other : questions)
            if (given.contains(other) && !given.contains(question)) {
                std::int64_t value = 0;
                const std::string& text = given.at(other);
                std::from_chars(text.data(), text.data() + text.size(), value);
                const Config& config = found.recognised.config;
                if (const auto known = following(found, question, other, value))
                    answers[question] = std::to_string(*known);
                else if (value > 0 && follows(found, question, other))
                    throw AnswerError("field '" + other + "': expected a divisor of "
                        + std::to_string(config.integer(question) * config.integer(other))
                        + ", which it is with " + question + ", found " + text);
            }
    return answers;
}

Schema openQuestions(const Candidate& found, const Answers& answers)
{
    Schema open;
    for (const std::string& question : found.recognised.questions)
        if (const Field* field = findField(found.recognised.config.schema(), question);
            field && !answers.contains(question) && std::ranges::none_of(open, [&](const Field& other) {
                return follows(found, question, other.name);
            }))
            open.push_back(*field);
    if (takesPictures(*found.architecture) && !answers.contains("preprocess"))
        open.push_back(preprocessField());
    return open;
}

void requireAnswers(const std::string& file, const Recognition& found)
{
    const Schema& open = found.questions;
    if (open.empty())
        return;
    std::string what = "is a '" + found.architecture + "' named as in '" + found.naming
        + "'; its names and shapes do not tell";
    for (const Field& field : open)
        what += (field.name == open.front().name ? " " : ", ") + helpFor(field);
    if (const std::string problem = problemIn(found.report); !problem.empty())
        what += "; and " + problem;
    throw OpenQuestions(file, what, found);
}

}
