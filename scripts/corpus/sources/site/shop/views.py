"""Texts to be found by xgettext, Babel and Django; nothing runs this."""

from gettext import gettext as _
from gettext import ngettext, pgettext


def basket(count: int, name: str) -> str:
    """Say what is in the basket."""
    # Translators: the first line of the page
    print(_("Your basket, %(name)s") % {"name": name})
    print(ngettext("%d pot of honey", "%d pots of honey", count) % count)
    print(pgettext("verb", "Order"), pgettext("noun", "Order"))
    print(
        _(
            "A long sentence that no tool leaves on one line, since it has more than eighty "
            "letters, and says little.\nIt even has a second line."
        )
    )
    return _('Bees are not included & never "free".\tReally.')
