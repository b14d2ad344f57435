// A second pass takes its memory from where the first left it. Counts every allocation of the program.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/vit/vit.h"

#include "tests/support/golden.h"
#include "tests/support/test.h"

#include <atomic>
#include <cstdlib>
#include <new>

using namespace fovea;
using namespace fovea::test;

namespace {

std::atomic<int> allocations{0};

}

void* operator new(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(std::max<std::size_t>(size, 1)))
        return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment)
{
    ++allocations;
    const auto step = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(step, (size + step - 1) / step * step))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

const plugin::vit::Vit vit;

/// A model and an input for it, to be run again and again.
struct Repeated {
    explicit Repeated(std::int64_t depth)
    {
        Config config = vit.tinyConfig();
        config.set("depth", depth);
        weights = ruleWeights(vit, config);
        const Shape sample = vit.inputShape(config);
        input = ruleInput({1, sample[0], sample[1], sample[2]});
    }
    void run() const
    {
        RunOptions options;
        options.pool = pool;
        options.workspace = workspace;
        Run run(*weights, options);
        vit.forward(run, weights->config(), input);
    }
    WeightsPtr weights;
    Tensor input;
    Workspace workspace;
    std::shared_ptr<Pool> pool = std::make_shared<Pool>(2);
};

}

class TestVitMemory : public QObject {
    Q_OBJECT

private slots:
    // What a pass allocates outside its blocks (a Run, the layout of the tokens) does not grow with them.
    void blocksOfASecondPassAllocateNothing()
    {
        std::vector<int> counts;
        for (const int depth : {1, 9}) {
            const Repeated pass(depth);
            pass.run();
            const int before = allocations;
            pass.run();
            counts.push_back(allocations - before);
        }
        QCOMPARE(counts.at(1), counts.at(0));
        QVERIFY(counts.at(0) > 0); // the counter counts
    }

    void secondPassTakesNothingFromTheSystem()
    {
        const Repeated pass(4);
        pass.run();
        const std::size_t before = pass.workspace.allocations();
        for (int i = 0; i < 5; ++i)
            pass.run();
        QCOMPARE(pass.workspace.allocations(), before);
    }
};

QTEST_APPLESS_MAIN(TestVitMemory)
#include "tst_vit_memory.moc"
