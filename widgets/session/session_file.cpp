// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session_file.h"

#include "widgets/figure/writer.h"

#include "core/tensor/error.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
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

/// Throws Error naming the field of `owner`.
FileReference referenceFrom(const QJsonObject& json, const QDir& folder, const std::string& owner)
{
    if (json["path"].toString().isEmpty())
        return {};
    for (const char* field : {"path", "absolute"})
        if (json[field].toString().contains(QChar()))
            throw Error(
                owner, std::string("field '") + field + "': expected a path, found a text with a zero in it");
    const QString near = QDir::cleanPath(folder.absoluteFilePath(json["path"].toString()));
    const QString path = QFileInfo::exists(near) ? near : json["absolute"].toString(near);
    return {
        path.toStdString(), json["sha256"].toString().toStdString(), answersFrom(json["answers"].toObject())};
}

/// A recipe's relative path is the working folder's of then; beside the figure is the next best guess.
FileReference referenceFrom(const figure::FileReference& file, const QDir& folder)
{
    const QString near = QDir::cleanPath(folder.absoluteFilePath(file.path));
    const bool isHere = QFileInfo::exists(file.path) || !QFileInfo::exists(near);
    return {(isHere ? file.path : near).toStdString(), file.sha256.toStdString(), answersFrom(file.answers)};
}

Display displayIn(const QJsonObject& json, const std::string& file)
{
    try {
        return displayFrom(Config::fromJson(displaySchema(), QJsonDocument(json).toJson().toStdString()));
    } catch (const Error& error) {
        throw Error(file, std::string("display: ") + error.what());
    }
}

std::vector<Edit> editsIn(const QStringList& texts, const std::string& file)
{
    std::vector<Edit> edits;
    try {
        for (const QString& text : texts)
            edits.push_back(Edit::parse(text.toStdString()));
    } catch (const Error& error) {
        throw Error(file, std::string("edits: ") + error.what());
    }
    return edits;
}

SessionFile sessionOf(const figure::Recipe& recipe, const QString& path)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    SessionFile session;
    session.model = referenceFrom(recipe.model, folder);
    session.input = recipe.input.path.isEmpty() ? FileReference() : referenceFrom(recipe.input, folder);
    session.edits = editsIn(recipe.edits, path.toStdString());
    session.selection = selectionFrom(recipe.selection);
    session.display = displayIn(recipe.settings, path.toStdString());
    session.view = recipe.view;
    return session;
}

}

void writeSessionFile(const QString& path, const SessionFile& session)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    QJsonArray edits;
    for (const Edit& edit : session.edits)
        edits.append(QString::fromStdString(edit.text()));
    const QJsonObject json{{"fovea_format", "session"}, {"version", 1},
        {"model", referenceTo(session.model, folder)}, {"input", referenceTo(session.input, folder)},
        {"edits", edits}, {"selection", toJson(session.selection)},
        {"display", toJson(configOf(session.display))},
        {"layout", QString::fromLatin1(session.layout.toBase64())}};
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
    if (json["fovea_format"].toString() != "session")
        throw Error(name, "expected a session, found no fovea_format \"session\"");
    if (json["version"].toInt() != 1)
        throw Error(name, "expected version 1, found " + std::to_string(json["version"].toInt()));
    const QDir folder = QFileInfo(path).absoluteDir();
    SessionFile session;
    session.model = referenceFrom(json["model"].toObject(), folder, name + ": model");
    session.input = referenceFrom(json["input"].toObject(), folder, name + ": input");
    session.edits = editsIn(json["edits"].toVariant().toStringList(), name);
    session.selection = selectionFrom(json["selection"].toObject());
    session.display = displayIn(json["display"].toObject(), name);
    session.layout = QByteArray::fromBase64(json["layout"].toString().toLatin1());
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
