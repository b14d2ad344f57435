// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/trace_model.h"

#include "widgets/views/core_text.h"

#include <algorithm>

namespace fovea {

TraceModel::TraceModel(QObject* parent)
    : QAbstractItemModel(parent)
    , root_(std::make_unique<Node>())
{
}

TraceModel::~TraceModel() = default;

TraceModel::Node& TraceModel::Node::child(const QString& part)
{
    const auto found = std::ranges::find_if(
        children, [&](const auto& node) { return node->name == part && !node->isLeaf(); });
    if (found != children.end())
        return **found;
    auto node = std::make_unique<Node>();
    node->name = part;
    node->parent = this;
    node->row = static_cast<int>(children.size());
    children.push_back(std::move(node));
    return *children.back();
}

void TraceModel::add(const SignalInfo& info)
{
    Node* node = root_.get();
    for (const QString& part : QString::fromStdString(info.path).split(QLatin1Char('.')))
        node = &node->child(part);
    node->info = info;
}

void TraceModel::show(const std::vector<SignalInfo>& infos, const RecordOf& recordOf)
{
    const auto same = [](const SignalInfo& a, const SignalInfo& b) {
        return a.path == b.path && a.kind == b.kind && a.role == b.role;
    };
    if (!std::ranges::equal(infos, infos_, same)) {
        beginResetModel();
        infos_ = infos;
        root_ = std::make_unique<Node>();
        for (const SignalInfo& info : infos)
            add(info);
        endResetModel();
    }
    showShapes(*root_, recordOf);
}

void TraceModel::showShapes(Node& node, const RecordOf& recordOf)
{
    for (const auto& child : node.children)
        showShapes(*child, recordOf);
    const RecordPtr record = node.isLeaf() ? recordOf(node.info.path) : nullptr;
    const QString shape = record ? QString::fromStdString(shapeOf(*record).text()) : QString();
    if (shape == node.shape)
        return;
    node.shape = shape;
    const QModelIndex changed = createIndex(node.row, ShapeColumn, &node);
    emit dataChanged(changed, changed);
}

const TraceModel::Node* TraceModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<const Node*>(index.internalPointer()) : root_.get();
}

QModelIndex TraceModel::indexOf(const std::string& path) const
{
    const Node* node = root_.get();
    for (const QString& part : QString::fromStdString(path).split(QLatin1Char('.'))) {
        const auto found
            = std::ranges::find(node->children, part, [](const auto& child) { return child->name; });
        if (found == node->children.end())
            return {};
        node = found->get();
    }
    return node->isLeaf() ? createIndex(node->row, 0, node) : QModelIndex();
}

QModelIndex TraceModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex TraceModel::parent(const QModelIndex& index) const
{
    const Node* parent = nodeOf(index)->parent;
    return !parent || parent == root_.get() ? QModelIndex() : createIndex(parent->row, 0, parent);
}

int TraceModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int TraceModel::columnCount(const QModelIndex&) const { return ColumnCount; }

QVariant TraceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node* node = nodeOf(index);
    if (role == pathRole)
        return QString::fromStdString(node->info.path);
    if (role == Qt::ToolTipRole && node->isLeaf())
        return tr("%1: %2, %3")
                   .arg(QString::fromStdString(node->info.path), coreText(node->info.role),
                       coreText(std::string(nameOf(node->info.kind))))
            + (node->info.help.empty() ? QString() : QStringLiteral("; ") + coreText(node->info.help));
    if (role != Qt::DisplayRole)
        return {};
    return index.column() == Name ? node->name : node->shape;
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Signal") : tr("Shape");
}

}
