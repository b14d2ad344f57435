// The lines below a view: they take as much room at every place under the mouse.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/patterns.h"
#include "widgets/views/reading.h"
#include "widgets/views/view.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QSet>

using namespace fovea;

namespace {

class Named final : public View {
public:
    explicit Named(Session& session)
        : View("named", "Named", session, nullptr)
    {
    }
    using View::body;
    std::vector<Record> data() const override { return {}; }
    QString caption() const override
    {
        const Selection& selection = session().selection();
        return mapName(session().patterns(), selection) + " · " + anchorName(session().patterns(), selection);
    }
    QStringList badges() const override { return {"one thing done", "another"}; }

protected:
    void draw(QPainter&, const QRectF&, const Style&) const override { }
};

}

class TestFooter : public QObject {
    Q_OBJECT

private slots:
    void theBodyStaysWhileTheMouseMoves_data()
    {
        QTest::addColumn<QString>("toy");
        for (const char* toy : {"toy_windows", "toy_drop"})
            QTest::newRow(toy) << toy;
    }

    void theBodyStaysWhileTheMouseMoves()
    {
        QFETCH(QString, toy);
        Session session({&toys::toys(), std::make_shared<Pool>(1), {}});
        Slot slot;
        slot.base = toys::toyTrace(toy.toStdString());
        session.adopt(slot);
        Named view(session);
        const TokenLayout& tokens = session.patterns().queries(0);
        QSet<int> heights;
        for (int width = 40; width < 600; ++width) {
            view.resize(width, 300);
            const QRectF body = view.body();
            heights.insert(qRound(body.height()));
            for (int token = 0; token < tokens.tokens(); ++token) {
                Selection selection;
                selection.hover.query = spotOf(tokens, token);
                session.setSelection(selection);
                QCOMPARE(view.body(), body);
            }
        }
        QVERIFY(heights.size() > 2); // from one line to many
    }
};

QTEST_MAIN(TestFooter)
#include "tst_footer.moc"
