// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session_file.h"

#include "tests/support/test.h"
#include "tests/widgets/toy_services.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace fovea;

class TestSessionFile : public QObject {
    Q_OBJECT

private slots:
    void sessionFilesComeBack()
    {
        QTemporaryDir folder;
        QFile(folder.filePath("model")).open(QIODevice::WriteOnly);
        SessionFile file;
        file.model = {folder.filePath("model").toStdString(), "abc"};
        file.edits = {headOff};
        file.selection.layer = 3;
        file.selection.pin.query = Spot{"cls", {}};
        file.display.hideSpecials = true;
        file.layout = "layout";
        const QString path = folder.filePath("a.fovea");
        writeSessionFile(path, file);
        QFile text(path);
        QVERIFY(text.open(QIODevice::ReadOnly));
        QVERIFY(text.readAll().contains("\"path\": \"model\""));
        const SessionFile back = readSessionFile(path);
        QCOMPARE(back.model.path, file.model.path);
        QCOMPARE(back.edits, file.edits);
        QCOMPARE(back.selection, file.selection);
        QCOMPARE(back.display, file.display);
        QCOMPARE(back.layout, file.layout);
    }

    void brokenSessionFilesAreNamed()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("b.fovea");
        const auto write = [&](const QByteArray& bytes) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
        };
        write("{ not json");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "JSON");
        write("{\"fovea_format\": \"session\", \"version\": 9}");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "version");
        write("{\"fovea_format\": \"session\", \"version\": 1, \"display\": {\"opacity\": 7}}");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "opacity");
        write(R"({"fovea_format": "session", "version": 1, "edits": ["="]})");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "edits: ");
        write(R"({"fovea_format": "session", "version": 1, "model": {"path": "a\u0000b"}})");
        FOVEA_THROWS(readSessionFile(path), Error, "b.fovea", "field 'model.path'");
    }

    void aSessionIsSavedAndOpened()
    {
        QTemporaryDir folder;
        for (const char* name : {"model", "input"})
            QVERIFY(QFile(folder.filePath(name)).open(QIODevice::WriteOnly));
        Session session(toyServices("toy_drop"));
        session.open({folder.filePath("model"), folder.filePath("input")});
        QTRY_VERIFY(session.slot().base);
        session.toggleEdit(headOff);
        QTRY_VERIFY(session.slot().edited);
        QSignalSpy noted(&session, &Session::noted);
        session.save(folder.filePath("s.fovea"), "docks");
        QTRY_COMPARE(noted.size(), 1);

        Session other(toyServices("toy_drop"));
        QSignalSpy layout(&other, &Session::sessionOpened);
        other.open({folder.filePath("s.fovea")});
        QTRY_VERIFY(other.slot().edited);
        QCOMPARE(layout.size(), 1);
        QVERIFY(other.slot().edited->output.identical(session.slot().edited->output));
    }
};

QTEST_MAIN(TestSessionFile)
#include "tst_session_file.moc"
