"""The `lacydon` command."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Refusals are told in a sentence, never as a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lacydon.config.settings")
    asked, rest = _parser().parse_known_args(arguments)
    if rest and asked.command != "manage":
        _parser().error(f"argument inconnu : {rest[0]}")

    import django

    django.setup()
    from django.db import OperationalError

    from lacydon.kernel.errors import Refused

    try:
        return int(_run(asked, rest) or 0)
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"La base de données ne répond pas comme il faut : {error}".strip(), file=sys.stderr)
        print("Avez-vous lancé « lacydon migrate » ?", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lacydon", description="La plateforme numérique d’un territoire.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for name, help in (
        ("check", "vérifie un dossier de territoire et prouve ses compétences"),
        ("load", "charge un dossier de territoire, en une transaction"),
    ):
        commands.add_parser(name, help=help).add_argument("folder", type=Path, metavar="DOSSIER")
    addresses = commands.add_parser("addresses", help="les adresses embarquées (CSV de la BAN)")
    addresses_do = addresses.add_subparsers(dest="action", required=True)
    addresses_import = addresses_do.add_parser("import", help="importe un fichier CSV de la BAN (.csv ou .csv.gz)")
    addresses_import.add_argument("file", type=Path, metavar="FICHIER")
    addresses_import.add_argument("--skip-faults", action="store_true", help="laisse de côté les lignes fautives")
    contours = commands.add_parser("contours", help="les contours des communes (GeoJSON)")
    contours_do = contours.add_subparsers(dest="action", required=True)
    contours_do.add_parser("import", help="importe un GeoJSON de l’API des communes").add_argument("source")
    commands.add_parser("migrate", help="prépare ou met à jour la base de données")
    serve = commands.add_parser("serve", help="sert la plateforme")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--workers", type=int)
    commands.add_parser("manage", help="une commande de Django (pour les développeurs)", add_help=False)
    return parser


def _run(asked: argparse.Namespace, rest: Sequence[str]) -> int | None:
    """Each command is imported when it is asked for, so that none slows the others down."""
    from .settings import TABLE

    match asked.command:
        case "check":
            from .commands.folder import check

            return check(asked.folder)
        case "load":
            from .commands.folder import load

            return load(asked.folder)
        case "addresses":
            from .commands.addresses import addresses_import

            return addresses_import(asked.file, skip_faults=asked.skip_faults)
        case "contours":
            from .commands.contours import contours_import

            return contours_import(asked.source)
        case "serve":
            from .commands.serve import serve

            return serve(
                host=asked.host or TABLE["HOST"],
                port=asked.port or int(TABLE["PORT"]),
                workers=asked.workers or int(TABLE["WORKERS"]),
            )
        case "migrate":
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            return 0
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lacydon manage", *rest])
    return 0
