// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/nearest.h"

#include "tests/support/test.h"

using fovea::nearest;

class TestNearest : public QObject {
    Q_OBJECT
private slots:
    void aMistypedNameIsFound()
    {
        QCOMPARE(nearest("hed", {"tail", "head", "hand"}), std::string("; nearest: 'head', 'hand'"));
        QCOMPARE(nearest("head", {"tail", "head"}), std::string("; nearest: 'head'"));
    }

    void whatIsLeftOutCostsLessThanWhatIsWrong()
    {
        // ".out" left out: 4; "cls" for "out": 6
        QCOMPARE(nearest("embed.cls", {"embed.out", "embed.out.cls"}),
            std::string("; nearest: 'embed.out.cls', 'embed.out'"));
    }

    void equalsStandInTheOrderGivenAndAreThreeAtMost()
    {
        QCOMPARE(nearest("layer", {"layer1", "layer2", "layer3", "layer4"}),
            std::string("; nearest: 'layer1', 'layer2', 'layer3'"));
    }

    void whatIsNotAlikeIsNotNamed()
    {
        QCOMPARE(nearest("x", {"blocks.0.out", "logits"}), std::string());
        QCOMPARE(nearest("abc", {}), std::string());
        QCOMPARE(nearest("", {"a"}), std::string());
    }
};

QTEST_APPLESS_MAIN(TestNearest)
#include "tst_nearest.moc"
