"""What the front of the house offers to the whole of it."""

from collections.abc import Iterable

from lacydon.kernel import plugs
from lacydon.kernel.cards import Indicator

from .pages.weight import of_pages


@plugs.indicators.plug("home")
def indicators() -> Iterable[Indicator]:
    return of_pages()
