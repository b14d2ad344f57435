// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plugin_host.h"

#include "tests/support/test.h"

#include <QTemporaryDir>

#include <fstream>

using namespace fovea;
namespace fs = std::filesystem;

namespace {

const fs::path cases = FOVEA_PLUGIN_CASES;

/// A folder with copies of libraries under names of the test's choice.
class Folder {
public:
    struct Copy {
        std::string library, name;
    };
    explicit Folder(const std::vector<Copy>& libraries)
    {
        for (const auto& [library, name] : libraries)
            fs::copy_file(cases / (library + ".so"), path() / (name + ".so"));
    }
    fs::path path() const { return dir_.path().toStdString(); }

private:
    QTemporaryDir dir_;
};

using Copies = std::vector<Folder::Copy>;

}

class TestPluginHost : public QObject {
    Q_OBJECT
private slots:
    void aGoodPluginFillsTheRegistry()
    {
        const Folder folder(Copies{{"good", "good"}});
        Registry registry;
        const app::PluginReport report = app::loadPlugins(registry, {folder.path()});
        QCOMPARE(report.loaded, (std::vector<std::string>{folder.path() / "good.so"}));
        QVERIFY(report.failures.empty());
        QVERIFY(registry.architecture("toy_filter"));
    }

    void badLibrariesAreReportedAndPassedOver()
    {
        const Folder folder(Copies{{"good", "z_good"}, {"other_abi", "other_abi"}, {"no_plugin", "no_plugin"},
            {"throwing", "throwing"}});
        std::ofstream(folder.path() / "text.so") << "this is no library\n";
        std::ofstream(folder.path() / "empty.so").flush();
        std::ofstream(folder.path() / "readme.txt") << "not looked at\n";
        Registry registry;
        const app::PluginReport report = app::loadPlugins(registry, {folder.path()});
        QCOMPARE(report.loaded.size(), std::size_t{1});
        QVERIFY(registry.architecture("toy_filter"));
        QVERIFY(!registry.architecture("toy_windows")); // added before the throw: all or none
        const auto message = [&](const char* name) {
            for (const auto& failure : report.failures)
                if (failure.file == folder.path() / name)
                    return QString::fromStdString(failure.message);
            return QString();
        };
        QCOMPARE(report.failures.size(), std::size_t{5});
        QVERIFY2(message("other_abi.so").contains("of another time")
                && message("other_abi.so").contains(FOVEA_ABI),
            qPrintable(message("other_abi.so")));
        QVERIFY(message("no_plugin.so").contains("no Fovea plugin"));
        QCOMPARE(message("throwing.so"), QString("the second source is missing"));
        QVERIFY(message("text.so").startsWith("cannot be opened as a library"));
        QVERIFY(message("empty.so").startsWith("cannot be opened as a library"));
    }

    void oneLibraryIsLoadedOrNamed()
    {
        Registry registry;
        app::loadPlugin(registry, cases / "good.so");
        QVERIFY(registry.architecture("toy_filter"));
        FOVEA_THROWS(
            app::loadPlugin(registry, cases / "throwing.so"), Error, "throwing.so: the second source");
        QVERIFY(!registry.architecture("toy_windows"));
    }

    void twoLibrariesOfOneNameAreBothOpened()
    {
        const Folder first(Copies{{"good", "one"}}), second(Copies{{"series", "one"}}),
            third(Copies{{"throwing", "one"}});
        Registry registry;
        const app::PluginReport report
            = app::loadPlugins(registry, {first.path(), second.path(), third.path()});
        QCOMPARE(
            report.loaded, (std::vector<std::string>{first.path() / "one.so", second.path() / "one.so"}));
        QVERIFY(registry.architecture("toy_filter") && registry.architecture("toy_series"));
        QCOMPARE(report.failures.size(), std::size_t{1});
        QCOMPARE(report.failures[0].file, (third.path() / "one.so").string());
    }

    /// A copy, the same folder by another path, a link.
    void oneLibraryIsOpenedOnce()
    {
        const Folder first(Copies{{"good", "one"}}), copy(Copies{{"good", "one"}});
        fs::create_symlink(first.path() / "one.so", first.path() / "two.so");
        Registry registry;
        const app::PluginReport report = app::loadPlugins(
            registry, {first.path(), copy.path(), copy.path() / ".." / first.path().filename()});
        QCOMPARE(report.loaded, (std::vector<std::string>{first.path() / "one.so"}));
        QVERIFY(report.failures.empty());
    }

    void aTakenIdIsAFailure()
    {
        const Folder folder(Copies{{"good", "one"}, {"good", "two"}});
        Registry registry;
        const app::PluginReport report = app::loadPlugins(registry, {folder.path()});
        QCOMPARE(report.loaded.size(), std::size_t{1});
        QCOMPARE(report.failures.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(report.failures[0].message).contains("toy_filter"));
    }

    void foldersThatAreNotThereHoldNothing()
    {
        Registry registry;
        const app::PluginReport report = app::loadPlugins(registry, {"/nowhere/at/all", ""});
        QVERIFY(report.loaded.empty() && report.failures.empty());
    }

    void foldersComeInTheOrderOfDeliberation()
    {
        qputenv("FOVEA_PLUGIN_PATH", "/a:/b::");
        qputenv("XDG_DATA_HOME", "/data");
        const auto folders = app::pluginFolders({"/extra"});
        const fs::path program = fs::path(QCoreApplication::applicationDirPath().toStdString());
        QCOMPARE(folders,
            (std::vector<fs::path>{"/extra", "/a", "/b", program / "plugins",
                program.parent_path() / "lib/fovea/plugins", "/data/fovea/plugins"}));
        qputenv("XDG_DATA_HOME", "relative");
        qputenv("HOME", "/home/me");
        QCOMPARE(app::pluginFolders().back(), fs::path("/home/me/.local/share/fovea/plugins"));
    }
};

QTEST_GUILESS_MAIN(TestPluginHost)
#include "tst_plugin_host.moc"
