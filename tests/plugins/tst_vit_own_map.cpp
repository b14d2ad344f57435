// A checkpoint that nobody knows opens with a name map of the user's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"
#include "core/io/open_weights.h"

#include "tests/plugins/vit_room.h"
#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::io;
using test::checkpoints;

class TestVitOwnMap : public QObject, private test::VitRoom {
    Q_OBJECT

private slots:
    void aMapOfTheUsersOwn()
    {
        const std::string map = R"({"name": "mine", "architecture": "vit", "questions": ["heads"],
            "facts": {"activation": "relu", "pre_norm": false, "norm_eps": 1e-5, "pool": "cls"},
            "each": {"p": ["weight", "bias"]},
            "rules": [{"to": "cls_token"}, {"to": "pos_embed"}, {"to": "patch_embed.proj.{p}", "from": "patch_embed.{p}"},
              {"to": "norm.{p}", "from": "encoder.norm.{p}"}, {"to": "head.{p}"},
              {"to": "blocks.{i}.norm1.{p}", "from": "encoder.layers.{i}.norm1.{p}"},
              {"to": "blocks.{i}.norm2.{p}", "from": "encoder.layers.{i}.norm2.{p}"},
              {"to": "blocks.{i}.attn.qkv.{p}", "from": "encoder.layers.{i}.self_attn.in_proj_{p}"},
              {"to": "blocks.{i}.attn.proj.{p}", "from": "encoder.layers.{i}.self_attn.out_proj.{p}"},
              {"to": "blocks.{i}.mlp.fc1.{p}", "from": "encoder.layers.{i}.linear1.{p}"},
              {"to": "blocks.{i}.mlp.fc2.{p}", "from": "encoder.layers.{i}.linear2.{p}"}]})";
        writeFile(at("map.json"), map);
        const std::string file = checkpoints + "torch_encoder.safetensors";
        const std::map<std::string, std::string> answers{{"heads", "3"}, {"preprocess", "none"}};
        const OpenedWeights own = openWeights(file, registry_, {answers, at("map.json")});
        QCOMPARE(own.naming, std::string("mine"));
        auto all = answers;
        all.insert({{"pre_norm", "no"}, {"activation", "relu"}, {"norm_eps", "1e-5"}, {"pool", "cls"}});
        const OpenedWeights known = openWeights(file, registry_, {all, {}});
        QVERIFY(own.weights->config() == known.weights->config());

        writeFile(at("map.json"), QString::fromStdString(map).replace("\"vit\"", "\"vat\"").toStdString());
        FOVEA_THROWS(openWeights(file, registry_, {answers, at("map.json")}), Error,
            "map.json: there is no architecture 'vat'");
        writeFile(at("map.json"), "{}");
        FOVEA_THROWS(openWeights(file, registry_, {answers, at("map.json")}), Error,
            "map.json: name map: field 'name': expected a text");
        FOVEA_THROWS(
            openWeights(file, registry_, {answers, at("none.json")}), Error, "none.json: No such file");
    }

    void ourOwnFormatTakesNoMap()
    {
        const std::string own = at("own.h5");
        writeWeights(own,
            *openWeights(
                checkpoints + "timm.safetensors", registry_, {{{"heads", "3"}, {"preprocess", "none"}}, {}})
                 .weights);
        FOVEA_THROWS(openWeights(own, registry_, {{}, at("none.json")}), UsageError, "the name map '",
            "none.json", "own.h5 is of Fovea's own format");
    }
};

QTEST_APPLESS_MAIN(TestVitOwnMap)
#include "tst_vit_own_map.moc"
