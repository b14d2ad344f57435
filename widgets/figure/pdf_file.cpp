// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/pdf_file.h"

#include <QCryptographicHash>

namespace fovea::figure {

int PdfFile::reserve()
{
    offsets_.push_back(0);
    return static_cast<int>(offsets_.size());
}

void PdfFile::put(int id, const QByteArray& body)
{
    offsets_[static_cast<std::size_t>(id - 1)] = bytes_.size();
    bytes_ += QByteArray::number(id) + " 0 obj\n" + body + "\nendobj\n";
}

int PdfFile::put(const QByteArray& body)
{
    const int id = reserve();
    put(id, body);
    return id;
}

int PdfFile::putStream(const QByteArray& entries, const QByteArray& data)
{
    const QByteArray packed = qCompress(data).mid(4); // without Qt's own length: a zlib stream
    return put("<< " + entries + " /Filter /FlateDecode /Length " + QByteArray::number(packed.size())
        + " >>\nstream\n" + packed + "\nendstream");
}

QByteArray PdfFile::finished(int catalog, int info) const
{
    const QByteArray count = QByteArray::number(offsets_.size() + 1);
    const QByteArray id = QCryptographicHash::hash(bytes_, QCryptographicHash::Md5).toHex();
    QByteArray table = "xref\n0 " + count + "\n0000000000 65535 f \n";
    for (const qsizetype offset : offsets_)
        table += QByteArray::number(offset).rightJustified(10, '0') + " 00000 n \n";
    return bytes_ + table + "trailer\n<< /Size " + count + " /Root " + ref(catalog) + " /Info " + ref(info)
        + " /ID [<" + id + "> <" + id + ">] >>\nstartxref\n" + QByteArray::number(bytes_.size())
        + "\n%%EOF\n";
}

}
