"""What happened to requests, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestOpened:
    """A request was submitted; its row and its first step are committed."""

    request: str


@dataclass(frozen=True, slots=True)
class RequestMoved:
    """Something was added to the timeline of a request. Steps not told yet are found again by a job: none is lost."""

    request: str
    step: int
    kind: str


@dataclass(frozen=True, slots=True)
class BulkBegun:
    """An act on more requests than a page does at once was asked for; unfinished ones are found again every day."""

    bulk: str
