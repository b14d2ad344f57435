// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/document.h"

#include "app/picture_file.h"

#include "core/io/describe.h"
#include "core/io/open_weights.h"
#include "core/io/safetensors.h"
#include "core/io/sha256.h"
#include "core/io/trace_segments.h"
#include "core/tensor/error.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace fovea::app {

namespace {

/// The masks that lie beside a picture, X.mask-LABEL.png beside X.png.
std::vector<PictureMask> masksBeside(const std::string& path, const Tensor& picture)
{
    const QFileInfo file(QString::fromStdString(path));
    const QString stem = file.completeBaseName() + QStringLiteral(".mask-");
    std::vector<PictureMask> masks;
    for (const QFileInfo& beside :
        file.dir().entryInfoList({QStringLiteral("*.png")}, QDir::Files, QDir::Name)) {
        if (!beside.fileName().startsWith(stem))
            continue;
        const std::string name = beside.filePath().toStdString();
        Tensor coverage = readPicture(name);
        if (coverage.shape() != picture.shape())
            throw Error(name,
                "mask: expected the size of its picture, " + picture.shape().text() + ", found "
                    + coverage.shape().text());
        masks.push_back({beside.completeBaseName().mid(stem.size()).toStdString(), std::move(coverage)});
    }
    return masks;
}

bool isNpy(const std::string& path) { return QFileInfo(QString::fromStdString(path)).suffix() == "npy"; }

/// An .h5 that holds the dataset `input` and is neither weights nor a trace.
bool isTensorFile(const io::Hdf5File& file) { return io::formatOf(file).empty() && file.find("input"); }

Document inputDocument(const std::string& path)
{
    Document document;
    document.path = path;
    document.input = openInput(path);
    document.hash = document.input->hash;
    return document;
}

Document traceDocument(const io::Hdf5File& file)
{
    Document document;
    document.path = file.file().path();
    document.trace = io::readSegments(file);
    return document;
}

Document weightsDocument(const std::string& path, io::OpenedWeights opened)
{
    Document document;
    document.path = path;
    document.weights = std::move(opened.weights);
    document.tensors = std::move(opened.report);
    document.naming = std::move(opened.naming);
    for (const TensorReport& row : document.tensors)
        if (row.hasNonFinite)
            document.notes.push_back(
                QCoreApplication::translate("Document", "tensor '%1' holds NaN or infinity")
                    .arg(QString::fromStdString(row.name)));
    return document;
}

/// Weights, a trace or the dataset `input`, without a hash.
Document contentOf(const io::Hdf5File& file, const Registry& registry, const io::OpenOptions& options)
{
    if (io::isTraceFile(file))
        return traceDocument(file);
    const std::string& path = file.file().path();
    if (!isTensorFile(file))
        return weightsDocument(path, io::openWeights(file, registry, options));
    Document document;
    document.path = path;
    document.input = std::make_shared<const InputData>(InputData{path, {}, {}, io::readInput(file)});
    return document;
}

Document withHash(Document document, const std::string& hash)
{
    document.hash = hash;
    if (document.weights)
        document.weights = io::withHash(*document.weights, hash);
    if (document.input) {
        InputData input = *document.input;
        input.hash = hash;
        document.input = std::make_shared<const InputData>(std::move(input));
    }
    return document;
}

}

Document openDocument(const Registry& registry, const std::string& path, const io::OpenOptions& options)
{
    // Says what is wrong with a file that cannot be read at all.
    const auto file = std::make_shared<const io::InputFile>(path, options.stop);
    if (isNpy(path) || isPicture(path))
        return inputDocument(path);
    Document document;
    if (io::looksLikeHdf5(*file)) {
        const std::string hash
            = io::sha256While(*file, [&] { document = contentOf(io::Hdf5File(file), registry, options); });
        return withHash(std::move(document), hash);
    }
    if (!io::looksLikeSafetensors(*file) && isNamedAsPicture(path))
        readPicture(path); // says what is wrong with it
    document = weightsDocument(path, io::openWeights(path, registry, options));
    document.hash = document.weights->parts().hash;
    return document;
}

InputPtr openInput(const std::string& path)
{
    const io::InputFile file(path);
    if (isNpy(path) || io::looksLikeHdf5(file))
        return std::make_shared<const InputData>(InputData{path, io::sha256(file), {}, io::readInput(path)});
    const Tensor picture = readPicture(path);
    InputData input{path, io::sha256(file), picture, {}, masksBeside(path, picture)};
    return std::make_shared<const InputData>(std::move(input));
}

}
