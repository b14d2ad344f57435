// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/recipe.h"

#include "core/tensor/error.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace fovea::figure {

namespace {

QJsonObject toObject(const FileReference& file)
{
    QJsonObject object{{"path", file.path}, {"sha256", file.sha256}};
    if (!file.answers.isEmpty())
        object["answers"] = file.answers;
    return object;
}

/// Takes fields out of an object one by one; what is left was not expected.
class Reader {
public:
    Reader(QJsonObject object, QString file, QString prefix = {})
        : object_(std::move(object))
        , file_(std::move(file))
        , prefix_(std::move(prefix))
    {
    }

    bool has(const QString& field) const { return object_.contains(field); }
    QString text(const QString& field) { return take(field, QJsonValue::String, "a text").toString(); }
    QJsonObject object(const QString& field)
    {
        return take(field, QJsonValue::Object, "an object").toObject();
    }
    double number(const QString& field, double least, double most)
    {
        const double value = take(field, QJsonValue::Double, "a number").toDouble();
        if (!(value >= least && value <= most))
            fail(field, QString("expected a number from %1 to %2, found %3").arg(least).arg(most).arg(value));
        return value;
    }
    int count(const QString& field, int least, int most)
    {
        const double value = number(field, least, most);
        if (value != std::floor(value))
            fail(field, QString("expected a whole number, found %1").arg(value));
        return static_cast<int>(value);
    }
    QStringList texts(const QString& field)
    {
        QStringList result;
        for (const auto& value : take(field, QJsonValue::Array, "a list").toArray()) {
            if (!value.isString())
                fail(field, "expected texts in the list");
            result << value.toString();
        }
        return result;
    }
    FileReference reference(const QString& field) { return referenceIn(object(field), field); }
    QList<FileReference> references(const QString& field)
    {
        QList<FileReference> result;
        for (const auto& value : take(field, QJsonValue::Array, "a list").toArray())
            result << referenceIn(value.toObject(), QString("%1.%2").arg(field).arg(result.size()));
        return result;
    }
    void expectEmpty() const
    {
        if (!object_.isEmpty())
            fail(object_.keys().first(), "expected no such field");
    }
    [[noreturn]] void fail(const QString& field, const QString& what) const
    {
        throw Error(file_.toStdString(), (what + " (recipe field " + prefix_ + field + ")").toStdString());
    }

private:
    FileReference referenceIn(const QJsonObject& object, const QString& field) const
    {
        Reader inner(object, file_, prefix_ + field + ".");
        FileReference result{inner.text("path"), inner.text("sha256")};
        if (inner.has("answers"))
            result.answers = inner.object("answers");
        inner.expectEmpty();
        return result;
    }
    QJsonValue take(const QString& field, QJsonValue::Type type, const QString& what)
    {
        const QJsonValue value = object_.take(field);
        if (value.type() != type)
            fail(field, "expected " + what + ", found " + (value.isUndefined() ? "nothing" : "another type"));
        return value;
    }

    QJsonObject object_;
    QString file_, prefix_;
};

}

QByteArray toJson(const Recipe& recipe)
{
    QJsonObject object{
        {"fovea_recipe", Recipe::version},
        {"view", recipe.view},
        {"model", toObject(recipe.model)},
        {"input", toObject(recipe.input)},
        {"edits", QJsonArray::fromStringList(recipe.edits)},
        {"selection", recipe.selection},
        {"settings", recipe.settings},
        {"measured", recipe.measured},
        {"width_pt", recipe.size.widthPt},
        {"height_pt", recipe.size.heightPt},
        {"dpi", recipe.dpi},
    };
    if (!recipe.lab.isEmpty())
        object["lab"] = recipe.lab;
    QJsonArray patches;
    for (const FileReference& patch : recipe.patches)
        patches.append(toObject(patch));
    if (!patches.isEmpty())
        object["patches"] = patches;
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Recipe recipeFromJson(const QByteArray& json, const QString& file)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        throw Error(file.toStdString(),
            "expected a recipe in JSON, found "
                + (error.error == QJsonParseError::NoError ? "no object"
                                                           : error.errorString().toStdString()));
    Reader reader(document.object(), file);
    reader.count("fovea_recipe", 1, Recipe::version);
    Recipe recipe;
    recipe.view = reader.text("view");
    recipe.model = reader.reference("model");
    recipe.input = reader.reference("input");
    recipe.edits = reader.texts("edits");
    if (reader.has("patches"))
        recipe.patches = reader.references("patches");
    recipe.selection = reader.object("selection");
    recipe.settings = reader.object("settings");
    if (reader.has("lab"))
        recipe.lab = reader.object("lab");
    recipe.measured = reader.object("measured");
    recipe.size
        = {reader.number("width_pt", Recipe::leastWidthPt, 14400), reader.number("height_pt", 7.2, 14400)};
    recipe.dpi = reader.count("dpi", Recipe::leastDpi, Recipe::mostDpi);
    reader.expectEmpty();
    return recipe;
}

}
