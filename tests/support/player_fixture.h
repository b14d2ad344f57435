// A Session that plays labs, for the tests of the Player: toys, and a lab that is slow or goes wrong when
// told to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/player.h"
#include "widgets/session/session.h"

#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

#include <QSignalSpy>

#include <cmath>
#include <thread>

namespace fovea::test {

/// A lab whose steps take a while, and which goes wrong when it is told to.
class Slow final : public Lab {
public:
    Identity identity() const override { return {"slow", "Slow", "", "", {}, ""}; }
    Schema schema() const override
    {
        return {{"ms", std::int64_t{1}, ""}, {"breaks_at", std::int64_t{-1}, ""}};
    }
    std::vector<SignalInfo> signalInfos(const Config&) const override
    {
        return {{"x", Kind::Scalar, "x", -1, ""}, {"hidden", Kind::Tokens, "hidden", -1, ""}};
    }
    NamedTensors start(const Config&, std::uint64_t) const override
    {
        NamedTensors state;
        state.set("x", Tensor::full({1}, 0));
        return state;
    }
    NamedTensors advance(Run& run, const Config& config, const NamedTensors& state) const override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(config.integer("ms")));
        run.checkStop();
        float next = state["x"].values<float>()[0] + 1;
        if (config.integer("breaks_at") >= 0 && next > static_cast<float>(config.integer("breaks_at")))
            next = NAN;
        run.show("x", Tensor::full({1}, next));
        run.show("hidden", Tensor::full({1, 2, 2}, next));
        NamedTensors after;
        after.set("x", Tensor::full({1}, next));
        return after;
    }
};

inline const Registry& labs()
{
    static const Registry& all = []() -> const Registry& {
        static Registry registry;
        toys::addLab(registry);
        toys::addTraining(registry);
        toys::addDrop(registry);
        registry.add(std::make_unique<Slow>());
        return registry;
    }();
    return all;
}

inline bool identical(const StepRecords& a, const StepRecords& b)
{
    return a.step() == b.step()
        && std::ranges::equal(a.all(), b.all(), [](const RecordPtr& x, const RecordPtr& y) {
               return x->path() == y->path() && x->value.identical(y->value);
           });
}

/// A Session of its own for each test.
class PlayerFixture {
protected:
    void open()
    {
        session_ = std::make_unique<Session>(Services{&labs(), std::make_shared<Pool>(2), {}});
        failed_ = std::make_unique<QSignalSpy>(session_.get(), &Session::failed);
    }
    void close()
    {
        session_.reset();
        Job::waitForAll();
    }
    Player& player() { return session_->player(); }
    /// There is a run, and nothing goes on.
    bool isIdle()
    {
        return player().run() && !player().isPlaying()
            && std::ranges::none_of(session_->jobs(), [](const Job* job) { return job->isRunning(); });
    }
    Index number() { return session_->slot().trace()->steps[session_->selection().step]->step(); }
    void start(
        const char* lab, Index steps, const Answers& fields = {}, Index every = 1, std::uint64_t seed = 0)
    {
        Config config(labs().lab(lab)->schema());
        for (const auto& [name, value] : fields)
            config.setText(name, value);
        player().start({lab, config, seed, steps, every});
    }

    std::unique_ptr<Session> session_;
    std::unique_ptr<QSignalSpy> failed_;
};

}
