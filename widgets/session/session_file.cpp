// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session_file.h"

#include "widgets/figure/writer.h"
#include "widgets/labs/lab_studies.h"
#include "widgets/session/selection_fields.h"

#include "core/io/naming.h"
#include "core/tensor/error.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSaveFile>

namespace fovea {

namespace {

constexpr qint64 largest = qint64{16} << 20;

QJsonObject referenceTo(const FileReference& file, const QDir& folder)
{
    if (file.path.empty())
        return {};
    const QString path = QString::fromStdString(file.path);
    return {{"path", folder.relativeFilePath(path)}, {"absolute", QFileInfo(path).absoluteFilePath()},
        {"sha256", QString::fromStdString(file.hash)}, {"answers", toJson(file.answers)}};
}

/// A lab's files that come with the program: "resources:samples/x.txt" becomes where that is.
QJsonValue withResources(const QJsonValue& json)
{
    if (json.isString()) {
        static const QRegularExpression name(QStringLiteral("resources:[^:,;|()]+"));
        QString text = json.toString();
        for (auto match = name.match(text); match.hasMatch(); match = name.match(text, match.capturedEnd())) {
            const QString path = QFileInfo(match.captured()).absoluteFilePath();
            if (path == match.captured())
                continue; // no such file: whoever opens it says so
            text.replace(match.capturedStart(), match.capturedLength(), path);
        }
        return text;
    }
    if (json.isArray()) {
        QJsonArray all;
        for (const QJsonValue& one : json.toArray())
            all.append(withResources(one));
        return all;
    }
    QJsonObject object = json.toObject();
    for (const QString& key : object.keys())
        object[key] = withResources(object[key]);
    return json.isObject() ? QJsonValue(object) : json;
}

void requirePath(const QString& path, const std::string& field)
{
    if (path.contains(QChar()))
        throw Error("field '" + field + "': expected a path, found a text with a zero in it");
}

FileReference referenceFrom(const QJsonObject& json, const QDir& folder, const std::string& owner)
{
    if (json["path"].toString().isEmpty())
        return {};
    for (const char* field : {"path", "absolute"})
        requirePath(json[field].toString(), owner + '.' + field);
    const QString near = QDir::cleanPath(folder.absoluteFilePath(json["path"].toString()));
    const QString path = QFileInfo::exists(near) ? near : json["absolute"].toString(near);
    return {
        path.toStdString(), json["sha256"].toString().toStdString(), answersFrom(json["answers"].toObject())};
}

/// Where it says (a relative path: from here, or from the recipe's folder), else of its name beside the
/// recipe.
FileReference referenceFrom(const figure::FileReference& file, const QDir& folder, const std::string& owner)
{
    if (file.path.isEmpty())
        return {};
    requirePath(file.path, owner);
    const QFileInfo named(file.path);
    QString path = file.path;
    for (const QString& place :
        {named.absoluteFilePath(), folder.absoluteFilePath(file.path), folder.filePath(named.fileName())})
        if (path == file.path && QFileInfo::exists(place))
            path = QDir::cleanPath(place);
    return {path.toStdString(), file.sha256.toStdString(), answersFrom(file.answers)};
}

std::vector<Edit> editsIn(const QStringList& texts)
{
    std::vector<Edit> edits;
    try {
        for (const QString& text : texts)
            edits.push_back(Edit::parse(text.toStdString()));
    } catch (const Error& error) {
        throw Error(std::string("edits: ") + error.what()); // the file's fault: no UsageError
    }
    return edits;
}

SessionFile sessionFrom(const QJsonObject& json, const QDir& folder)
{
    if (json["fovea_format"].toString() != "session")
        throw Error("expected a session, found no fovea_format \"session\"");
    if (json["version"].toInt() != 1)
        throw Error("expected version 1, found " + std::to_string(json["version"].toInt()));
    SessionFile session;
    session.model = referenceFrom(json["model"].toObject(), folder, "model");
    session.input = referenceFrom(json["input"].toObject(), folder, "input");
    session.edits = editsIn(json["edits"].toVariant().toStringList());
    for (const auto& patch : json["patches"].toArray())
        session.patches.push_back(referenceFrom(patch.toObject(), folder, "patches"));
    session.selection = selectionFrom(json["selection"].toObject());
    session.display = displayFrom(configFrom(displaySchema(), json["display"].toObject(), "display"));
    session.lab = json["lab"].toObject();
    LabStudies::studyIn(session.lab); // says what is wrong with it
    session.layout = QByteArray::fromBase64(json["layout"].toString().toLatin1());
    return session;
}

}

void writeSessionFile(const QString& path, const SessionFile& session)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    QJsonArray edits;
    for (const Edit& edit : session.edits)
        edits.append(QString::fromStdString(edit.text()));
    QJsonArray patches;
    for (const FileReference& patch : session.patches)
        patches.append(referenceTo(patch, folder));
    const QJsonObject json{{"fovea_format", "session"}, {"version", 1},
        {"model", referenceTo(session.model, folder)}, {"input", referenceTo(session.input, folder)},
        {"edits", edits}, {"patches", patches}, {"selection", toJson(session.selection)},
        {"display", toJson(configOf(session.display))},
        {"layout", QString::fromLatin1(session.layout.toBase64())}, {"lab", session.lab}};
    QSaveFile file(path);
    const bool written
        = file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(json).toJson()) >= 0 && file.commit();
    if (!written)
        throw Error(path.toStdString(), "cannot be written: " + file.errorString().toStdString());
}

SessionFile readSessionFile(const QString& path)
{
    const std::string name = path.toStdString();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(name, "cannot be read: " + file.errorString().toStdString());
    if (file.size() > largest)
        throw Error(
            name, "expected a session of at most 16 MiB, found " + std::to_string(file.size()) + " bytes");
    QJsonParseError problem;
    const QJsonObject json = QJsonDocument::fromJson(file.readAll(), &problem).object();
    if (problem.error != QJsonParseError::NoError)
        throw Error(name, "expected JSON, found " + problem.errorString().toStdString());
    SessionFile session = io::naming(name, [&] { return sessionFrom(json, QFileInfo(path).absoluteDir()); });
    session.path = path;
    return session;
}

SessionFile sessionOf(const figure::Recipe& recipe, const QString& path)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    SessionFile session;
    session.path = path;
    io::naming(path.toStdString(), [&] {
        session.lab = withResources(recipe.lab).toObject();
        LabStudies::studyIn(session.lab); // says what is wrong with it
        if (recipe.model.path.isEmpty() && recipe.lab.isEmpty())
            throw Error("field 'model.path': expected a file, found none: the weights were never saved");
        session.model = referenceFrom(recipe.model, folder, "model.path");
        session.input = referenceFrom(recipe.input, folder, "input.path");
        session.edits = editsIn(recipe.edits);
        for (const figure::FileReference& patch : recipe.patches)
            session.patches.push_back(referenceFrom(patch, folder, "patches"));
        session.selection = selectionFrom(recipe.selection);
        session.display = displayFrom(configFrom(displaySchema(), recipe.settings, "settings"));
        session.view = recipe.view;
    });
    return session;
}

std::optional<SessionFile> sessionIn(const QString& path)
{
    if (path.endsWith(QStringLiteral(".fovea"), Qt::CaseInsensitive))
        return readSessionFile(path);
    if (const auto recipe = figure::readRecipe(path))
        return sessionOf(*recipe, path);
    return std::nullopt;
}

}
