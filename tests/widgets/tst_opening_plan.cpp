// What opening asks of the program's reader: which answers count, and where it stops.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/opening.h"

#include "tests/support/test.h"

using namespace fovea;

class TestOpeningPlan : public QObject {
    Q_OBJECT

private slots:
    void whatAPersonSaysNowCountsMoreThanWhatASessionKept()
    {
        const std::string model = FOVEA_RESOURCES "/models/vit_micro_fashion.h5";
        SessionFile session;
        session.model = {model, {}, {{"heads", "3"}, {"pool", "cls"}}};
        Services services;
        Answers asked;
        services.open = [&](const std::string& path, const Answers& answers, const Job::Context&) {
            asked = answers;
            Document document;
            document.path = path;
            return document;
        };
        OpenPlan plan;
        plan.session = session;
        plan.answers[model] = {{"heads", "4"}, {"activation", "relu"}};
        const Opening opening = openAll(services, plan, {});
        const Answers expected{{"heads", "4"}, {"pool", "cls"}, {"activation", "relu"}};
        QVERIFY(asked == expected);
        QVERIFY(opening.documents.at(0).answers == expected);
    }

    void theFirstQuestionIsAskedFirst()
    {
        Services services;
        services.open = [](const std::string& path, const Answers&, const Job::Context&) -> Document {
            throw io::OpenQuestions(path, "not told", {});
        };
        OpenPlan plan;
        plan.paths = {"first.h5", "second.h5"};
        const Opening opening = openAll(services, plan, {});
        QVERIFY(opening.request);
        QCOMPARE(opening.request->path, std::string("first.h5"));
    }
};

QTEST_GUILESS_MAIN(TestOpeningPlan)
#include "tst_opening_plan.moc"
