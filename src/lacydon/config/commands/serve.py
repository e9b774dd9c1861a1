"""`lacydon serve`: the product behind granian, several processes, one address."""

import errno
import http.client
import logging
import multiprocessing
import os
import shutil
import socket
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connections

from lacydon.capabilities.trust.models import Organisation

from .. import demo_payments, demo_provider
from ..settings import TABLE
from ..settings_table import served_at
from .preload import preload
from .work import work_beside

STOP_SECONDS = 10
log = logging.getLogger("lacydon.serve")


def serve(*, host: str, port: int, workers: int) -> int:
    """Serve until a signal stops it; exit code. Prints the address once a worker answers."""
    wrong = cannot_listen(host=host, port=port)
    if wrong:
        print(wrong, file=sys.stderr)
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
        return 1
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    demo = _demo_provider(host=host, port=port) if settings.DEMO else None
    payments = _demo_payments(port=port) if demo is not None and not settings.PAYFIP_URL else None
    connections.close_all()
    # Workers are forked from this process, which has loaded what they share. In a demonstration they are started
    # afresh: their settings are known only now, and the false services answer from threads of this process.
    forked = demo is None and payments is None
    multiprocessing.set_start_method("fork" if forked else "spawn", force=True)
    if forked:
        preload()
    server = Granian(
        "lacydon.config.wsgi:application" if forked else "lacydon.config.wsgi_afresh:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        # One alone would be held by whoever reads a large file slowly, and the process would answer nobody else.
        blocking_threads=settings.THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
    )
    stopping = threading.Event()
    threading.Thread(target=_beside, args=(server, stopping), kwargs={"host": host, "port": port}, daemon=True).start()
    try:
        server.serve()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    finally:
        stopping.set()
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
        if demo is not None:
            demo.stop()
        if payments is not None:
            payments.stop()
    return 0


def _beside(server: Any, stopping: threading.Event, *, host: str, port: int) -> None:
    """What this process does beside its workers, once they are there: a process is best forked while it is alone."""
    while len(server.wrks) < server.workers:
        if stopping.wait(0.02):
            return
    if TABLE["JOBS"] == "1":
        threading.Thread(target=_keep_working, args=(stopping,), daemon=True).start()
    _say_when_ready(host=host, port=port)


def _keep_working(stopping: threading.Event) -> None:
    """Background jobs in a process of their own, started again if it dies."""
    afresh = multiprocessing.get_context("spawn")
    while not stopping.is_set():
        work = afresh.Process(target=work_beside, name="lacydon-work", daemon=True)
        work.start()
        while work.is_alive() and not stopping.wait(1.0):
            pass
        if stopping.is_set():
            work.terminate()  # a signal: the job in hand is finished first
            work.join(STOP_SECONDS)
            return
        log.warning("The process of background jobs stopped (%s); it is started again.", work.exitcode)
        stopping.wait(5.0)


def _demo_provider(*, host: str, port: int) -> demo_provider.Running | None:
    """The false provider of identities, and its settings for the workers; None, and a sentence, where it may not be."""
    wrong = demo_provider.cannot_pretend(public_url=settings.PUBLIC_URL, host=host)
    given = [name for name in ("FRANCECONNECT", "PROCONNECT") if getattr(settings, name)["URL"]]
    if given and not wrong:
        names = ", ".join(f"LACYDON_{name}_URL" for name in given)
        wrong = f"Le faux fournisseur d’identité n’est pas démarré : {names} en nomme un vrai."
    if wrong:
        print(wrong, file=sys.stderr)
        os.environ["LACYDON_DEMO"] = "0"
        return None
    running = demo_provider.start(home=settings.HOME, port=port)
    demo_provider.give_roles(running.agents)
    os.environ.update({f"LACYDON_{name}": value for name, value in running.settings.items()})
    print(f"Démonstration : un faux fournisseur d’identité répond sur {running.url}", flush=True)
    return running


def _demo_payments(*, port: int) -> demo_payments.Running:
    """A false PayFiP, for every organisation, where the false provider of identities may be: on this machine only."""
    organisations = tuple(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    running = demo_payments.start(port=port + 2, organisations=organisations)
    os.environ.update({f"LACYDON_{name}": value for name, value in running.settings.items()})
    print(f"Démonstration : un faux service de paiement répond sur {running.url}", flush=True)
    return running


def cannot_listen(*, host: str, port: int) -> str | None:
    """Why the server cannot listen there, in a sentence a person can act on; None when it can."""
    if not 0 < port < 65_536:
        return f"Le port {port} n'existe pas : choisissez un nombre entre 1 et 65535 (LACYDON_PORT)."
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror:
        return f"« {host} » n'est pas une adresse de cette machine (LACYDON_HOST)."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Le port {port} est déjà pris : arrêtez l'autre programme, ou choisissez un autre port (LACYDON_PORT)."
            )
        if error.errno == errno.EACCES:
            return f"Le port {port} est réservé à l'administrateur : choisissez-en un au-dessus de 1023 (LACYDON_PORT)."
        return f"Impossible d'écouter sur {host}, port {port} : {error.strerror}."
    return None


def _say_when_ready(*, host: str, port: int, patience: float = 120.0) -> None:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not listened to)
    address = served_at(host=host, port=port)
    began = time.monotonic()
    while time.monotonic() - began < patience:
        connection = http.client.HTTPConnection(shown, port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".*")})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
            continue
        finally:
            connection.close()
        print(f"Lacydon est prêt : {settings.PUBLIC_URL or address}", flush=True)
        return
    log.error("The server does not answer after %d s.", patience)
