// What decided the fate of a patch, and what the other fate would have done: for each patch of the chosen
// group the change of the logit if it were dropped where it was kept, or kept where it was dropped.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/fates_view.h"
#include "widgets/views/token_map.h"

class QTimer;

namespace fovea {

/// The class is that of the relevance views. Computed in the background, a while after the run or the group
/// changed.
class TokenFateView final : public FatesView {
    Q_OBJECT

public:
    TokenFateView(Session& session, QWidget* parent);

    double heightFor(double width, const Style& style) const override;
    std::vector<Record> data() const override;
    QString caption() const override;
    QStringList badges() const override;
    void compute() override { measure(); }
    bool isReady() const override { return FatesView::isReady() && !isDue_; }
    /// The change of the logit for each token, of the chosen group; nullptr: not there yet.
    const std::shared_ptr<const Record>& otherFates() const { return map_; }

protected:
    void draw(QPainter& painter, const QRectF& body, const Style& style) const override;
    void renew() override;
    void reselect() override;
    int groupOfPanel(int) const override { return chosenGroup(); }
    PanelGrid panels(const QRectF& body, const Style& style) const override;
    QString cellText(QPoint cell) const override;

private:
    struct Asked {
        TracePtr trace;
        int group = 0, label = 0;
        bool operator==(const Asked&) const = default;
    };

    int label() const; ///< of the class
    QString labelName() const;
    void ask();
    void measure();
    /// Lines about the patch that is pointed at.
    QStringList story() const;
    /// The class token's attention to a token, mean over heads, in the last block before a group; nothing:
    /// none.
    std::optional<double> attentionBefore(int group, int token) const;
    TokenMap map() const;
    double storyHeight(const Style& style) const;
    QRectF mapRoom(const QRectF& body, const Style& style) const;

    Asked asked_;
    std::shared_ptr<const Record> map_;
    bool isDue_ = false;
    QTimer* timer_;
};

}
