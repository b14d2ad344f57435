// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/field_keys.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>

namespace fovea::app {

namespace {

bool isOfNumbers(const QString& text)
{
    constexpr QStringView others = u"+-.,eE";
    return text.size() != 1 || text[0].isDigit() || others.contains(text[0]) || !text[0].isPrint();
}

bool isOfWindow(const QKeyEvent& key, const QLineEdit& line)
{
    return key.matches(QKeySequence::Undo) ? !line.isUndoAvailable()
                                           : key.matches(QKeySequence::Redo) && !line.isRedoAvailable();
}

bool isOfWindow(const QKeyEvent& key, const QObject* field)
{
    const auto* box = qobject_cast<const QComboBox*>(field);
    const auto* line = box ? box->lineEdit() : qobject_cast<const QLineEdit*>(field);
    const bool isNumber = qobject_cast<const QAbstractSpinBox*>(field);
    if (!line && !isNumber)
        return false;
    if (key.modifiers() == Qt::ControlModifier && key.key() == Qt::Key_E)
        return true;
    if (line)
        return isOfWindow(key, *line);
    return key.matches(QKeySequence::Undo) || key.matches(QKeySequence::Redo)
        || (!(key.modifiers() & ~Qt::ShiftModifier) && !isOfNumbers(key.text()));
}

}

FieldKeys::FieldKeys(QWidget* window)
    : QObject(window)
    , window_(window)
{
    qApp->installEventFilter(this);
}

bool FieldKeys::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride || !watched->isWidgetType()
        || static_cast<QWidget*>(watched)->window() != window_
        || !isOfWindow(static_cast<const QKeyEvent&>(*event), watched))
        return QObject::eventFilter(watched, event);
    event->ignore();
    return true;
}

}
