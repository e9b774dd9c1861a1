"""Jobs for the tests: a worker, which is another process, must be able to import them."""

from pathlib import Path

from lacydon.kernel.jobs import job


@job()
def note(*, path: str, line: str) -> None:
    """Add a line to a file."""
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@job(attempts=3)
def fail(*, path: str) -> None:
    note.func(path=path, line="tried")
    raise ValueError("no luck")


@job()
def hang_the_first_time(*, path: str, pipe: str) -> None:
    """Say that it began, then wait for somebody to write in a pipe; the second time, just say so."""
    first = not Path(path).exists()
    note.func(path=path, line="began")
    if first:
        Path(pipe).read_text()
    note.func(path=path, line="done")


DAYS: list[str] = []


@job()
def every_day() -> None:
    DAYS.append("done")
