// The signals of a source as a tree: each part of a dotted path is a level. It shows what is recorded.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"
#include "core/trace/trace.h"

#include <QAbstractItemModel>

#include <functional>
#include <memory>
#include <vector>

namespace fovea {

class TraceModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, ShapeColumn, ColumnCount };
    static constexpr int pathRole = Qt::UserRole; ///< of a leaf; empty for a branch

    /// The record of a path; nullptr: not (yet) recorded.
    using RecordOf = std::function<RecordPtr(const std::string& path)>;

    explicit TraceModel(QObject* parent = nullptr);
    ~TraceModel() override;

    /// Signals as a tree, with the shapes of those that `recordOf` has. The same signals again keep the tree,
    /// and so what a person unfolded.
    void show(const std::vector<SignalInfo>& infos, const RecordOf& recordOf);
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
    void add(const SignalInfo& info);
    void showShapes(Node& node, const RecordOf& recordOf);

    std::vector<SignalInfo> infos_;
    std::unique_ptr<Node> root_;
};

}
