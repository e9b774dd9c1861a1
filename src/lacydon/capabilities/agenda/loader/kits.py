"""Reads what the folder's kits carry: agenda/kits/<fragment>/, a folder of text under the name that the kit says."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.folder import Folder

from ..actions.kits import load_versions
from ..queries.kits.fragment import read as read_fragment
from ..queries.nouns import Kit

HOME = "agenda/kits"
Found = list[tuple[Kit, dict[str, str]]]


class KitsReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> Found:
        found: Found = []
        for each in earlier["agenda"].values():
            if not isinstance(each, Kit) or each.fragment is None:
                continue
            root = f"{HOME}/{each.fragment}/"
            names = folder.names(f"{root}**/*")
            files = {name.removeprefix(root): text for name in names if (text := folder.text(name)) is not None}
            if not files:
                folder.fault(file=root, found=_("aucun fichier"), expected=_("ce que porte le kit « %s »") % each.id)
            for wrong in read_fragment(files).faults:
                folder.fault(file=root + wrong.file, line=wrong.line, found=wrong.found, expected=wrong.expected)
            found.append((each, files))
        return found

    def load(self, read: Found) -> dict[str, int]:
        return {"kits": load_versions(read)}
