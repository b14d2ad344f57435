// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/opening.h"

#include "core/io/sha256.h"
#include "core/tensor/error.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace fovea {

namespace {

class Opener {
public:
    Opener(const Services& services, const OpenPlan& plan, const Job::Context& context)
        : services_(services)
        , plan_(plan)
        , context_(context)
    {
    }

    /// False when a person is needed first.
    bool open(const QString& path)
    {
        if (const auto session = sessionIn(path))
            return open(*session);
        return addDocument({path.toStdString(), {}, {}}, path.toStdString(), {});
    }

    bool open(const SessionFile& session)
    {
        opening_.session = session;
        if (!addNamed(session.model, session.path, false) || !addNamed(session.input, session.path, true))
            return false;
        for (const FileReference& patch : session.patches) // they are opened when the edits are run
            if (QFileInfo::exists(QString::fromStdString(patch.path)))
                checkHash(patch, patch.path, io::sha256(io::InputFile(patch.path, context_.stop)));
        return true;
    }

    Opening result() && { return std::move(opening_); }

private:
    /// A file that a session names, if it does.
    bool addNamed(const FileReference& file, const QString& from, bool isInput)
    {
        if (file.path.empty())
            return true;
        const auto located = plan_.located.find(file.path);
        const std::string path = located == plan_.located.end() ? file.path : located->second;
        if (!QFileInfo::exists(QString::fromStdString(path)))
            return ask(file.path, std::nullopt, from);
        if (!addDocument(file, path, from))
            return false;
        const Document& document = opening_.documents.back();
        if (isInput && !document.input)
            throw Error(
                path, "expected an input, found " + std::string(document.trace ? "a trace" : "weights"));
        if (!isInput && document.input)
            throw Error(path, "expected weights or a trace, found an input");
        return true;
    }

    bool addDocument(const FileReference& file, const std::string& path, const QString& from)
    {
        Answers answers = file.answers;
        if (const auto said = plan_.answers.find(path); said != plan_.answers.end())
            for (const auto& [field, text] : said->second)
                answers[field] = text;
        try {
            opening_.documents.push_back(services_.open(path, answers, context_));
        } catch (const io::OpenQuestions& questions) {
            return ask(path, questions, from);
        }
        opening_.documents.back().answers = answers;
        checkHash(file, path, opening_.documents.back().hash);
        return true;
    }

    void checkHash(const FileReference& file, const std::string& path, const std::string& found)
    {
        if (!file.hash.empty() && file.hash != found)
            opening_.warnings.append(QCoreApplication::translate("Opening",
                "%1 is not the file that was used then: its contents differ (SHA-256 %2, then %3).")
                                         .arg(QString::fromStdString(path), QString::fromStdString(found),
                                             QString::fromStdString(file.hash)));
    }

    bool ask(const std::string& path, const std::optional<io::OpenQuestions>& questions, const QString& from)
    {
        opening_.request = OpenRequest{plan_, path, questions, from};
        return false;
    }

    const Services& services_;
    const OpenPlan& plan_;
    const Job::Context& context_;
    Opening opening_;
};

}

EditPlan::PatchSource patchesOf(
    const Services& services, const Job::Context& context, std::map<std::string, std::string>* hashes)
{
    return [open = services.open, context, hashes](const std::string& file) {
        const Document document = open(file, {}, context);
        if (hashes)
            (*hashes)[file] = document.hash;
        return document.trace;
    };
}

Opening openAll(const Services& services, const OpenPlan& plan, const Job::Context& context)
{
    Opener opener(services, plan, context);
    if (plan.session && !opener.open(*plan.session))
        return std::move(opener).result();
    for (const QString& path : plan.paths)
        if (!opener.open(path))
            break;
    return std::move(opener).result();
}

}
