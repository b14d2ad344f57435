// Runs the real program as a person does, for the tests of its command line. The window's tests need none of
// it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plugin_host.h"

#include "core/io/weights_file.h"

#include <QDir>
#include <QMap>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

namespace fovea::cli {

using Json = nlohmann::json;

struct Outcome {
    int code = -1; ///< -2: it crashed
    QString out, err;
    Json json() const { return Json::parse(out.toStdString(), nullptr, false); }
};

inline const QString model = QStringLiteral(FOVEA_RESOURCES "/models/vit_micro_fashion.h5");

inline QString sample(int i)
{
    const QDir samples(QStringLiteral(FOVEA_RESOURCES "/samples"));
    return samples.filePath(samples.entryList({"*.png"}, QDir::Files, QDir::Name).value(i));
}
inline QString anySample() { return sample(0); }
inline QString otherSample() { return sample(1); }

inline QString program() { return qEnvironmentVariable("FOVEA_BIN") + "/fovea"; }

/// With some variables of the environment set to something else.
inline Outcome call(const QStringList& arguments, const QMap<QString, QString>& environment = {})
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const auto& [name, value] : environment.toStdMap())
        variables.insert(name, value);
    process.setProcessEnvironment(variables);
    process.start(program(), arguments);
    if (!process.waitForFinished(120000))
        return {};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
        process.readAllStandardOutput(), process.readAllStandardError()};
}

/// The bundled model with another first number in one tensor, which is added when it is not there.
inline void writeChanged(const QString& path, const char* tensor, float value)
{
    const io::Hdf5File file(model.toStdString());
    Registry registry;
    app::loadPlugins(registry, {qEnvironmentVariable("FOVEA_BIN").toStdString() + "/plugins"});
    Weights::Parts parts = io::readWeights(file, registry).weights->parts();
    const Tensor* old = parts.parameters.find(tensor);
    Tensor other = old ? old->clone() : Tensor(Shape{3});
    other.writable()[0] = value;
    parts.parameters.set(tensor, other);
    io::writeWeights(path.toStdString(), Weights(std::move(parts)));
}

}
