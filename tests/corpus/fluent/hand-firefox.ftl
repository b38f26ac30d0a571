# This is a licence notice, and no text.

certificate-error = An error <strong>occurred</strong> with <a data-l10n-name="more-info">this page</a>.
page-link = Go to <a href="{ $url }" data-l10n-name="link">{ $name }</a> first.
containers-remove = Remove { $count ->
        [one] this container tab
       *[other] these { $count } container tabs
    } now?
date = Last seen on { DATETIME($date, month: "long", year: "numeric", day: "numeric") }
