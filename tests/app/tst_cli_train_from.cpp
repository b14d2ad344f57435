// `fovea train` with what was trained before: as a beginning, and as a teacher.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_training.h"

#include <cmath>

using namespace fovea;
using namespace fovea::cli;

class TestCliTrainFrom : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void trainedWeightsAreABeginning()
    {
        QCOMPARE(call(tiny(path("first.h5"), {"--steps", "6"})).code, 0);
        const Outcome next = call({"train", "vit", "--data", "shapes:size=16,train=96,test=40", "--init",
            path("first.h5"), "--steps", "1", "--lr", "0", "--batch", "8", "-o", path("next.h5"), "--json"});
        QVERIFY2(next.code == 0, qPrintable(next.err));
        const Json one = call({"run", path("first.h5"), anySample(), "--json"}).json();
        const Json two = call({"run", path("next.h5"), anySample(), "--json"}).json();
        QVERIFY(one["logits"].size() == 8);
        QVERIFY(two["logits"] == one["logits"]); // a rate of 0 changes nothing
    }

    void aTeachersAnswersAreLearnt()
    {
        QCOMPARE(call(tiny(path("teacher.h5"), {"--steps", "6"})).code, 0);
        // its own parameters, nothing but its answers asked, a great rate: there is nothing to learn
        const QStringList line{"train", "vit", "--data", "shapes:size=16,train=96,test=40", "--batch", "8",
            "--steps", "2", "--optimizer", "sgd", "--lr", "10", "--momentum", "0", "--warmup", "0"};
        const QStringList asked{"--teacher", path("teacher.h5"), "--teacher-share", "1"};
        const QStringList same = line + asked + QStringList{"--init", path("teacher.h5")};
        QVERIFY2(call(same + QStringList{"-o", path("pupil.h5")}).code == 0, "pupil");
        QVERIFY2(call(line + QStringList{"--init", path("teacher.h5"), "-o", path("other.h5")}).code == 0,
            "other");
        const auto logits = [&](const char* file) {
            const Json all = call({"run", path(file), anySample(), "--json"}).json()["logits"];
            return all.get<std::vector<double>>();
        };
        const std::vector<double> was = logits("teacher.h5"), is = logits("pupil.h5"),
                                  other = logits("other.h5");
        double least = 0, most = 0;
        for (std::size_t i = 0; i < was.size(); ++i) {
            least = std::max(least, std::abs(was[i] - is[i]));
            most = std::max(most, std::abs(was[i] - other[i]));
        }
        QCOMPARE_LT(least, 1e-3);
        QCOMPARE_GT(most, 1e-2); // labels would have moved it

        const QString checkpoint = path("stopped.checkpoint.h5");
        const QStringList stopped
            = tiny(path("stopped.h5"), asked + QStringList{"--steps", "100000", "--checkpoint-every", "2"});
        codeAfterSignal(stopped, checkpoint, SIGINT);
        const Outcome outcome = call(stopped + QStringList{"--temperature", "2"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("field 'teacher'"), qPrintable(outcome.err));
        QVERIFY(QFile::remove(checkpoint));
    }
};

QTEST_GUILESS_MAIN(TestCliTrainFrom)
#include "tst_cli_train_from.moc"
