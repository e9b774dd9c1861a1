"""What is refused here, each with a code and a sentence."""

from lacydon.kernel.errors import BadInput, Conflict, Forbidden, NotFound


class UnreadableTable(BadInput):
    """The file is not a table that can be read; the sentence says why and what to do."""

    code = "unreadable-table"


class UnreadableSchema(BadInput):
    """The schema has no field that can be read."""

    code = "unreadable-schema"


class UnknownSchema(NotFound):
    """No schema at hand has this name."""

    code = "unknown-schema"


class UnknownCheck(NotFound):
    """A report that is not kept any more, or never was."""

    code = "unknown-check"


class UnknownDataset(NotFound):
    """No dataset of this name that this visitor may know of."""

    code = "unknown-dataset"


class UnknownVersion(NotFound):
    """This dataset has no version of this number, or its file was removed by retention."""

    code = "unknown-version"


class UnknownView(NotFound):
    """No way of looking was kept under this address."""

    code = "unknown-view"


class NoAccess(Forbidden):
    """The dataset is known, its rows are not open to this visitor."""

    code = "no-access-to-rows"


class UnknownColumn(BadInput):
    """What is asked names a column that this dataset does not have."""

    code = "unknown-column"


class WrongQuestion(BadInput):
    """What is asked cannot be understood; the sentence says where, and what was expected."""

    code = "wrong-question"


class TooMuch(BadInput):
    """Understood, but more than one question may take of time, memory or rows; the sentence says the limit."""

    code = "too-much"


class NotPublishable(BadInput):
    """A file that may not become a version as it is; the sentence says what to do first."""

    code = "not-publishable"


class HarvestUnderWay(Conflict):
    """The source is being visited, or what was seen of it has changed meanwhile."""

    code = "harvest-under-way"
