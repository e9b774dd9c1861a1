"""What happened to the data, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionPublished:
    """A dataset has new rows; the version, its file and its entry in the journal are committed."""

    dataset: str
    number: int
    content: str
    """SHA-256 of its file."""


@dataclass(frozen=True, slots=True)
class DatasetChanged:
    """What is said of a dataset changed: its description, who may read it, whether it is shown."""

    dataset: str


@dataclass(frozen=True, slots=True)
class ReadingAsked:
    """A file arrived that is too large to be read while its sender waits; `prepare`: its rows are wanted too."""

    arrival: str
    prepare: bool = False
