"""Django settings, made from the table of settings (settings_table.py)."""

import contextlib
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from ..kernel import logs
from .settings_table import read, served_at

TABLE = read()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(TABLE["HOME"]).resolve()
HOME.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The given key, or one made once in HOME and readable by its owner only."""
    if TABLE["SECRET_KEY"]:
        return TABLE["SECRET_KEY"]
    path = HOME / "secret-key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=HOME, prefix="secret-key-") as file:  # mode 0600
            file.write(secrets.token_urlsafe(50))
            file.flush()
            with contextlib.suppress(FileExistsError):  # another process was quicker: its key is the one
                path.hardlink_to(file.name)
    return path.read_text()


def _database() -> dict[str, object]:
    """SQLite tuned for a server on one machine, or PostgreSQL with connections that are reused."""
    url = TABLE["DATABASE_URL"]
    if not url:
        # FULL: each commit waits for the disk. What people are told is done (a request, a vote, a line of the journal)
        # outlives a power cut; a commit took 2 to 4 ms instead of 2, on a busy machine.
        pragmas = (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
            "PRAGMA secure_delete=ON;"  # what is erased is overwritten with zeros
        )
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "lacydon.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        }
    parts = urlsplit(url)
    if not re.fullmatch(r"postgres(ql)?", parts.scheme):
        raise SystemExit("LACYDON_DATABASE_URL must start with postgresql://; leave it empty for SQLite.")
    return {
        "ENGINE": "lacydon.kernel.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = _secret_key()
KEYS = Path(TABLE["KEYS"] or HOME / "keys").resolve()
DEBUG = TABLE["DEBUG"] == "1"
ALLOWED_HOSTS = TABLE["ALLOWED_HOSTS"].split(",")
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SNAPSHOT_SECONDS = 1.0
ENGINE = TABLE["ENGINE"]
PUNCTUALITY = tuple(int(each) for each in TABLE["PUNCTUALITY"].split())
DATA_MEMORY = TABLE["DATA_MEMORY"]
DATA_THREADS = int(TABLE["DATA_THREADS"])
DATA_AT_ONCE = int(TABLE["DATA_AT_ONCE"])
THREADS = int(TABLE["THREADS"])
DATA_SQL_SECONDS = float(TABLE["DATA_SQL_SECONDS"])
DATA_SQL_ROWS = int(TABLE["DATA_SQL_ROWS"])
DATA_LARGEST = int(TABLE["DATA_LARGEST"]) * 1_000_000
DATA_INBOX = Path(TABLE["DATA_INBOX"] or HOME / "data" / "inbox").resolve()

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "lacydon.kernel",
    "lacydon.kernel.ui",
    "lacydon.capabilities.territory",
    "lacydon.capabilities.trust",
    "lacydon.capabilities.data",
    "lacydon.capabilities.mobility",
    "lacydon.capabilities.agenda",
    "lacydon.capabilities.services",
    "lacydon.capabilities.requests",
    "lacydon.capabilities.home",
    "lacydon.connectors",
]
MIDDLEWARE = [
    "lacydon.kernel.middleware.requests.RequestMiddleware",
    "lacydon.kernel.middleware.headers.HeadersMiddleware",
    "lacydon.kernel.middleware.methods.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "lacydon.kernel.middleware.problems.ProblemsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "lacydon.kernel.middleware.language.LanguageMiddleware",
    "lacydon.kernel.middleware.limits.LimitsMiddleware",
    "lacydon.kernel.middleware.input.InputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lacydon.kernel.middleware.origins.OriginsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lacydon.kernel.middleware.access.AccessMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "lacydon.config.urls"
WSGI_APPLICATION = "lacydon.config.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

PUBLIC_URL = TABLE["PUBLIC_URL"].rstrip("/")
SERVED_AT = served_at(host=TABLE["HOST"], port=TABLE["PORT"])
"""Where this machine reaches `lacydon serve`: the address of the site when no other is known (kernel.site)."""
SECURE_SITE = PUBLIC_URL.startswith("https://")
"""Cookies then travel over TLS only, and belong to this host alone."""
SESSION_ENGINE = "lacydon.capabilities.trust.actions.sessions"
SESSION_COOKIE_NAME = "__Host-lacydon" if SECURE_SITE else "lacydon"
SESSION_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "lacydon.capabilities.trust.pages.stop.stale"
LOGIN_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# What is uploaded stays in memory until it is sealed: no copy in the clear in a temporary folder.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

CLAMAV_URL = TABLE["CLAMAV_URL"]
LARGEST_BODY = int(TABLE["UPLOAD_LARGEST"]) * 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

MOBILITY_PLANNER_URL = TABLE["MOBILITY_PLANNER_URL"].rstrip("/")
MOBILITY_COMPILED = TABLE["MOBILITY_COMPILED"] == "1"
ADDRESS_API_URL = TABLE["ADDRESS_API_URL"]
COMPANY_REGISTER_URL = TABLE["COMPANY_REGISTER_URL"]
_AGREED = ("URL", "CLIENT_ID", "CLIENT_SECRET", "KEY_FILE", "SCOPES", "ACR")
FRANCECONNECT = {name: TABLE[f"FRANCECONNECT_{name}"] for name in _AGREED}
PROCONNECT = {name: TABLE[f"PROCONNECT_{name}"] for name in _AGREED}
IDENTITY_HOSTS = tuple(host.strip() for host in TABLE["IDENTITY_HOSTS"].split(",") if host.strip())
PARTNER_HOSTS = tuple(host.strip() for host in TABLE["PARTNER_HOSTS"].split(",") if host.strip())
PAYFIP_URL, PAYFIP_PAGE = TABLE["PAYFIP_URL"], TABLE["PAYFIP_PAGE"]
PAYFIP_CLIENTS, PAYFIP_MODE = TABLE["PAYFIP_CLIENTS"], TABLE["PAYFIP_MODE"]
LIVE_SECRETS = dict(each.partition("=")[::2] for each in TABLE["LIVE_SECRETS"].split())
ROUTE_SECRETS, MAIL_REPLIES = TABLE["ROUTE_SECRETS"], TABLE["MAIL_REPLIES"]
DEMO = TABLE["DEMO"] == "1"
PUBLISHER, HOSTING, CONTACT = TABLE["PUBLISHER"], TABLE["HOSTING"], TABLE["CONTACT"]
MAIL_URL, DEFAULT_FROM_EMAIL = TABLE["MAIL_URL"], TABLE["MAIL_FROM"]
SMS_URL, SMS_KEY, SMS_SENDER = TABLE["SMS_URL"], TABLE["SMS_KEY"], TABLE["SMS_SENDER"]
JOURNAL_WITNESSES = TABLE["JOURNAL_WITNESSES"]
RATE_LIMIT = int(TABLE["RATE_LIMIT"])
TRUSTED_PROXIES = int(TABLE["TRUSTED_PROXIES"])
LOGGING = logs.configuration(form=TABLE["LOG_FORMAT"], level=TABLE["LOG_LEVEL"])
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
