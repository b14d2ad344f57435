// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/field_list.h"
#include "core/tensor/error.h"

#include "tests/support/test.h"

using namespace fovea;

namespace {

Schema schema()
{
    return {{"depth", std::int64_t{12}, "blocks", 1, 64}, {"ratio", 4.0, "width of the MLP", 0.5, 8, "x"},
        {"distilled", false, "with a distillation token"},
        {"pool", std::string("cls"), "what is read", 0, 0, {}, {"cls", "mean"}},
        {"note", std::string(), "free text"}, {"offset", std::int64_t{0}, "unbounded"}};
}

}

class TestSchema : public QObject {
    Q_OBJECT
private slots:
    void defaultsAreTheStandardValues()
    {
        const Config config(schema());
        QCOMPARE(config.count("depth"), 12);
        QCOMPARE(config.real("ratio"), 4.0);
        QVERIFY(!config.flag("distilled"));
        QCOMPARE(config.text("pool"), std::string("cls"));
    }

    void rangesAreKept()
    {
        Config config(schema());
        config.set("depth", std::int64_t{64});
        FOVEA_THROWS(config.set("depth", std::int64_t{65}), Error, "'depth'", "1", "64", "found 65");
        FOVEA_THROWS(config.set("depth", std::int64_t{0}), Error, "'depth'");
        FOVEA_THROWS(config.set("ratio", 0.25), Error, "'ratio'", "0.5", "0.25");
        FOVEA_THROWS(config.set("ratio", std::nan("")), Error, "'ratio'", "finite");
        FOVEA_THROWS(config.set("pool", std::string("max")), Error, "one of cls, mean", "found max");
        FOVEA_THROWS(config.set("depth", 3.0), Error, "an integer");
        FOVEA_THROWS(config.set("width", 3.0), Error, "no field 'width'");
        config.set("offset", std::int64_t{-1000000});
        QCOMPARE(config.count("depth"), 64); // a refused value changes nothing
    }

    void textIsReadByTheFieldsType()
    {
        Config config(schema());
        config.setText("depth", "6");
        config.setText("ratio", "2.5");
        config.setText("distilled", "yes");
        config.setText("note", "12");
        QCOMPARE(config.count("depth"), 6);
        QCOMPARE(config.real("ratio"), 2.5);
        QVERIFY(config.flag("distilled"));
        QCOMPARE(config.text("note"), std::string("12"));
        for (const char* text : {"6.5", "six", "", "6 ", "99999999999999999999"})
            FOVEA_THROWS(config.setText("depth", text), Error, "'depth'", "an integer");
        FOVEA_THROWS(config.setText("ratio", "2,5"), Error, "'ratio'", "2,5");
        FOVEA_THROWS(config.setText("distilled", "perhaps"), Error, "yes or no", "perhaps");
    }

    void jsonGoesRound()
    {
        Config config(schema());
        config.set("depth", std::int64_t{3});
        config.set("ratio", 0.1 + 0.5);
        config.set("note", std::string("a \"b\" \\ c"));
        std::vector<std::string> missing;
        const Config back = Config::fromJson(schema(), config.json(), &missing);
        QVERIFY(back == config);
        QVERIFY(missing.empty());
        QVERIFY(config.json().starts_with("{\"depth\":3,")); // in the schema's order
    }

    void badJsonNamesItsField()
    {
        FOVEA_THROWS(Config::fromJson(schema(), "[1]"), Error, "JSON object");
        FOVEA_THROWS(Config::fromJson(schema(), "{\"depth\":"), Error, "JSON object");
        FOVEA_THROWS(Config::fromJson(schema(), "{\"width\":1}"), Error, "'width'");
        FOVEA_THROWS(
            Config::fromJson(schema(), "{\"depth\":\"1\"}"), Error, "'depth'", "an integer", "\"1\"");
        FOVEA_THROWS(Config::fromJson(schema(), "{\"depth\":1.5}"), Error, "'depth'", "1.5");
        FOVEA_THROWS(Config::fromJson(schema(), "{\"depth\":100}"), Error, "'depth'", "100");
        FOVEA_THROWS(Config::fromJson(schema(), "{\"offset\":18446744073709551615}"), Error, "'offset'");
        FOVEA_THROWS(Config::fromJson(schema(), "{\"note\":null}"), Error, "'note'", "text");
        const Config integer = Config::fromJson(schema(), "{\"ratio\":2}");
        QCOMPARE(integer.real("ratio"), 2.0); // an integer is a number too
    }

    void whatJsonDidNotSayIsListed()
    {
        std::vector<std::string> missing;
        Config::fromJson(schema(), "{\"depth\":2,\"note\":\"\",\"offset\":0}", &missing);
        QCOMPARE(missing, (std::vector<std::string>{"ratio", "distilled", "pool"}));
    }

    void fieldsInOneLineAreReadAndWritten()
    {
        Config config(schema());
        QCOMPARE(fieldsText(config), std::string());
        config.set("depth", std::int64_t{4});
        config.set("distilled", true);
        config.set("ratio", 2.5);
        constexpr std::array<std::string_view, 1> but{"distilled"};
        QCOMPARE(fieldsText(config, but), std::string("depth=4,ratio=2.5"));
        const Answers fields = fieldsIn(fieldsText(config), "model");
        QCOMPARE(fields, (Answers{{"depth", "4"}, {"ratio", "2.5"}, {"distilled", "true"}}));
        Config again(schema());
        for (const auto& [name, value] : fields)
            again.setText(name, value);
        QVERIFY(again == config);
        const Answers lists
            = fieldsIn("groups=4,4,3,depth=11,keep=0.5,.25", "model"); // numbers go on behind a comma
        QCOMPARE(lists, (Answers{{"groups", "4,4,3"}, {"depth", "11"}, {"keep", "0.5,.25"}}));
        const Answers nested
            = fieldsIn("model=(dim=8,groups=1,2),data=(x.txt:vocab=words,length=3),lr=2", "f");
        QCOMPARE(nested.size(), std::size_t{3});
        QCOMPARE(nested.at("model"), std::string("dim=8,groups=1,2"));
        QCOMPARE(nested.at("data"), std::string("x.txt:vocab=words,length=3"));
        QCOMPARE(nested.at("lr"), std::string("2"));
        FOVEA_THROWS(fieldsIn("4,depth=3", "model"), UsageError, "FIELD=VALUE", "'4'");
        FOVEA_THROWS(fieldsIn("depth=4,ratio", "model"), UsageError, "'model'", "FIELD=VALUE", "'ratio'");
        FOVEA_THROWS(fieldsIn("=4", "model"), UsageError, "'=4'");
    }

    void textThatIsNoUnicodeDoesNotEndTheProgram()
    {
        Config config(schema());
        config.set("note", std::string("\xff\xfe"));
        QVERIFY(!config.json().empty());
    }
};

QTEST_APPLESS_MAIN(TestSchema)
#include "tst_schema.moc"
