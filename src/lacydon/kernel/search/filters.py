"""Which documents the filters let through: a yes or no for each document and each value."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .documents import Document

Tags = Mapping[str, str | Collection[str]]
Mask = NDArray[np.bool_]


class Filters:
    """Built once from the documents of an index, in its order."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._none = np.zeros(len(documents), dtype=bool)
        self.kinds = self._masks([document.kind] for document in documents)
        names = {name for document in documents for name in document.tags}
        self._tags = {name: self._masks(document.tags.get(name, ()) for document in documents) for name in names}
        self._everywhere = np.array([document.citycodes is None for document in documents], dtype=bool)
        self._somewhere = self._masks(document.citycodes or () for document in documents)

    def _masks(self, values: Iterable[Iterable[str]]) -> dict[str, Mask]:
        masks: dict[str, Mask] = {}
        for number, row in enumerate(values):
            for value in row:
                masks.setdefault(value, self._none.copy())[number] = True
        return masks

    def mask(self, *, kind: str | None, tags: Tags, citycode: str | None) -> Mask:
        """The documents of this kind, with any of the values given for each tag named, that exist in this commune."""
        mask = ~self._none
        if kind is not None:
            mask &= self.kinds.get(kind, self._none)
        for name, wanted in tags.items():
            having = self._none.copy()
            for value in {wanted} if isinstance(wanted, str) else wanted:
                having |= self._tags.get(name, {}).get(value, self._none)
            mask &= having
        if citycode is not None:
            mask &= self._everywhere | self._somewhere.get(citycode, self._none)
        return mask
