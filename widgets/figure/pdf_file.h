// The container of a PDF: numbered objects, streams, cross-reference table. Knows nothing of pages.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace fovea::figure {

/// Objects are written in the order in which they are put. Section numbers are those of ISO 32000-1.
class PdfFile {
public:
    /// A number for an object that is put later.
    int reserve();
    void put(int id, const QByteArray& body);
    int put(const QByteArray& body);
    /// A compressed stream with these entries in its dictionary.
    int putStream(const QByteArray& entries, const QByteArray& data);
    /// The whole file, with cross-reference table (7.5.4) and trailer.
    QByteArray finished(int catalog, int info) const;
    /// "12 0 R"
    static QByteArray ref(int id) { return QByteArray::number(id) + " 0 R"; }

private:
    QByteArray bytes_ = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
    std::vector<qsizetype> offsets_;
};

}
