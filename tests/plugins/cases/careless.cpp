// The toy lab under an id of its own, without the sentence that the contract asks for.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/toys/toys.h"

namespace fovea {

namespace {

class Careless final : public Lab {
public:
    Identity identity() const override
    {
        Identity identity = toy().identity();
        identity.id = "careless";
        identity.sentence.clear();
        return identity;
    }
    Schema schema() const override { return toy().schema(); }
    std::vector<SignalInfo> signalInfos(const Config& c) const override { return toy().signalInfos(c); }
    NamedTensors start(const Config& c, std::uint64_t seed) const override { return toy().start(c, seed); }
    NamedTensors advance(Run& run, const Config& c, const NamedTensors& state) const override
    {
        return toy().advance(run, c, state);
    }

private:
    static const Lab& toy() { return *toys::toys().lab("toy_lab"); }
};

void fill(Registry& registry) { registry.add(std::make_unique<Careless>()); }

}

}

FOVEA_PLUGIN(fovea::fill)
