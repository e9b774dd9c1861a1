"""Derived datasets are made again when one they are made of changes."""

from lacydon.kernel.jobs import job

from ..actions.recipes import make_again


@job()
def remake(*, dataset: str) -> None:
    make_again(dataset=dataset)
