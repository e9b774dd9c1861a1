"""A form written again: as data in one way only, with its digest, and as the text a civil servant edits."""

import hashlib
import json
from typing import Any

import yaml

from lacydon.kernel.french import NARROW_NBSP, NBSP, typeset

from .definition import Form


def canonical(form: Form) -> str:
    """The form as JSON in one way only: keys sorted, nothing that is a default."""
    return json.dumps(form.source, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(form: Form) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal: two forms that say the same have the same."""
    return hashlib.sha256(canonical(form).encode()).hexdigest()


def as_text(form: Form) -> str:
    """The form as YAML, in the order of its parts; no-break spaces, which reading puts again, are plain spaces."""
    return yaml.dump(_plain(dict(form.source)), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _plain(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _number(each) if key in ("min", "max") else _plain(each) for key, each in part.items()}
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if isinstance(part, str):
        plain = part.replace(NBSP, " ").replace(NARROW_NBSP, " ")
        return plain if typeset(plain) == part else part
    return part


def _number(part: Any) -> Any:
    """A bound is kept as text, exactly; people write it as a number."""
    if not isinstance(part, str):
        return _plain(part)
    found = float(part) if "." in part else int(part)
    return found if str(found) == part else part


class _Dumper(yaml.SafeDumper):
    """Small mappings (a text in two languages, an option) on one line, as people write them."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = len(mapping) <= 2 and all(isinstance(value, yaml.ScalarNode) for _key, value in node.value)
        return node

    def ignore_aliases(self, _data: Any) -> bool:
        return True
