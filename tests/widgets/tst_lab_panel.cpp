// The form of a lab under the hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/lab_panel.h"

#include "tests/support/test.h"
#include "tests/widgets/toy_services.h"

#include <QAbstractSpinBox>
#include <QLineEdit>
#include <QWheelEvent>

using namespace fovea;

class TestLabPanel : public QObject {
    Q_OBJECT
private slots:
    void theWheelChangesNoNumberUntilItsFieldHasTheKeyboard()
    {
        Session session(toyServices("toy_windows"));
        LabPanel panel(session);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        const auto boxes = panel.findChildren<QAbstractSpinBox*>();
        QVERIFY(boxes.size() > 3); // seed, steps, every, and the toy lab's own
        for (QAbstractSpinBox* box : boxes) {
            const QString before = box->text();
            panel.setFocus();
            turnWheel(*box);
            QCOMPARE(box->text(), before);
            box->setFocus();
            turnWheel(*box);
            QVERIFY2(box->text() != before, qPrintable(box->accessibleName()));
        }
    }

private:
    static void turnWheel(QWidget& widget)
    {
        const QPointF at = widget.rect().center();
        QWheelEvent event(
            at, widget.mapToGlobal(at), {}, {0, 120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&widget, &event);
    }
};

QTEST_MAIN(TestLabPanel)
#include "tst_lab_panel.moc"
