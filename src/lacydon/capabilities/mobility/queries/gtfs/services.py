"""calendar.txt and calendar_dates.txt: the days on which each service runs."""

from datetime import date

from .gathered import Reading

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 1_464
"""Days, four years: what a calendar says of later is a mistake, or will be published again before."""


def day(written: str) -> int | None:
    """The ordinal of a date written YYYYMMDD, or none."""
    if len(written) != 8 or not written.isascii() or not written.isdigit():
        return None
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:])).toordinal()
    except ValueError:
        return None


def read_services(reading: Reading) -> None:
    to, services, remarks = reading.to, reading.services, reading.remarks
    first = len(to.runs)

    def service(id_: str) -> set[int]:
        if id_ not in services:
            services[id_] = len(to.services)
            to.services.append(reading.mark + id_)
            to.runs.append(set())
        return to.runs[services[id_]]

    table = reading.archive.table("calendar.txt")
    for line, (id_, start, end, *days) in table.rows(("service_id", "start_date", "end_date", *WEEK)) if table else ():
        assert table is not None
        begins, ends = day(start), day(end)
        if not id_ or id_ in services:
            remarks.add("duplicate-id" if id_ else "missing-id", table.name, line=line, example=id_)
        elif begins is None or ends is None:
            service(id_)
            remarks.add("date", table.name, line=line, example=start if begins is None else end)
        else:
            if ends < begins:
                remarks.add("dates-backwards", table.name, line=line, example=f"{start} {end}")
                begins, ends = ends, begins
            if ends - begins > LONGEST:
                remarks.add("calendar-long", table.name, line=line, example=end)
                ends = begins + LONGEST
            runs = service(id_)
            for weekday, mark in enumerate(days):
                if mark == "1":
                    runs.update(range(begins + (weekday - (begins - 1)) % 7, ends + 1, 7))
    table = reading.archive.table("calendar_dates.txt")
    for line, (id_, when, kind) in table.rows(("service_id", "date", "exception_type")) if table else ():
        assert table is not None
        on = day(when)
        if on is None:
            remarks.add("date", table.name, line=line, example=when)
        elif kind == "1":
            service(id_).add(on)
        elif kind == "2":
            service(id_).discard(on)
        else:
            remarks.add("exception-type", table.name, line=line, example=kind)
    _bounded(reading, first)


def _bounded(reading: Reading, first: int) -> None:
    """No more than four years from the first day of the feed."""
    to = reading.to
    begins = min((min(runs) for runs in to.runs[first:] if runs), default=0)
    far = 0
    for n in range(first, len(to.runs)):
        late = {each for each in to.runs[n] if each > begins + LONGEST}
        to.runs[n] -= late
        far += len(late)
        if not to.runs[n]:
            reading.remarks.add("service-never", "calendar.txt", example=to.services[n][len(reading.mark) :])
    if far:
        reading.remarks.add("calendar-long", "calendar_dates.txt", count=far)
