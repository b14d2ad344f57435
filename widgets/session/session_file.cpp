// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session_file.h"

#include "core/tensor/error.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace fovea {

namespace {

constexpr qint64 largest = qint64{16} << 20;

QJsonObject toJson(const FileReference& file, const QDir& folder)
{
    if (file.path.empty())
        return {};
    const QString path = QString::fromStdString(file.path);
    return {{"path", folder.relativeFilePath(path)}, {"absolute", QFileInfo(path).absoluteFilePath()},
        {"sha256", QString::fromStdString(file.hash)}};
}

/// Throws Error naming the field.
FileReference referenceFrom(const QJsonObject& json, const QDir& folder)
{
    if (json["path"].toString().isEmpty())
        return {};
    for (const char* field : {"path", "absolute"})
        if (json[field].toString().contains(QChar()))
            throw Error(
                std::string("field '") + field + "': expected a path, found a text with a zero in it");
    const QString near = QDir::cleanPath(folder.absoluteFilePath(json["path"].toString()));
    const QString path = QFileInfo::exists(near) ? near : json["absolute"].toString(near);
    return {path.toStdString(), json["sha256"].toString().toStdString()};
}

}

void writeSessionFile(const QString& path, const SessionFile& session)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    QJsonArray edits;
    for (const Edit& edit : session.edits)
        edits.append(QString::fromStdString(edit.text()));
    const QJsonObject json{{"fovea_format", "session"}, {"version", 1},
        {"model", toJson(session.model, folder)}, {"input", toJson(session.input, folder)}, {"edits", edits},
        {"selection", toJson(session.selection)}, {"display", toJson(configOf(session.display))},
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
    const auto naming = [&](const char* field, const auto& read) {
        try {
            read();
        } catch (const Error& error) { // in a file nothing is a wrong usage
            throw Error(name, std::string(field) + ": " + error.what());
        }
    };
    naming("model", [&] { session.model = referenceFrom(json["model"].toObject(), folder); });
    naming("input", [&] { session.input = referenceFrom(json["input"].toObject(), folder); });
    naming("edits", [&] {
        for (const QJsonValue& edit : json["edits"].toArray())
            session.edits.push_back(Edit::parse(edit.toString().toStdString()));
    });
    session.selection = selectionFrom(json["selection"].toObject());
    const QByteArray display = QJsonDocument(json["display"].toObject()).toJson();
    naming("display",
        [&] { session.display = displayFrom(Config::fromJson(displaySchema(), display.toStdString())); });
    session.layout = QByteArray::fromBase64(json["layout"].toString().toLatin1());
    return session;
}

}
