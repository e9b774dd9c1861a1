"""Reads the folder's forms: forms/<id>.yaml, one form a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lacydon.kernel.folder import Folder
from lacydon.kernel.forms import Form, read_in

from ..actions.forms import load_forms
from ..queries.form_references import Existing, tell_missing


@dataclass
class FormsRead:
    """What the folder says of forms: each with its text."""

    forms: list[tuple[Form, str]] = field(default_factory=list)


class FormsReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> FormsRead:
        territory, catalogue = earlier["territory"], earlier["services"]
        known = Existing(
            services=catalogue.services,
            communes=territory.communes,
            facts={id: [value.value for value in fact.values] for id, fact in territory.facts.items()},
        )
        read = FormsRead()
        for name in folder.names("forms/*.yaml"):
            text = folder.text(name)
            document = None if text is None else folder.parsed(name, text)
            form = read_in(folder, document)
            if form is None or document is None or text is None:
                continue
            id = name.removeprefix("forms/").removesuffix(".yaml")
            tell_missing(folder, document, form, id=id, known=known)
            read.forms.append((form, text))
        return read

    def load(self, read: FormsRead) -> dict[str, int]:
        return load_forms(read.forms)
