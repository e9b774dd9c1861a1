"""Every setting of the platform in one table: name, default, what it does. Environment: `LACYDON_<NAME>`.

An unknown or obsolete `LACYDON_*` name stops the start with an explanation; `docs/operators/settings.md` is made from
this table.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    help: str
    secret: bool = False


def served_at(*, host: str, port: int | str) -> str:
    """The address at which this very machine reaches a server that listens there."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not listened to)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


SETTINGS = (
    Setting("HOME", "var", "Folder where state lives: the embedded database, the secret key."),
    Setting("PORT", "8000", "Port the server listens on."),
    Setting("HOST", "127.0.0.1", "Address the server listens on; 0.0.0.0 for every interface."),
    Setting("WORKERS", "2", "Server processes."),
    Setting("THREADS", "8", "Requests one server process answers at once; half of them may be sending files of data."),
    Setting("JOBS", "1", "1: serve does background jobs too, in a process of its own; 0: lacydon work does."),
    Setting("DATABASE_URL", "", "postgresql://user:password@host:port/name; empty = SQLite in HOME.", secret=True),
    Setting("SECRET_KEY", "", "Signing key; empty = one is made in HOME at the first start.", secret=True),
    Setting("KEYS", "", "Folder of the keys that seal personal data; empty = keys in HOME. Lost keys, lost data."),
    Setting("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the platform answers to, separated by commas."),
    Setting("PUBLIC_URL", "", "Address residents see, e.g. https://lacydon.example; empty = that of the request."),
    Setting("PUBLISHER", "", "Legal notice: who publishes the site (name, address, who answers for it)."),
    Setting("HOSTING", "", "Legal notice: who hosts the site (name, address, telephone)."),
    Setting("CONTACT", "", "Where residents write about the site and its accessibility: e-mail or web address."),
    Setting("MAIL_URL", "", "smtp://user:password@host:587/?tls=starttls; empty = files in HOME/mail.", secret=True),
    Setting("MAIL_FROM", "Lacydon <lacydon@localhost>", "Who the platform's mail is from."),
    Setting("SMS_URL", "", "SMS gateway: where messages are posted as JSON; empty = no SMS is sent nor offered."),
    Setting("SMS_KEY", "", "SMS gateway: its key (header api-key).", secret=True),
    Setting("SMS_SENDER", "Lacydon", "SMS gateway: who texts are from, 3 to 11 letters and digits."),
    Setting("TRUSTED_PROXIES", "0", "Reverse proxies in front (each adds one X-Forwarded-For); 0 = none."),
    Setting("DATA_MEMORY", "512MB", "Data: memory the engine may take in each process; beyond it spills to HOME/data."),
    Setting(
        "PUNCTUALITY", "-60 300", "Transport: seconds before (negative) and after its time a departure is on time."
    ),
    Setting("ENGINE", "", "Data: spark://host:7077 (or local[2]) asks Spark; empty = DuckDB, in each process."),
    Setting("DATA_LARGEST", "5000", "Data: largest file that may be sent to be published, in megabytes."),
    Setting("DATA_INBOX", "", "Data: folder watched for files, one folder a dataset in it; empty = HOME/data/inbox."),
    Setting("DATA_SQL_SECONDS", "5", "Data: seconds a question in SQL of anybody may take."),
    Setting("DATA_SQL_ROWS", "10000", "Data: rows an answer to SQL of anybody may have."),
    Setting("DATA_AT_ONCE", "2", "Data: questions over long tables that a process answers at once; others wait."),
    Setting("DATA_THREADS", "2", "Data: processors one question may use."),
    Setting(
        "MOBILITY_PLANNER_URL",
        "",
        "A planner that knows streets: motis+https://… or otp+https://…; empty = ours, without streets.",
    ),
    Setting(
        "MOBILITY_COMPILED", "1", "Transport: 1 = journeys by compiled code where numba is installed; 0 = plain Python."
    ),
    Setting("TERRITORY", "territories/aix-marseille-provence", "Territory folder that ./run loads."),
    Setting("ADDRESS_API_URL", "", "National address API (https://data.geopf.fr/geocodage); empty = embedded index."),
    Setting(
        "COMPANY_REGISTER_URL",
        "",
        "Register of companies (https://recherche-entreprises.api.gouv.fr); empty = companies are written by hand.",
    ),
    Setting(
        "FRANCECONNECT_URL", "", "FranceConnect: its issuer, exactly as it writes it; empty = residents do not use it."
    ),
    Setting("FRANCECONNECT_CLIENT_ID", "", "FranceConnect: the identifier it gave us."),
    Setting("FRANCECONNECT_CLIENT_SECRET", "", "FranceConnect: the secret it gave us.", secret=True),
    Setting("FRANCECONNECT_KEY_FILE", "", "FranceConnect: a private key (PEM file) to use instead of the secret."),
    Setting("FRANCECONNECT_SCOPES", "openid", "FranceConnect: what is asked, openid included, separated by spaces."),
    Setting("FRANCECONNECT_ACR", "eidas1", "FranceConnect: levels accepted, separated by spaces."),
    Setting("PROCONNECT_URL", "", "ProConnect: its issuer, exactly as it writes it; empty = agents do not use it."),
    Setting("PROCONNECT_CLIENT_ID", "", "ProConnect: the identifier it gave us."),
    Setting("PROCONNECT_CLIENT_SECRET", "", "ProConnect: the secret it gave us.", secret=True),
    Setting("PROCONNECT_KEY_FILE", "", "ProConnect: a private key (PEM file) to use instead of the secret."),
    Setting(
        "PROCONNECT_SCOPES",
        "openid given_name usual_name email siret",
        "ProConnect: what is asked, openid and siret included, separated by spaces.",
    ),
    Setting("PROCONNECT_ACR", "eidas1 eidas1-mfa eidas2 eidas3", "ProConnect: levels accepted, separated by spaces."),
    Setting(
        "IDENTITY_HOSTS",
        "",
        "Identity providers that may be on a private network (host or host:port, separated by commas); "
        "on this very machine they may also do without https.",
    ),
    Setting("DEMO", "0", "1 starts a false identity provider, labelled as such, on this machine only; ./run sets it."),
    Setting("CLAMAV_URL", "", "ClamAV's daemon, tcp://host:3310 or unix:///path; empty = files are not scanned."),
    Setting("UPLOAD_LARGEST", "20", "Largest request that may carry files, in megabytes."),
    Setting(
        "PARTNER_HOSTS",
        "",
        "Systems of other authorities that may be on a private network (host or host:port, separated by commas); "
        "they may also do without https.",
    ),
    Setting(
        "ROUTE_SECRETS",
        "",
        "Secrets of routes of delivery, route.name=value separated by spaces; else lacydon routes set-secret.",
        secret=True,
    ),
    Setting(
        "LIVE_SECRETS",
        "",
        "Secrets of sources of real time, source.name=value separated by spaces: {name} in an address or a header.",
        secret=True,
    ),
    Setting(
        "MAIL_REPLIES", "", "Address whose mail lacydon receive reads, e.g. reponses@lacydon.example; empty = none."
    ),
    Setting("PAYFIP_URL", "", "Web service of PayFiP, https://…/PaiementSecuriseService; empty = nothing paid online."),
    Setting("PAYFIP_PAGE", "https://www.payfip.gouv.fr/tpa/paiementws.web", "Page of PayFiP where people pay."),
    Setting("PAYFIP_CLIENTS", "", "Client numbers at PayFiP, organisation=number separated by commas."),
    Setting("PAYFIP_MODE", "T", "T (tests), X (activation) or W (real money)."),
    Setting("JOURNAL_WITNESSES", "", "Who cosigns the journal: address and public key, separated by commas."),
    Setting("RATE_LIMIT", "600", "Requests a minute from one address to the API; 0 = no limit."),
    Setting("LOG_FORMAT", "json", "json (one object a line) or text."),
    Setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
    Setting("DEBUG", "0", "1 shows Django's own error pages. Never in production."),
)
OBSOLETE: Mapping[str, str] = {}


def read(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Value of each setting by name; SystemExit with a sentence when the environment has a name that is not ours."""
    known = {setting.name for setting in SETTINGS}
    given = {name.removeprefix("LACYDON_") for name in environ if name.startswith("LACYDON_")}
    for name in sorted(given - known):
        why = OBSOLETE.get(name, f"known names: {', '.join(sorted(known))}")
        raise SystemExit(f"LACYDON_{name} is not a setting of Lacydon: {why}.")
    return {setting.name: environ.get(f"LACYDON_{setting.name}") or setting.default for setting in SETTINGS}


def as_page() -> str:
    """docs/operators/settings.md, whole: written by tools/settings_page, held equal by a test."""
    rows = "".join(
        f"| `LACYDON_{each.name}` | {f'`{each.default}`' if each.default else 'empty'} | {each.help} |\n"
        for each in SETTINGS
    )
    return (
        "# Settings\n\n"
        "Every setting is an environment variable. An unknown `LACYDON_*` name stops the start and says which names\n"
        "are known, so that a misspelt one is never ignored. Those named as secret below are kept out of logs.\n\n"
        f"| name | default | what it does |\n|---|---|---|\n{rows}\n"
        f"Secret: {', '.join(f'`LACYDON_{each.name}`' for each in SETTINGS if each.secret)}.\n\n"
        "This page is written by `tools/settings_page` from `src/lacydon/config/settings_table.py`.\n"
    )
