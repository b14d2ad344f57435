// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parts/name_map.h"

#include "tests/support/test.h"

using namespace fovea;
using namespace fovea::parts;

namespace {

Tensor ramp(const Shape& shape, float first = 0)
{
    Tensor tensor(shape);
    for (float& value : tensor.writable())
        value = first++;
    return tensor;
}

std::vector<TensorOutline> outlines(const NamedTensors& tensors)
{
    std::vector<TensorOutline> all;
    for (const auto& [name, tensor] : tensors)
        all.push_back({name, tensor.shape()});
    return all;
}

/// A map with these rules and whatever else is said.
NameMap mapOf(const std::string& rules, const std::string& more = {})
{
    return NameMap(R"({"name": "test", )" + more + R"("rules": [)" + rules + "]}");
}

NamedTensors named(std::initializer_list<NamedTensors::Entry> entries)
{
    NamedTensors tensors;
    for (const auto& [name, tensor] : entries)
        tensors.set(name, tensor);
    return tensors;
}

}

class TstNameMap : public QObject {
    Q_OBJECT

private slots:
    void namesAreReplaced()
    {
        const NameMap map = mapOf(R"({"to": "a"}, {"to": "c", "from": "b"}, {"to": "d", "from": "missing"})");
        const NamedTensors foreign = named({{"a", ramp({1})}, {"b", ramp({2})}, {"e", ramp({3})}});
        const NamedTensors found = map.apply(foreign);
        QVERIFY(found["a"].same(foreign["a"]) && found["c"].same(foreign["b"]) && !found.find("d"));
        const NameMatch match = map.match(outlines(foreign));
        QCOMPARE(match.placed.at(1).tensor.name, std::string("c"));
        QCOMPARE(match.placed.at(1).source, std::string("b"));
        QCOMPARE(match.unplaced, std::vector<std::string>{"e"});
    }

    void partsAreJoined()
    {
        const NameMap map = mapOf(R"({"to": "{i}.qkv", "from": ["l.{i}.q", "l.{i}.k"]})");
        const NamedTensors foreign = named({{"l.0.q", ramp({1, 2})}, {"l.0.k", ramp({2, 2}, 10)},
            {"l.1.q", ramp({1, 2})}, {"l.1.k", ramp({1, 3})}, {"l.2.q", ramp({1, 2})}});
        QCOMPARE(
            map.apply(named({{"l.0.q", ramp({1, 2})}, {"l.0.k", ramp({2, 2}, 10)}}))["0.qkv"].toDoubles(),
            (std::vector<double>{0, 1, 10, 11, 12, 13}));
        const NameMatch match = map.match(outlines(foreign));
        QCOMPARE(test::text(match.placed.at(0).tensor.shape), "[3, 2]");
        QCOMPARE(match.placed.at(0).source, std::string("l.0.q + l.0.k"));
        QCOMPARE(match.misfits.at(0).name, std::string("1.qkv"));
        QCOMPARE(match.misfits.at(0).source, std::string("l.1.q + l.1.k"));
        QCOMPARE(match.misfits.at(0).why, std::string("the parts [1, 2] and [1, 3] cannot be joined"));
        QCOMPARE(match.unplaced, std::vector<std::string>{"l.2.q"});
        QVERIFY(!map.apply(foreign).find("1.qkv"));
        QCOMPARE(map.sourceOf("2.qkv", outlines(foreign)), std::string("l.2.q + l.2.k"));
        QCOMPARE(map.sourceOf("norm", outlines(foreign)), std::string());
    }

    // a block that is not there leaves those after it where they are
    void indicesMayHaveGaps()
    {
        const NameMap map = mapOf(R"({"to": "b.{i}.w", "from": "l.{i}.w"})");
        const NameMatch match = map.match({{"l.0.w", {1}}, {"l.2.w", {1}}, {"l.12.w", {1}}, {"l.x.w", {1}}});
        std::vector<std::string> placed;
        for (const PlacedTensor& one : match.placed)
            placed.push_back(one.tensor.name);
        std::ranges::sort(placed);
        QCOMPARE(placed, (std::vector<std::string>{"b.0.w", "b.12.w", "b.2.w"}));
        QCOMPARE(match.unplaced, std::vector<std::string>{"l.x.w"});
    }

    void axesArePermuted()
    {
        const Tensor x = ramp({2, 3, 4});
        const Tensor y = mapOf(R"({"to": "x", "permute": [2, 0, 1]})").apply(named({{"x", x}}))["x"];
        QCOMPARE(test::text(y.shape()), "[4, 2, 3]");
        for (Index i = 0; i < 2; ++i)
            for (Index j = 0; j < 3; ++j)
                for (Index k = 0; k < 4; ++k)
                    QCOMPARE(y.at(k).at(i).at(j).data()[0], x.at(i).at(j).at(k).data()[0]);
        const auto turned = mapOf(R"({"to": "x", "permute": [1, 0]})").match({{"x", {2, 3, 4}}});
        QVERIFY(turned.placed.empty() && turned.misfits.size() == 1);
    }

    void shapesAreChanged()
    {
        const NameMap map = mapOf(R"({"to": "x", "reshape": [1, "$1", "$0"]})");
        QCOMPARE(test::text(map.match({{"x", {6, 2}}}).placed.at(0).tensor.shape), "[1, 2, 6]");
        QCOMPARE(map.match({{"x", {6}}}).misfits.size(), 1U);
        QCOMPARE(mapOf(R"({"to": "x", "reshape": [5]})").match({{"x", {6}}}).misfits.size(), 1U);
    }

    // a matrix on patches whose values are stored row, column, channel or channel, row, column
    void patchesBecomeKernels_data()
    {
        QTest::addColumn<QByteArray>("order");
        QTest::addColumn<int>("channels");
        for (const char* order : {"yxc", "cyx"})
            for (const int channels : {1, 3})
                QTest::addRow("%s %d", order, channels) << QByteArray(order) << channels;
    }
    void patchesBecomeKernels()
    {
        QFETCH(QByteArray, order);
        QFETCH(int, channels);
        const Index side = 2, n = side * side * channels;
        const NameMap map = mapOf(R"({"to": "w", "patches": ")" + order.toStdString() + R"("})");
        const Tensor matrix = ramp({5, n});
        const Tensor kernel = map.apply(named({{"w", matrix}}))["w"];
        QVERIFY((kernel.shape() == Shape{5, channels, side, side}));
        for (Index c = 0; c < channels; ++c)
            for (Index y = 0; y < side; ++y)
                for (Index x = 0; x < side; ++x) {
                    const Index column
                        = order == "yxc" ? (y * side + x) * channels + c : (c * side + y) * side + x;
                    QCOMPARE(kernel.at(3).at(c).at(y).at(x).data()[0], matrix.at(3).at(column).data()[0]);
                }
        QCOMPARE(map.match({{"w", {5, 7}}}).misfits.size(), 1U);
    }

    void constantsFillWhatIsNotThere()
    {
        const NameMap map = mapOf(R"({"to": "w"}, {"to": "b", "constant": 0.5, "like": "w"})");
        const NamedTensors foreign = named({{"w", ramp({2})}});
        // `w` was used by the first rule: a constant must come before what it is shaped like
        QVERIFY(!map.apply(foreign).find("b"));
        const NamedTensors found
            = mapOf(R"({"to": "b", "constant": 0.5, "like": "w"}, {"to": "w"})").apply(foreign);
        QCOMPARE(found["b"].toDoubles(), (std::vector<double>{0.5, 0.5}));
        QVERIFY(found.find("w"));
    }

    void variablesFollowTheFile()
    {
        const NameMap map = mapOf(R"({"to": "{p}", "from": "{root}x.{p}"})",
            R"("where": {"root": ["model.", ""]}, "each": {"p": ["weight", "bias"]}, "ignore": ["*pooler*"], )");
        for (const std::string root : {"model.", ""}) {
            const NameMatch match = map.match(
                {{root + "x.weight", {1}}, {root + "x.bias", {2}}, {root + "pooler.weight", {1}}});
            QCOMPARE(match.placed.size(), 2U);
            QVERIFY(match.unplaced.empty());
            QCOMPARE(match.ignored, std::vector<std::string>{root + "pooler.weight"});
        }
    }

    void theMapThatFitsIsFound()
    {
        const auto shared = [](const char* json) { return std::make_shared<const NameMap>(json); };
        const NameMapPtr maps[] = {shared(R"({"name": "one", "rules": [{"to": "a", "from": "x"}]})"),
            shared(R"({"name": "two", "rules": [{"to": "a", "from": "x"}, {"to": "b", "from": "y"}]})")};
        QCOMPARE(fittingMap(maps, {{"x", {1}}})->map->name(), std::string("one"));
        QCOMPARE(fittingMap(maps, {{"x", {1}}, {"y", {1}}})->map->name(), std::string("two"));
        QVERIFY(!fittingMap(maps, {{"u", {1}}, {"v", {1}}, {"w", {1}}, {"x", {1}}}));
        QVERIFY(!fittingMap(maps, {}));
        QCOMPARE(fittingMap(maps, {{"x", {1}}, {"y", {1}}, {"z", {1}}})->map->name(), std::string("two"));
    }

    void whatAMapSaysIsChecked_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* json, const char* message) {
            QTest::newRow(json) << QByteArray(json) << QByteArray(message);
        };
        row("", "no JSON from byte 1");
        row(R"({"name": "x", )", "no JSON from byte 15");
        row(R"({"name": 1e309})", "a number is too large");
        row(R"(["name"])", "expected an object");
        row(R"({"rules": []})", "field 'name': expected a text, found nothing");
        row(R"({"name": 3, "rules": []})", "field 'name': expected a text, found 3");
        row(R"({"name": "x"})", "field 'rules': expected a list of rules, found nothing");
        row(R"({"name": "x", "rules": ["a"]})", "field 'rules': expected objects, found \"a\"");
        row(R"({"name": "x", "rules": [{"from": "a"}]})", "field 'to': expected a name, found nothing");
        row(R"({"name": "x", "rules": [{"to": "a", "from": 1}]})", "field 'from': expected a name, found 1");
        row(R"({"name": "x", "each": {"p": "w"}, "rules": []})", "field 'p': expected a list of texts");
        row(R"({"name": "x", "facts": [], "rules": []})", "field 'facts': expected an object, found []");
        row(R"({"name": "x", "rules": [{"to": "a", "form": "b"}]})", "a rule has no field 'form'");
        row(R"({"name": "x", "rules": [{"to": "a.{i}", "from": "b"}]})",
            "expected names with {i} where 'a.{i}'");
        row(R"({"name": "x", "rules": [{"to": "a", "from": []}]})", "expected names");
        row(R"({"name": "x", "rules": [{"to": "a", "patches": "xy"}]})",
            "'patches': expected yxc or cyx, found 'xy'");
        row(R"({"name": "x", "rules": [{"to": "a", "permute": [0, 0]}]})",
            "'permute': expected each axis once");
        row(R"({"name": "x", "rules": [{"to": "a", "permute": []}]})", "'permute'");
        row(R"({"name": "x", "rules": [{"to": "a", "permute": [1, 2]}]})", "'permute'");
        row(R"({"name": "x", "rules": [{"to": "a", "reshape": ["$9"]}]})", "'reshape': expected numbers");
        row(R"({"name": "x", "rules": [{"to": "a", "reshape": [-1]}]})", "'reshape': expected numbers");
        row(R"({"name": "x", "rules": [{"to": "a", "reshape": [1,1,1,1,1,1,1]}]})",
            "'reshape': too many axes");
        row(R"({"name": "x", "where": {"root": []}, "rules": []})", "'root': expected at least one text");
        row(R"({"name": "x", "facts": {"a": []}, "rules": []})", "'a': expected a number");
    }
    void whatAMapSaysIsChecked()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, message);
        FOVEA_THROWS(NameMap(json.toStdString()), Error, "name map: ", message.constData());
    }
};

QTEST_APPLESS_MAIN(TstNameMap)
#include "tst_name_map.moc"
