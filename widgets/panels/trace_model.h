// The signals of a source as a tree: each part of a dotted path is a level. It shows what is recorded.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"
#include "core/trace/trace.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace fovea {

class TraceModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, ShapeColumn, ColumnCount };
    static constexpr int pathRole = Qt::UserRole; ///< of a leaf; empty for a branch

    explicit TraceModel(QObject* parent = nullptr);
    ~TraceModel() override;

    /// `infos` are what the source declares (without them, what the trace holds); shapes are known of what
    /// was recorded.
    void show(const std::vector<SignalInfo>& infos, const TracePtr& trace, std::size_t step);
    QModelIndex indexOf(const std::string& path) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node {
        QString name;
        Node* parent = nullptr;
        int row = 0;
        std::vector<std::unique_ptr<Node>> children;
        SignalInfo info; ///< of a leaf
        QString shape;
        bool isLeaf() const { return !info.path.empty(); }
        Node& child(const QString& part);
    };
    const Node* nodeOf(const QModelIndex& index) const;
    void add(const SignalInfo& info, const RecordPtr& record);

    std::unique_ptr<Node> root_;
};

}
