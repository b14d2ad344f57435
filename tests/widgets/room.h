// A session that shows a toy's trace, and the views on it. It checks nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/session.h"
#include "widgets/views/view_table.h"

#include "tests/support/toys/toys.h"
#include "tests/widgets/page_texts.h"

#include <QTest>

namespace fovea {

inline Slot slotOf(const TracePtr& trace)
{
    Slot slot;
    slot.base = trace;
    return slot;
}

/// With the model, so that edits and sweeps are possible.
inline Slot slotWithModel(const char* toy)
{
    Slot slot;
    slot.architecture = toys::toys().architecture(toy);
    slot.weights = toys::toyWeights(*slot.architecture);
    slot.base = toys::toyTrace(toy);
    return slot;
}

class Room {
public:
    explicit Room(Slot slot)
        : session({&toys::toys(), std::make_shared<Pool>(1), {}})
    {
        session.adopt(std::move(slot));
    }
    View& view(const char* id) { return *(view_ = makeView(id, session)); }
    std::vector<double> numbers(const char* id, std::size_t record = 0)
    {
        return view(id).data().at(record).value.toDoubles();
    }
    Session session;

private:
    std::unique_ptr<View> view_;
};

/// The trace of a learned filter alone, half of a spectrum [channel, ky, kx]; `side` x `side` tokens.
inline TracePtr traceOfFilter(const std::string& path, const Tensor& weight, int side)
{
    auto record = std::make_shared<Record>();
    record->info = {path, Kind::Filter, "", 0, "blocks.0", {}, {}, {}, "half-spectrum"};
    record->value = weight;
    constexpr double pixels = 64;
    record->queries = TokenLayout::image(side, side, pixels, pixels);
    auto step = std::make_shared<StepRecords>();
    step->add(record);
    Trace trace;
    trace.steps.push_back(step);
    return std::make_shared<const Trace>(trace);
}

/// A test's rows: every toy.
inline void addToyRows()
{
    QTest::addColumn<QString>("toy");
    for (const char* toy : {"toy_windows", "toy_drop", "toy_filter", "toy_lab"})
        QTest::newRow(toy) << QString(toy);
}

}
