"""What Open311 GeoReport v2 says of a request: https://wiki.open311.org/GeoReport_v2, field by field.

`requests` rows are those everybody may see (queries/reports.py): nothing of who made them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.forms import Field, Form
from lacydon.kernel.texts import said

from ..models import Report, RequestState
from .reports import form_of, public_reports
from .words import OUTCOMES, STATES

LATEST = 1000
YEARS = (1970, 2200)
"""Moments that are read: at the ends of the calendar another zone, or ninety days more, is no moment at all."""
LONGEST = timedelta(days=90)
DATATYPES = {
    "text": "string", "longtext": "text", "number": "number", "date": "datetime", "choice": "singlevaluelist",
    "yesno": "singlevaluelist", "choices": "multivaluelist",
}  # fmt: skip


def service(form: Form, attributes: Sequence[Field]) -> dict[str, Any]:
    """An entry of GET Service List."""
    try:
        known = services.service(form.service)
        summary, keywords = said(known.summary), ", ".join(str(each) for each in known.keywords[:20])
        group = said(services.sector(known.sector).title)
    except (services.UnknownService, services.UnknownSector):
        summary, keywords, group = said(form.title), "", ""
    return {
        "service_code": form.id,
        "service_name": said(form.title),
        "description": summary,
        "metadata": bool(attributes),
        "type": "realtime",
        "keywords": keywords,
        "group": group,
    }


def definition(form: Form, attributes: Iterable[Field]) -> dict[str, Any]:
    """GET Service Definition."""
    return {
        "service_code": form.id,
        "attributes": [_attribute(each, order) for order, each in enumerate(attributes, 1)],
    }


def _attribute(field: Field, order: int) -> dict[str, Any]:
    values = [{"key": option.value, "name": said(option.label)} for option in field.options]
    if field.type == "yesno":
        values = [{"key": "yes", "name": _("Oui")}, {"key": "no", "name": _("Non")}]
    made: dict[str, Any] = {
        "variable": True,
        "code": field.id,
        "datatype": DATATYPES[field.type],
        "required": field.required and field.when is None,
        "datatype_description": said(field.help) if field.help else "",
        "order": order,
        "description": said(field.label),
    }
    return made | ({"values": values} if values else {})


def asked_reports(parameters: Mapping[str, str], *, number: str = "") -> list[Report]:
    """GET Service Requests: `service_request_id` overrides all; else by code, dates (90 days at most apart), status.

    The latest 1,000 at most; `page` and `page_size` go further back. Raises BadInput.
    """
    rows = public_reports(since=datetime.min.replace(tzinfo=now().tzinfo))
    wanted = number or parameters.get("service_request_id", "")
    if wanted:
        return list(rows.filter(request__number__in=[each.strip() for each in wanted.split(",")][:LATEST]))
    if codes := parameters.get("service_code", ""):
        rows = rows.filter(category__in=[each.strip() for each in codes.split(",")])
    rows = _between(rows, parameters)
    rows = _with_status(rows, parameters.get("status", ""))
    if agency := parameters.get("agency_responsible", ""):
        rows = rows.filter(request__organisation_id=agency)
    size = min(_number(parameters, "page_size", LATEST), LATEST)
    first = (_number(parameters, "page", 1) - 1) * size
    return list(rows[first : first + size])


def _between(rows: QuerySet[Report], parameters: Mapping[str, str]) -> QuerySet[Report]:
    start, end = _moment(parameters, "start_date"), _moment(parameters, "end_date")
    if start is None and end is None:
        start = now() - LONGEST
    elif end is None and start is not None:
        end = start + LONGEST
    elif start is None and end is not None:
        start = end - LONGEST
    elif start is not None and end is not None and end - start > LONGEST:
        raise BadInput("start_date and end_date: at most 90 days apart", field="start_date")
    if start is not None:
        rows = rows.filter(request__opened_at__gte=start)
    return rows.filter(request__opened_at__lte=end) if end is not None else rows


def _with_status(rows: QuerySet[Report], status: str) -> QuerySet[Report]:
    wanted = {each.strip() for each in status.split(",")} - {""}
    if wanted - {"open", "closed"}:
        raise BadInput("status: open or closed", field="status")
    if wanted == {"open"}:
        return rows.exclude(request__state=RequestState.CLOSED)
    return rows.filter(request__state=RequestState.CLOSED) if wanted == {"closed"} else rows


def _moment(parameters: Mapping[str, str], name: str) -> datetime | None:
    written = parameters.get(name, "")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written.replace(" ", "+"))
        if not YEARS[0] <= moment.year <= YEARS[1]:
            raise ValueError
    except ValueError:
        raise BadInput(f"{name}: a W3C date and time, 2026-01-31T00:00:00Z", field=name) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


def _number(parameters: Mapping[str, str], name: str, default: int) -> int:
    written = parameters.get(name, "")
    if not written:
        return default
    if not written.isascii() or not written.isdigit() or len(written) > 7 or not 0 < int(written) <= 1_000_000:
        raise BadInput(f"{name}: a number from 1", field=name)
    return int(written)


def request_out(report: Report, *, base: str, extended: bool = False) -> dict[str, Any]:
    """One service request, as everybody may see it. Only what is known is there; XML and JSON say the same."""
    row, form = report.request, form_of(report)
    closed = row.state == RequestState.CLOSED
    words = OUTCOMES[row.outcome] if row.outcome else STATES[row.state]
    made: dict[str, Any] = {
        "service_request_id": row.number,
        "status": "closed" if closed else "open",
        "status_notes": str(words),
        "service_name": said(form.title),
        "service_code": report.category,
        "description": describe(report, form),
        "agency_responsible": said(row.organisation.name),
        "service_notice": "",
        "requested_datetime": _written(row.opened_at),
        "updated_datetime": _written(row.changed_at),
        "expected_datetime": _written(row.due_at) if row.due_at else None,
        "address": report.place_label,
        "address_id": None,
        "zipcode": None,
        "lat": round(row.lat or 0, 6),
        "long": round(row.lon or 0, 6),
        "media_url": f"{base}/signalements/{row.number}/photo" if report.photo_shown_at and report.photo_id else None,
    }
    if extended:
        made["extended_attributes"] = {
            "detailed_status": row.outcome or row.state,
            "organisation": row.organisation_id,
            "citycode": row.citycode,
            "followers": report.followers_count,
            "attributes": [{"code": code, "value": value} for code, value in report.facts],
            "url": f"{base}/signalements/{row.number}",
        }
    return made


def describe(report: Report, form: Form) -> str:
    """The answers to choices in words, then what was written."""
    words = []
    for code, value in report.facts:
        field = form.by_id.get(code)
        option = next((each for each in field.options if each.value == value), None) if field else None
        if option is not None:
            words.append(said(option.label))
    return "\n".join(filter(None, [" · ".join(words), report.text]))[:4000]


def _written(moment: datetime) -> str:
    return moment.astimezone(LOCAL).isoformat(timespec="seconds")


def discovery(base: str) -> dict[str, Any]:
    """GET discovery: https://wiki.open311.org/Service_Discovery."""
    root = f"{base}/open311/v2"
    return {
        "changeset": "2026-11-28T00:00:00Z",
        "contact": f"{base}/contact",
        "key_service": f"{base}/contact",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": root,
                "changeset": "2026-11-28T00:00:00Z",
                "type": "test" if settings.DEBUG else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
