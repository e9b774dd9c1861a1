"""One answer to one field: brought to the one way it is written, or refused with the code of a sentence (`sentences`).

What a form gets may be anything; a cleaned answer is always of the shape that `schema` exports, and cleaning it again
changes nothing. static/requests/form.js follows the same rules, except where it cannot know (telephone numbers, the
rules of each country for an IBAN): there it lets through what is plausible.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
from stdnum import iban
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.fr import siret

from lacydon.kernel.clock import now

from .conditions import ISO, day
from .definition import Field
from .patterns import fits

WHITE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_AROUND = WHITE.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))
"""The same, sign by sign. An expression that looks for spaces at the end begins again at each space of a long row of
them: 12 000 took eleven seconds."""
_WHITE = re.compile(f"[{WHITE}]")
_NOISE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_NUMBER = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,10}))?")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PHONE = re.compile(r"\+?[0-9 ().\u00a0\u202f/-]{4,40}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_SIRET = re.compile(r"[0-9]{14}")
_CITYCODE = re.compile(r"(2[AB]|[0-9]{2})[0-9]{3}")
_ADDRESS_ID = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_FILE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_DRAWN = re.compile(r"[ML0-9 .,]{1,20000}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
LONGEST_LABEL = 200
LONGEST_EMAIL = 254
MOST_CHARACTERS = 100_000
EARLIEST_YEAR = 1800
LATEST_YEAR = 2200
REGION = "FR"
"""Where a telephone number without a prefix is."""
TICKED = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "0": False}


class Unfit(Exception):  # noqa: N818  (an answer that does not suit the question)
    """The answer does not suit; `code` names the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean(field: Field, answer: Any) -> Any:
    """The answer as it is kept, or None when there is none (a box that is not ticked is a no). Raises Unfit. Groups are
    read in `validation`."""
    if answer is None or answer == "":
        return False if field.type == "consent" else None
    return _CLEANERS[field.type](field, answer)


def tidy(text: Any, *, lines: bool = False) -> str:
    """Text in composed Unicode, without control signs, without space around; on one line unless `lines`."""
    if not isinstance(text, str):
        raise Unfit("wrong")
    text = re.sub(r"\r\n?", "\n", text[:MOST_CHARACTERS])
    text = unicodedata.normalize("NFC", _NOISE.sub("", text))
    if not lines:
        text = re.sub("[\t\n\u2028\u2029]+", " ", text)
    return text.strip(_AROUND)


def _text(field: Field, answer: Any) -> str | None:
    text = tidy(answer, lines=field.type == "longtext")
    if not text:
        return None
    if len(text) > field.max_length:
        raise Unfit("too_long")
    if len(text) < field.min_length:
        raise Unfit("too_short")
    if field.pattern and not fits(field.pattern, text):
        raise Unfit("wrong")
    return text


def _email(_field: Field, answer: Any) -> str | None:
    text = tidy(answer)
    local, at, domain = text.rpartition("@")
    text = local + at + domain.lower()
    if text and (len(text) > LONGEST_EMAIL or not _EMAIL.fullmatch(text)):
        raise Unfit("wrong")
    return text or None


def _phone(_field: Field, answer: Any) -> str | None:
    text = tidy(answer)
    if not text:
        return None
    if not _PHONE.fullmatch(text):
        raise Unfit("wrong")
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise Unfit("wrong") from None
    if not phonenumbers.is_valid_number(number):
        raise Unfit("wrong")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _number(field: Field, answer: Any) -> str | None:
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        answer = str(answer) if abs(answer) < 1e15 else "?"
    text = _WHITE.sub("", tidy(answer))
    if not text:
        return None
    text = text.removesuffix(_WHITE.sub("", field.unit or ("€" if field.type == "money" else "")))
    told = _NUMBER.fullmatch(text)
    if told is None:
        raise Unfit("wrong")
    whole, decimals = told[2].lstrip("0") or "0", (told[3] or "").rstrip("0")
    most = 2 if field.type == "money" else field.decimals
    if most is not None and len(decimals) > most:
        raise Unfit("too_precise")
    if field.type == "money":
        decimals = decimals.ljust(2, "0")
    sign = "-" if told[1] == "-" and (whole + decimals).strip("0") else ""
    number = f"{sign}{whole}.{decimals}" if decimals else sign + whole
    if field.min and Decimal(number) < Decimal(field.min):
        raise Unfit("too_low")
    if field.max and Decimal(number) > Decimal(field.max):
        raise Unfit("too_high")
    return number


def _date(field: Field, answer: Any) -> str | None:
    text = tidy(answer)
    if not text:
        return None
    if told := _FRENCH_DAY.fullmatch(text):
        text = f"{told[3]}-{told[2]:0>2}-{told[1]:0>2}"
    try:
        found = date.fromisoformat(text) if ISO.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise Unfit("wrong")
    if field.before and found >= day(field.before):
        raise Unfit("too_late")
    if field.after and found <= day(field.after):
        raise Unfit("too_early")
    return text


def _choice(field: Field, answer: Any) -> str | None:
    if not isinstance(answer, str) or answer not in field.values:
        raise Unfit("wrong")
    return answer


def _choices(field: Field, answer: Any) -> list[str] | None:
    given = [answer] if isinstance(answer, str) else answer
    if not isinstance(given, list) or any(not isinstance(each, str) for each in given):
        raise Unfit("wrong")
    chosen = {each for each in given if each}
    if not chosen <= set(field.values):
        raise Unfit("wrong")
    if chosen and len(chosen) < field.least:
        raise Unfit("too_few")
    if len(chosen) > field.most:
        raise Unfit("too_many")
    return [each for each in field.values if each in chosen] or None


def ticked(answer: Any) -> bool:
    """Yes or no, however a browser or a programme says it. Raises Unfit."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, str) and answer in TICKED:
        return TICKED[answer]
    raise Unfit("wrong")


def _yesno(_field: Field, answer: Any) -> bool:
    return ticked(answer)


def _iban(_field: Field, answer: Any) -> str | None:
    text = re.sub(f"[{WHITE}.-]", "", tidy(answer)).upper()
    if not text:
        return None
    try:
        if _IBAN.fullmatch(text):
            return str(iban.validate(text))
    except WrongNumber:
        pass
    raise Unfit("wrong")


def _siret(_field: Field, answer: Any) -> str | None:
    text = re.sub(f"[{WHITE}.]", "", tidy(answer))
    if text and not (_SIRET.fullmatch(text) and siret.is_valid(text)):
        raise Unfit("wrong")
    return text or None


def _coordinates(answer: Mapping[str, Any]) -> tuple[float | None, float | None]:
    given = [None if answer.get(each) in (None, "") else answer[each] for each in ("lon", "lat")]
    if given == [None, None]:
        return None, None
    lon, lat = (_degrees(each) for each in given)
    if abs(lon) > 180 or abs(lat) > 90:
        raise Unfit("wrong")
    return round(lon, 6), round(lat, 6)


def _degrees(told: Any) -> float:
    if isinstance(told, str) and _DEGREES.fullmatch(told):
        return float(told)
    if isinstance(told, int | float) and not isinstance(told, bool) and abs(told) <= 180:
        return float(told)
    raise Unfit("wrong")


def _address(_field: Field, answer: Any) -> dict[str, Any] | None:
    given = {"label": answer} if isinstance(answer, str) else answer
    if not isinstance(given, Mapping):
        raise Unfit("wrong")
    label = tidy(given.get("label") or "")
    if not label:
        return None
    if len(label) > LONGEST_LABEL:
        raise Unfit("too_long")
    lon, lat = _coordinates(given)
    return {
        "label": label,
        "id": _like(_ADDRESS_ID, given.get("id")),
        "citycode": _like(_CITYCODE, given.get("citycode")),
        "lon": lon,
        "lat": lat,
    }


def _like(pattern: re.Pattern[str], text: Any) -> str | None:
    if text is None or text == "":
        return None
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise Unfit("wrong")
    return text


def _place(_field: Field, answer: Any) -> dict[str, Any] | None:
    given = {"label": answer} if isinstance(answer, str) else answer
    if not isinstance(given, Mapping):
        raise Unfit("wrong")
    label, (lon, lat) = tidy(given.get("label") or ""), _coordinates(given)
    if len(label) > LONGEST_LABEL:
        raise Unfit("too_long")
    return {"lon": lon, "lat": lat, "label": label} if label or lon is not None else None


def _commune(_field: Field, answer: Any) -> str | None:
    return _like(_CITYCODE, tidy(answer))


def _file(field: Field, answer: Any) -> list[str] | None:
    given = [answer] if isinstance(answer, str) else answer
    if not isinstance(given, list):
        raise Unfit("wrong")
    ids = list(dict.fromkeys(_like(_FILE_ID, each) or "" for each in given))
    ids = [each for each in ids if each]
    if len(ids) > field.most:
        raise Unfit("too_many")
    return ids or None


def _signature(field: Field, answer: Any) -> dict[str, Any] | None:
    if not isinstance(answer, Mapping):
        raise Unfit("wrong")
    name = tidy(answer.get("name") or "")
    at = answer.get("at") or None
    if at is None and ticked(answer.get("certified") or False):
        at = now().isoformat(timespec="seconds")
    if not name and at is None:
        return None
    if len(name) > LONGEST_LABEL:
        raise Unfit("too_long")
    if not name or at is None:
        raise Unfit("unsigned")
    try:
        moment = datetime.fromisoformat(at if isinstance(at, str) else "")
        if moment.utcoffset() is None:
            raise Unfit("wrong")
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("wrong") from None
    drawn = _like(_DRAWN, answer.get("drawn")) if field.drawn else None
    return {"name": name, "at": moment.isoformat(timespec="seconds")} | ({"drawn": drawn} if drawn else {})


_CLEANERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "longtext": _text,
    "email": _email,
    "phone": _phone,
    "number": _number,
    "money": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yesno": _yesno,
    "consent": _yesno,
    "iban": _iban,
    "siret": _siret,
    "address": _address,
    "place": _place,
    "commune": _commune,
    "file": _file,
    "signature": _signature,
}
