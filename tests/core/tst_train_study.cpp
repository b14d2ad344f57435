// The questions that a relevance study asks of a data set's test pictures.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/study_pictures.h"

#include "tests/support/striped_data.h"
#include "tests/support/test.h"
#include "tests/support/toys/toys.h"

using namespace fovea;
using namespace fovea::train;

namespace {

/// Stripes with two objects a picture: the first row of class 0, the last of class 2; every third has none.
class WithObjects final : public DataSet {
public:
    const DataInfo& info() const override { return stripes_.info(); }
    Index count(Split split) const override { return stripes_.count(split); }
    Sample sample(Split split, Index index) const override
    {
        Sample sample = stripes_.sample(split, index);
        if (index % 3 != 2)
            sample.objects = {{0, row(0)}, {2, row(15)}};
        return sample;
    }
    static Tensor row(Index y)
    {
        Tensor mask = Tensor::zeros({16, 16}, DType::U8);
        std::fill_n(mask.writable<std::uint8_t>().data() + 16 * y, 16, std::uint8_t{255});
        return mask;
    }

private:
    test::StripedData stripes_{1, 16, 3, 1, 10};
};

const Architecture& toy() { return toys::toys().requireArchitecture("toy_windows"); }

}

class TestTrainStudy : public QObject {
    Q_OBJECT

private slots:
    void eachObjectIsAskedFor()
    {
        const WeightsPtr weights = toys::toyWeights(toy());
        const auto pictures = studyPictures(WithObjects(), toy(), *weights, 0, 3);
        QCOMPARE(pictures.size(), std::size_t{5}); // two, two, and one about its label
        QVERIFY(pictures[0].classIndex == 0 && pictures[1].classIndex == 2);
        const Index samples[] = {0, 0, 1, 1, 2};
        QVERIFY(std::ranges::equal(pictures, samples, {}, &analysis::StudyPicture::sample));
        QVERIFY(pictures[0].input.same(pictures[1].input) && !pictures[1].input.same(pictures[2].input));
        QVERIFY(pictures[0].mask.identical(WithObjects::row(0)));
        QVERIFY(pictures[0].others.identical(WithObjects::row(15)));
        QVERIFY(pictures[1].mask.identical(WithObjects::row(15)));
        QVERIFY(pictures[1].others.identical(WithObjects::row(0)));
        QVERIFY(pictures[4].classIndex == 2 && !pictures[4].mask.defined() && !pictures[4].others.defined());
        QCOMPARE(inputsOf(pictures).size(), std::size_t{3});
    }

    void picturesAreThoseOfTheTestSplit()
    {
        const WeightsPtr weights = toys::toyWeights(toy());
        const test::StripedData data(1, 16, 3, 10, 6);
        const auto pictures = studyPictures(data, toy(), *weights, 4, 10); // no more than there are
        QCOMPARE(pictures.size(), std::size_t{2});
        QCOMPARE(pictures.front().sample, Index{4});
        const Preprocess& how = weights->parts().preprocess;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            const Sample sample = data.sample(Split::Test, 4 + static_cast<Index>(i));
            QCOMPARE(pictures[i].classIndex, static_cast<int>(sample.label));
            QCOMPARE(pictures[i].input.shape(), (Shape{1, 1, 16, 16}));
            const double expected
                = (sample.value.values<std::uint8_t>()[37] / 255.0 - static_cast<double>(how.mean[0]))
                / static_cast<double>(how.std[0]);
            QVERIFY(std::abs(static_cast<double>(pictures[i].input.data()[37]) - expected) < 1e-5);
        }
    }

    void aModelIsStudiedOnWhatItLearnt()
    {
        Weights::Parts parts = toys::toyWeights(toy())->parts();
        QCOMPARE(usualData(Weights(parts)), std::string("shapes")); // it says nothing, and has no size
        parts.training = R"({"data":"digits:test=0.2","seed":1})";
        QCOMPARE(usualData(Weights(parts)), std::string("digits:test=0.2"));
        for (const char* damaged : {"{", "[1]", R"({"data":3})"}) {
            parts.training = damaged;
            QCOMPARE(usualData(Weights(parts)), std::string("shapes"));
        }
    }

    void shapesAreAsLargeAsTheModelsPictures()
    {
        Weights::Parts parts = toys::toyWeights(toy())->parts();
        QCOMPARE(dataFor(Weights(parts), "shapes"), std::string("shapes")); // no size is known
        parts.config = Config(Schema{{"image_size", std::int64_t{48}, "pixels", 1, 1000}});
        const Weights weights(parts);
        QCOMPARE(dataFor(weights, ""), std::string("shapes:size=48"));
        QCOMPARE(dataFor(weights, "shapes"), std::string("shapes:size=48"));
        QCOMPARE(dataFor(weights, "shapes:test=100"), std::string("shapes:test=100,size=48"));
        QCOMPARE(dataFor(weights, "shapes:size=32"), std::string("shapes:size=32")); // and is refused later
        QCOMPARE(dataFor(weights, "digits"), std::string("digits"));
        parts.config = Config(Schema{{"image_size", std::int64_t{64}, "pixels", 1, 1000}});
        QCOMPARE(dataFor(Weights(parts), "shapes"), std::string("shapes")); // its own default
    }

    void whatDoesNotFitIsRefused()
    {
        const WeightsPtr weights = toys::toyWeights(toy()); // three classes, 16 x 16 grey pixels
        FOVEA_THROWS(studyPictures(test::StripedData(1, 8, 3, 1, 2), toy(), *weights, 0, 2), Error, "stripes",
            "expected pictures", "8");
        FOVEA_THROWS(studyPictures(test::StripedData(1, 16, 4, 1, 4), toy(), *weights, 0, 4), Error,
            "below the model's 3 classes, found 3");
        FOVEA_THROWS(studyPictures(test::StripedData(1, 16, 3, 1, 2), toy(), *weights, 2, 4), Error,
            "from 2 on, found 2");
        ExecuteOptions stopped;
        stopped.stop.stop();
        QVERIFY_EXCEPTION_THROWN(
            studyPictures(test::StripedData(1, 16, 3, 1, 2), toy(), *weights, 0, 2, stopped), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestTrainStudy)
#include "tst_train_study.moc"
