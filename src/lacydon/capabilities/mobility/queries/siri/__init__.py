"""SIRI 2.0 and 2.1 as it is read here: the same answers in SOAP, in XML and in JSON (SIRI Lite)."""

from .answers import siri_said
from .tree import Node, from_json, from_xml

__all__ = ["Node", "from_json", "from_xml", "siri_said"]
