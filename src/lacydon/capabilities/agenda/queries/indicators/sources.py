"""Which datasets the indicators read."""

from lacydon.kernel.errors import Refused

from ..chart import chart
from ..nouns import Indicator
from .asking import question_of


def datasets_read() -> frozenset[str]:
    """Those that an indicator of now is computed from."""
    found: set[str] = set()
    for each in chart().all(Indicator):
        if each.source is None or not each.source.dataset:
            continue
        found.add(each.source.dataset)
        try:
            found |= {named.dataset for named in question_of(each.source.query).named}
        except Refused:
            continue
    return frozenset(found)
