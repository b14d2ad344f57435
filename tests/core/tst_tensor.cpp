// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pool.h"
#include "core/run/random.h"
#include "core/run/workspace.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <numeric>
#include <thread>

using namespace fovea;

namespace {

/// Where a tensor stands; it may be gone when one asks.
class Memory {
public:
    explicit Memory(const Tensor& t)
        : begin_((reinterpret_cast<std::uintptr_t>(t.bytes()) + page - 1) / page * page)
        , pages_((reinterpret_cast<std::uintptr_t>(t.bytes()) + t.byteSize()) / page - begin_ / page)
    {
    }
    /// Whole pages that take memory.
    std::ptrdiff_t residentPages() const
    {
        std::vector<unsigned char> is(pages_, 0);
        mincore(reinterpret_cast<void*>(begin_), pages_ * page, is.data()); // fails where nothing is mapped
        return std::ranges::count_if(is, [](unsigned char bits) { return bits & 1; });
    }

private:
    static constexpr std::uintptr_t page = 4096;
    std::uintptr_t begin_, pages_;
};

/// While it lives the process is given no more than so many further bytes.
class Addresses {
public:
    explicit Addresses(std::size_t more)
    {
        ::getrlimit(RLIMIT_AS, &before_);
        const auto pages = test::contentOf(QStringLiteral("/proc/self/statm")).split(' ').front().toULong();
        rlimit limit = before_;
        limit.rlim_cur = pages * static_cast<std::size_t>(::getpagesize()) + more;
        ::setrlimit(RLIMIT_AS, &limit);
    }
    ~Addresses() { ::setrlimit(RLIMIT_AS, &before_); }
    Addresses(const Addresses&) = delete;
    Addresses& operator=(const Addresses&) = delete;

private:
    rlimit before_{};
};

}

class TestTensor : public QObject {
    Q_OBJECT
private slots:
    void copiesShareAndViewsPointInside()
    {
        std::vector<float> numbers(24);
        std::iota(numbers.begin(), numbers.end(), 0.0F);
        const Tensor t = Tensor::of<float>({2, 3, 4}, numbers);
        const Tensor copy = t; // NOLINT(performance-unnecessary-copy-initialization): what is tested
        QVERIFY(copy.same(t));
        QCOMPARE(t.at(1).at(2).data()[3], 23.0F);
        QCOMPARE(t.rows(1, 2).shape().text(), std::string("[1, 3, 4]"));
        QCOMPARE(t.reshaped({6, 4}).at(5).data(), t.data() + 20);
        QVERIFY(!t.clone().same(t));
        QVERIFY(t.clone().identical(t));
    }

    void storageIsAligned()
    {
        for (const Index n : {1, 3, 1000})
            QCOMPARE(reinterpret_cast<std::uintptr_t>(Tensor({n}).data()) % 64, std::uintptr_t{0});
    }

    void hugeExtentsAreRefused()
    {
        const std::uint64_t big = std::uint64_t{1} << 40;
        const std::uint64_t overflow[] = {big, big};
        FOVEA_THROWS(checkedCount(overflow), Error, "63 bits");
        const std::uint64_t negative[] = {~std::uint64_t{0}};
        FOVEA_THROWS(checkedCount(negative), Error, "63 bits");
        const std::uint64_t empty[] = {0, big, big};
        FOVEA_THROWS(checkedCount(empty), Error, "63 bits");
        const std::uint64_t fine[] = {2, 3, 4};
        QCOMPARE(checkedCount(fine), Index{24});
    }

    void workspaceUsesMemoryAgain()
    {
        Workspace space;
        const void* first = nullptr;
        {
            const Tensor t = space.make({100});
            first = t.bytes();
        }
        QCOMPARE(space.make({100}).bytes(), first);
        QCOMPARE(space.allocations(), std::size_t{1});
        const Tensor a = space.make({100}), b = space.make({100});
        QVERIFY(a.bytes() != b.bytes());
    }

    void tensorsOutliveTheirWorkspace()
    {
        Tensor t;
        {
            Workspace space;
            t = space.make({5000});
            t.writable()[4999] = 3;
        }
        QCOMPARE(t.data()[4999], 3.0F);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(t.bytes()) % 64, std::uintptr_t{0});
    }

    void memoryGoesBackThoughANeighbourStays()
    {
#ifdef FOVEA_SANITIZED
        QSKIP("the address sanitizer keeps what is freed");
#endif
        constexpr Index count = 300'000;
        Workspace space;
        Tensor goes = space.make({count}), stays = space.make({count}), large = space.make({30 * count});
        for (Tensor* t : {&goes, &stays, &large})
            std::ranges::fill(t->writable(), 2.0F);
        const Memory ofGoing(goes), ofLarge(large);
        QVERIFY(ofGoing.residentPages() > 290);
        goes = large = {};
        QVERIFY(ofGoing.residentPages() > 290); // idle
        space.trim();
        QCOMPARE(ofGoing.residentPages(), std::ptrdiff_t{0});
        QCOMPARE(ofLarge.residentPages(), std::ptrdiff_t{0});
        QVERIFY(std::ranges::all_of(stays.values<float>(), [](float v) { return v == 2; }));
    }

    void littleMemoryIsEnoughForLittle()
    {
#ifdef FOVEA_SANITIZED
        QSKIP("the address sanitizer takes addresses of its own");
#endif
        constexpr Index megabyte = Index{1} << 18; // of floats
        Workspace space;
        space.make({40 * megabyte}); // idle at once
        Tensor small, large;
        {
            const Addresses left(std::size_t{20} << 20); // less than a slab, more than a tensor
            QVERIFY_EXCEPTION_THROWN(Tensor({64 * megabyte}), std::bad_alloc);
            small = Workspace().make({megabyte});
            large = space.make({48 * megabyte}); // in place of what is idle
        }
        QCOMPARE(small.count(), megabyte);
        QCOMPARE(large.count(), 48 * megabyte);
        QCOMPARE(space.idleBytes(), std::size_t{0});
    }

    // What one thread wrote stays, while another takes blocks of all sizes and a third gives the idle ones
    // back.
    void threadsShareAWorkspace()
    {
        constexpr Index rounds = 1000, held = 8;
        Workspace space;
        std::atomic<int> working{2};
        std::atomic<bool> isMixedUp{false};
        const auto work = [&](float own) {
            std::deque<Tensor> tensors;
            for (Index i = 0; i < rounds; ++i) {
                tensors.push_back(space.make({1000 + 997 * i % 60'000}));
                std::ranges::fill(tensors.back().writable(), own);
                if (std::ssize(tensors) <= held)
                    continue;
                if (std::ranges::count(tensors.front().values<float>(), own) != tensors.front().count())
                    isMixedUp = true;
                tensors.pop_front();
            }
            --working;
        };
        {
            const std::jthread one(work, 1.0F), other(work, 2.0F);
            while (working > 0)
                space.trim();
        }
        QVERIFY(!isMixedUp);
    }

    void everyTaskRunsOnce()
    {
        for (const int threads : {1, 2, 5}) {
            Pool pool(threads);
            QCOMPARE(pool.threads(), threads);
            for (int repeat = 0; repeat < 200; ++repeat) {
                std::vector<int> hits(37, 0);
                pool.each(37, [&](Index task) { ++hits[static_cast<std::size_t>(task)]; });
                QVERIFY(std::ranges::all_of(hits, [](int h) { return h == 1; }));
            }
        }
    }

    void callerWaitsForTheSlowestTask()
    {
        Pool pool(2);
        const auto caller = std::this_thread::get_id();
        for (const int work : {100, 1000000}) { // within and beyond the time that the caller spins
            std::atomic<int> begun{0}, ended{0};
            pool.each(2, [&](Index) {
                ++begun;
                while (begun < 2) // each thread has one task
                    std::this_thread::yield();
                std::atomic<int> left{std::this_thread::get_id() == caller ? 0 : work};
                while (left > 0)
                    --left;
                ++ended;
            });
            QCOMPARE(ended.load(), 2);
        }
    }

    void workersKnowTheirNumber()
    {
        Pool pool(3);
        std::atomic<int> begun{0};
        std::array<int, 3> seen{};
        pool.each(3, [&](Index, int worker) {
            ++begun;
            while (begun < 3) // each thread has one task
                std::this_thread::yield();
            ++seen.at(static_cast<std::size_t>(worker));
        });
        QCOMPARE(seen, (std::array<int, 3>{1, 1, 1}));
    }

    // Known answers of Random123's kat_vectors for philox4x32-10.
    void philoxGivesItsKnownAnswers()
    {
        using Words = std::array<std::uint32_t, 4>;
        QVERIFY((philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
        constexpr std::uint32_t ones = 0xffffffff;
        QVERIFY((philox({ones, ones, ones, ones}, {ones, ones})
            == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    }

    void normalNumbersHaveMeanZeroAndVarianceOne()
    {
        const RandomPlace place{7, 0, hashOf("x"), 0};
        double sum = 0, square = 0;
        constexpr int n = 100000;
        for (std::uint64_t i = 0; i < n; ++i) {
            const double z = place.normal(i);
            sum += z;
            square += z * z;
        }
        QVERIFY(std::abs(sum / n) < 4 / std::sqrt(n)); // four standard errors
        QVERIFY(std::abs(square / n - 1) < 4 * std::sqrt(2.0 / n));
    }
};

QTEST_APPLESS_MAIN(TestTensor)
#include "tst_tensor.moc"
