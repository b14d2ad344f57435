// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/lab_scan_snap/names.h"

#include <optional>

namespace fovea::plugin::scan_snap {

namespace {

using Words = std::vector<std::string>;

void addNumbered(Words& words, const std::string& stem, Index count)
{
    for (Index i = 0; i < count; ++i)
        words.push_back(stem + std::to_string(i));
}

LayoutPtr numbered(const std::string& stem, Index count)
{
    Words words;
    addNumbered(words, stem, count);
    return TokenLayout::text(std::move(words));
}

/// In the order of token ids.
LayoutPtr tokensOf(const Language& language, const Layout& layout)
{
    Words words;
    addNumbered(words, "common ", language.common);
    for (Index query = 0; query < layout.queries; ++query)
        addNumbered(words, "common of query " + std::to_string(query) + ".", language.commonPerQuery);
    for (Index n = 0; n < layout.count(); ++n)
        addNumbered(words, "distinct " + std::to_string(n) + ".", language.distinct);
    addNumbered(words, "query ", layout.queries);
    addNumbered(words, "next ", layout.count());
    addNumbered(words, "unseen ", layout.vocabulary - static_cast<Index>(words.size()));
    return TokenLayout::text(std::move(words));
}

}

Names namesOf(const Language& language)
{
    struct Known {
        Language language;
        Names names;
    };
    thread_local std::optional<Known> last; // a run asks once a step
    if (!last || !(last->language == language)) {
        const Layout layout(language);
        last = Known{language,
            {tokensOf(language, layout), numbered("query ", layout.queries),
                numbered("class ", layout.count())}};
    }
    return last->names;
}

}
