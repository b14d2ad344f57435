// The panels that offer something to open.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/file_panels.h"

#include "widgets/views/core_text.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QImageReader>
#include <QListWidget>
#include <QPainter>
#include <QSet>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace fovea {

namespace {

constexpr int fileRole = Qt::UserRole, architectureRole = Qt::UserRole + 1, presetRole = Qt::UserRole + 2;
constexpr int thumbnailSide = 52;

QVBoxLayout* plainLayout(QWidget* panel)
{
    auto* layout = new QVBoxLayout(panel);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    return layout;
}

QTreeWidgetItem* addSection(QTreeWidget* tree, const QString& title)
{
    auto* section = new QTreeWidgetItem(tree, {title});
    section->setFlags(Qt::ItemIsEnabled);
    section->setExpanded(true);
    return section;
}

void addFile(QTreeWidgetItem* section, const QString& path)
{
    const QFileInfo file(path);
    auto* item = new QTreeWidgetItem(section, {file.fileName()});
    item->setData(0, fileRole, path);
    item->setToolTip(0, path);
    item->setDisabled(!file.exists());
}

bool isSameFile(const QString& listed, const std::string& open)
{
    return !listed.isEmpty() && QFileInfo(listed) == QFileInfo(QString::fromStdString(open));
}

/// An architecture with its presets; without any, the defaults of its schema are what it opens.
QTreeWidgetItem* addFamily(QTreeWidgetItem* section, const Architecture& architecture)
{
    const Identity identity = architecture.identity();
    const QString id = QString::fromStdString(identity.id);
    auto* family = new QTreeWidgetItem(section, {coreText(identity.name)});
    family->setToolTip(0, coreText(identity.sentence));
    const auto presets = architecture.presets();
    if (presets.empty())
        family->setData(0, architectureRole, id);
    else
        family->setFlags(Qt::ItemIsEnabled);
    for (const Preset& preset : presets) {
        auto* item = new QTreeWidgetItem(family, {QString::fromStdString(preset.name)});
        item->setData(0, architectureRole, id);
        item->setData(0, presetRole, QString::fromStdString(preset.name));
        item->setToolTip(0, item->text(0));
    }
    return family;
}

/// The chosen picture has a frame; Qt would tint it.
class FramedPicture final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem plain = option;
        plain.state &= ~QStyle::State_Selected;
        QStyledItemDelegate::paint(painter, plain, index);
        if (!(option.state & QStyle::State_Selected))
            return;
        painter->save();
        painter->setPen(
            QPen(option.palette.color(QPalette::Highlight), 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
        painter->restore();
    }
};

/// Pictures small enough for a list, in the order of the paths.
std::vector<QImage> thumbnailsOf(const QStringList& paths, const StopToken& stop)
{
    std::vector<QImage> images;
    for (const QString& path : paths) {
        stop.check();
        QImageReader reader(path);
        reader.setAutoTransform(true);
        reader.setScaledSize(
            reader.size().scaled(thumbnailSide, thumbnailSide, Qt::KeepAspectRatioByExpanding));
        images.push_back(reader.read());
    }
    return images;
}

}

LibraryPanel::LibraryPanel(Session& session, QStringList models, QWidget* parent)
    : QWidget(parent)
    , tree_(new QTreeWidget)
    , session_(session)
    , models_(std::move(models))
{
    setObjectName(QStringLiteral("library"));
    tree_->setHeaderHidden(true);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setIndentation(12);
    tree_->setTextElideMode(Qt::ElideMiddle); // names differ at their ends
    tree_->setAccessibleName(tr("Models"));
    tree_->setToolTip(tr("Double-click or Enter opens a model. Any file can be dropped on the window."));
    plainLayout(this)->addWidget(tree_);
    connect(tree_, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        if (const QString file = item->data(0, fileRole).toString(); !file.isEmpty())
            session_.open({file});
        else if (const QString id = item->data(0, architectureRole).toString(); !id.isEmpty())
            session_.openPreset(id.toStdString(), item->data(0, presetRole).toString().toStdString(), 0);
    });
    connect(&session_, &Session::modelChanged, this, &LibraryPanel::showOpen);
    fill();
}

void LibraryPanel::setRecent(const QStringList& files)
{
    recent_ = files;
    fill();
}

void LibraryPanel::fill()
{
    QSet<QString> unfolded;
    for (QTreeWidgetItemIterator item(tree_); *item; ++item)
        if ((*item)->isExpanded())
            unfolded.insert((*item)->text(0));
    tree_->clear();
    if (!models_.isEmpty()) {
        auto* section = addSection(tree_, tr("Bundled models"));
        for (const QString& model : models_)
            addFile(section, model);
    }
    if (!recent_.isEmpty()) {
        auto* section = addSection(tree_, tr("Recent files"));
        for (const QString& file : recent_)
            addFile(section, file);
    }
    auto* fresh = addSection(tree_, tr("Fresh random weights"));
    for (const Architecture* architecture : session_.registry().architectures()) {
        auto* family = addFamily(fresh, *architecture);
        family->setExpanded(unfolded.contains(family->text(0)));
    }
    showOpen();
}

/// The model that is open is the chosen one.
void LibraryPanel::showOpen()
{
    tree_->setCurrentItem(nullptr);
    for (QTreeWidgetItemIterator item(tree_); *item; ++item)
        if (isSameFile((*item)->data(0, fileRole).toString(), session_.slot().modelPath)) {
            tree_->setCurrentItem(*item);
            return tree_->scrollToItem(*item);
        }
}

GalleryPanel::GalleryPanel(Session& session, const QStringList& pictures, QWidget* parent)
    : QWidget(parent)
    , session_(session)
    , list_(new QListWidget)
    , thumbnails_(new Job(this))
{
    setObjectName(QStringLiteral("gallery"));
    list_->setViewMode(QListView::IconMode);
    list_->setResizeMode(QListView::Adjust);
    list_->setMovement(QListView::Static);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setIconSize({thumbnailSide, thumbnailSide});
    list_->setSpacing(4);
    list_->setItemDelegate(new FramedPicture(list_));
    list_->setAccessibleName(tr("Sample pictures"));
    plainLayout(this)->addWidget(list_);
    for (const QString& path : pictures) {
        auto* item = new QListWidgetItem(list_);
        item->setData(fileRole, path);
        item->setToolTip(path);
        item->setData(Qt::AccessibleTextRole, QFileInfo(path).completeBaseName());
        item->setSizeHint({thumbnailSide + 4, thumbnailSide + 4});
    }
    const auto open = [&session](QListWidgetItem* item) { session.open({item->data(fileRole).toString()}); };
    connect(list_, &QListWidget::itemClicked, this, open);
    connect(list_, &QListWidget::itemActivated, this, open);
    thumbnails_->start(
        tr("Reading thumbnails"),
        [pictures](const Job::Context& context) { return thumbnailsOf(pictures, context.stop); },
        [this](const std::vector<QImage>& images) {
            for (int i = 0; i < static_cast<int>(images.size()); ++i)
                list_->item(i)->setIcon(QIcon(QPixmap::fromImage(images[static_cast<std::size_t>(i)])));
        });
    connect(&session_, &Session::inputChanged, this, &GalleryPanel::showOpen);
}

/// The picture that is open is the chosen one.
void GalleryPanel::showOpen()
{
    list_->setCurrentItem(nullptr);
    const InputPtr& input = session_.slot().input;
    for (int i = 0; input && i < list_->count(); ++i)
        if (isSameFile(list_->item(i)->data(fileRole).toString(), input->path)) {
            list_->setCurrentRow(i);
            return list_->scrollToItem(list_->item(i));
        }
}

}
