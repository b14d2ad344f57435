// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/calm_wheel.h"

#include <QEvent>

namespace fovea {

namespace {

class CalmWheel final : public QObject {
public:
    using QObject::QObject;

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus())
            return QObject::eventFilter(watched, event);
        event->ignore();
        return true;
    }
};

}

void calmWheel(QWidget* field)
{
    field->setFocusPolicy(Qt::StrongFocus); // the wheel is no click
    field->installEventFilter(new CalmWheel(field));
}

}
