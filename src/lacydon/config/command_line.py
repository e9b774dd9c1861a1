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

    if asked.command == "serve":
        _before_serving(asked)

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


def _before_serving(asked: argparse.Namespace) -> None:
    """What the workers have to find when the settings and the metrics are imported, from which they are forked."""
    from .commands.figures_folder import folder_of_metrics
    from .settings_table import read

    table = read()
    os.environ |= {"LACYDON_HOST": asked.host or table["HOST"], "LACYDON_PORT": str(asked.port or table["PORT"])}
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder_of_metrics(Path(table["HOME"]).resolve()))


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
    data = commands.add_parser("data", help="les tables de données")
    data_do = data.add_subparsers(dest="action", required=True, metavar="ACTION")
    data_validate = data_do.add_parser("validate", help="vérifie un fichier (CSV, XLSX) selon un Table Schema")
    data_validate.add_argument("file", type=Path, metavar="FICHIER")
    data_validate.add_argument("--schema", required=True, metavar="SCHÉMA", help="un fichier, ou l’id d’un schéma")
    data_validate.add_argument("--json", action="store_true", help="le rapport en JSON, à la manière de frictionless")
    data_validate.add_argument("--marked", type=Path, metavar="COPIE", help="écrit une copie avec des remarques")
    data_validate.add_argument(
        "--reference", action="append", default=[], metavar="NOM=FICHIER", help="une table que nomme une clé étrangère"
    )
    data_schemas = data_do.add_parser("schemas", help="les schémas de cette installation")
    data_schemas_do = data_schemas.add_subparsers(dest="what")
    data_schemas_do.add_parser("update", help="va chercher ceux du catalogue national").add_argument(
        "--url", metavar="ADRESSE", help="un autre catalogue de la même forme (schemas.json)"
    )
    agenda = commands.add_parser("agenda", help="l’argent de l’agenda : des fichiers CSV, entiers ou refusés")
    agenda_do = agenda.add_subparsers(dest="action", required=True, metavar="ACTION")
    agenda_budget = agenda_do.add_parser("budget", help="charge les crédits de budgets au format SCDL")
    agenda_budget.add_argument("--as-of", default="", metavar="DATE", help="le jour dont parlent les montants")
    agenda_budget.add_argument("--source", default="", metavar="JEU@VERSION", help="le jeu de données d’où il vient")
    agenda_grants = agenda_do.add_parser("grants", help="charge les subventions d’un financeur au format SCDL")
    agenda_grants.add_argument("--funder", required=True, metavar="FINANCEUR", help="FEDER, Etat, Region, Departement…")
    agenda_annex = agenda_do.add_parser("annex", help="joint à un acte le document qui lui est annexé")
    agenda_annex.add_argument("--act", required=True, metavar="ACTE", help="l’identifiant de l’acte dans l’agenda")
    for each in (agenda_budget, agenda_grants):
        each.add_argument("--dry-run", action="store_true", help="dit ce qui changerait sans rien écrire")
    for each in (agenda_budget, agenda_grants, agenda_annex):
        each.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    # -- mobility
    mobility = commands.add_parser("mobility", help="les horaires des transports")
    mobility_do = mobility.add_subparsers(dest="action", required=True, metavar="ACTION")
    mobility_import = mobility_do.add_parser("import", help="met en service un GTFS : un fichier zip, ou une adresse")
    mobility_import.add_argument("source", metavar="ADRESSE|FICHIER")
    mobility_import.add_argument("--feed", default="", metavar="ID", help="le nom de ces horaires, s’ils en ont un")
    mobility_import.add_argument("--prefix", default="", metavar="P", help="ce qui précède les identifiants du réseau")
    mobility_import.add_argument("--name", default="", metavar="NOM", help="le nom du réseau, tel qu’on le lit")
    mobility_import.add_argument("--licence", metavar="LICENCE", help="la licence des horaires")
    mobility_import.add_argument("--producer", metavar="NOM", help="qui publie les horaires")
    mobility_do.add_parser("feeds", help="les horaires en service")
    # -- harvest
    data_harvest = data_do.add_parser("harvest", help="visite maintenant un catalogue à moissonner, ou tous")
    data_harvest.add_argument("source", nargs="?", default="", metavar="SOURCE")
    commands.add_parser("connectors", help="l’état de chaque connecteur")
    routes = commands.add_parser("routes", help="les destinations des demandes (deliveries.yaml)")
    routes_do = routes.add_subparsers(dest="action")
    routes_secret = routes_do.add_parser(
        "set-secret", help="garde un secret (lu au clavier ou dans un tube) ; vide : l’ôte"
    )
    routes_secret.add_argument("route", metavar="DESTINATION")
    routes_secret.add_argument("name", metavar="NOM")
    routes_do.add_parser("open", help="rouvre une destination que le destinataire avait fermée").add_argument("route")
    deliveries = commands.add_parser("deliveries", help="ce qui n’a pas pu être transmis")
    deliveries.add_argument("--replay", metavar="NUMÉRO", help="rejoue une transmission, ou toutes (all)")
    deliveries.add_argument("--keep", metavar="NUMÉRO", help="rend la demande à la file de la plateforme")
    receive = commands.add_parser("receive", help="lit les réponses des mairies dans une boîte Maildir")
    receive.add_argument("folder", type=Path, metavar="DOSSIER")
    keys = commands.add_parser("keys", help="les clés dont dépendent les données personnelles")
    keys_do = keys.add_subparsers(dest="action")
    keys_do.add_parser("rotate", help="fait une nouvelle clé et protège tout avec elle ; reprend si interrompu")
    keys_do.add_parser("retire", help="détruit une clé dont plus rien ne dépend").add_argument("id", metavar="ID")
    commands.add_parser("migrate", help="prépare ou met à jour la base de données")
    serve = commands.add_parser("serve", help="sert la plateforme")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--workers", type=int)
    work = commands.add_parser("work", help="fait les travaux de fond qui attendent")
    work.add_argument("--once", action="store_true", help="s’arrête quand plus rien n’attend")
    work.add_argument("--patience", type=float, default=60.0, help="secondes de silence avant de croire un autre mort")
    jobs = commands.add_parser("jobs", help="montre l’état des travaux de fond et ceux qui ont échoué")
    jobs.add_argument("--retry", metavar="ID", help="redonne sa chance à un travail échoué, ou à tous (all)")
    agents = commands.add_parser("agents", help="les agents et leurs rôles ; nomme le premier responsable des accès")
    agents.add_argument("--organisation", default="", help="un organisme seulement")
    agents.add_argument("--grant", nargs=3, metavar=("AGENT", "ORGANISME", "RÔLE"), help="donne un rôle à un agent")
    machines = commands.add_parser("open311-keys", help="qui peut envoyer des signalements par Open311")
    machines_do = machines.add_subparsers(dest="action", required=True)
    machines_do.add_parser("add", help="fait une clé, montrée une seule fois").add_argument("name", metavar="NOM")
    machines_do.add_parser("revoke", help="retire une clé").add_argument("name", metavar="NOM")
    machines_do.add_parser("list", help="les clés")
    journal = commands.add_parser("journal", help="le journal : le vérifier, le publier, le faire signer")
    journal_do = journal.add_subparsers(dest="action", required=True, metavar="ACTION")
    journal_verify = journal_do.add_parser("verify", help="recalcule tout ; dit la première faute et sa position")
    journal_verify.add_argument("--head", type=Path, action="append", default=[], help="un point de contrôle gardé")
    journal_do.add_parser("publish", help="publie ce qui attend et signe")
    journal_do.add_parser("key", help="montre la clé publique")
    journal_do.add_parser("renew-key", help="fait une nouvelle clé de signature ; l’ancienne signe encore avec elle")
    retire_key = journal_do.add_parser("retire-key", help="détruit une ancienne clé de signature")
    retire_key.add_argument("id", metavar="ID")
    journal_export = journal_do.add_parser("export", help="écrit le journal publié en fichiers")
    journal_export.add_argument("folder", type=Path, metavar="DOSSIER")
    journal_witness = journal_do.add_parser("witness", help="demande aux témoins de signer")
    journal_witness.add_argument("pairs", nargs="*", metavar="ADRESSE CLÉ")
    purge = commands.add_parser("purge", help="efface ce dont la durée de conservation est passée")
    purge.add_argument("--dry-run", action="store_true", help="compte sans rien effacer")
    sessions = commands.add_parser("sessions", help="les sessions ouvertes")
    sessions_do = sessions.add_subparsers(dest="action", required=True)
    whose = sessions_do.add_parser("end", help="y met fin : il faudra se reconnecter").add_mutually_exclusive_group(
        required=True
    )
    whose.add_argument("--all", action="store_true", help="celles de tout le monde")
    whose.add_argument("--person", default="", metavar="NUMÉRO", help="celles d’une personne")
    people = commands.add_parser("people", help="les personnes")
    people_do = people.add_subparsers(dest="action", required=True)
    people_do.add_parser("reapply-erasures", help="refait les effacements après la remise d’une vieille sauvegarde")
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
        case "agenda":
            from .commands import agenda

            if asked.action == "annex":
                return agenda.annex(asked.files, act=asked.act)
            if asked.action == "grants":
                return agenda.grants(asked.files, funder=asked.funder, dry_run=asked.dry_run)
            return agenda.budget(asked.files, as_of=asked.as_of, source=asked.source, dry_run=asked.dry_run)
        case "addresses":
            from .commands.addresses import addresses_import

            return addresses_import(asked.file, skip_faults=asked.skip_faults)
        case "contours":
            from .commands.contours import contours_import

            return contours_import(asked.source)
        case "data" if asked.action == "harvest":
            from .commands.data import data_harvest

            return data_harvest(source=asked.source)
        case "data":
            from .commands.data import data_validate, list_schemas, schemas_update

            if asked.action == "schemas":
                return schemas_update(url=asked.url) if asked.what == "update" else list_schemas()
            return data_validate(
                asked.file,
                schema=asked.schema,
                as_json=asked.json,
                marked=asked.marked,
                references=asked.reference,
            )
        case "mobility":
            from .commands import mobility

            if asked.action == "feeds":
                return mobility.list_feeds()
            return mobility.mobility_import(
                asked.source,
                feed=asked.feed,
                prefix=asked.prefix,
                name=asked.name,
                licence=asked.licence,
                producer=asked.producer,
            )
        case "connectors":
            from .commands.connectors import list_connectors

            return list_connectors()
        case "routes":
            from .commands import routes

            if asked.action == "set-secret":
                return routes.set_secret(route=asked.route, name=asked.name)
            return routes.open_again(route=asked.route) if asked.action == "open" else routes.list_routes()
        case "deliveries":
            from .commands.routes import deliveries

            return deliveries(replay=asked.replay, keep=asked.keep)
        case "receive":
            from .commands.routes import receive

            return receive(asked.folder)
        case "agents":
            from .commands.agents import give_role, list_agents

            if asked.grant:
                agent, organisation, role = asked.grant
                return give_role(agent=agent, organisation=organisation, role=role)
            return list_agents(organisation=asked.organisation)
        case "open311-keys":
            from .commands import open311_keys

            if asked.action == "list":
                return open311_keys.list_keys()
            return (open311_keys.make if asked.action == "add" else open311_keys.revoke)(asked.name)
        case "serve":
            from .commands.serve import serve

            return serve(
                host=asked.host or TABLE["HOST"],
                port=asked.port or int(TABLE["PORT"]),
                workers=asked.workers or int(TABLE["WORKERS"]),
            )
        case "work":
            from lacydon.kernel.jobs import work
            from lacydon.kernel.schedule import beat, beside

            work(once=asked.once, patience=asked.patience, each_beat=beat, beside=beside)
            return 0
        case "purge":
            from .commands.retention import purge

            return purge(dry_run=asked.dry_run)
        case "sessions":
            from .commands.sessions import end

            return end(person=asked.person)
        case "people":
            from .commands.retention import reapply_erasures

            return reapply_erasures()
        case "jobs":
            from .commands.jobs import jobs

            return jobs(retry=asked.retry)
        case "keys":
            from .commands import keys

            if asked.action == "retire":
                return keys.retire(asked.id)
            return keys.rotate() if asked.action == "rotate" else keys.list_keys()
        case "journal":
            from .commands import journal

            match asked.action:
                case "verify":
                    return journal.journal_verify(asked.head)
                case "export":
                    return journal.journal_export(asked.folder)
                case "witness":
                    return journal.journal_witness(asked.pairs)
                case "publish":
                    return journal.journal_publish()
                case "renew-key":
                    return journal.journal_renew_key()
                case "retire-key":
                    return journal.journal_retire_key(asked.id)
            return journal.journal_key()
        case "migrate":
            from django.core.management import call_command

            from lacydon.kernel.rotation import enrol

            call_command("migrate", interactive=False, verbosity=0)
            enrol()
            call_command("collectstatic", interactive=False, verbosity=0)
            return 0
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lacydon manage", *rest])
    return 0
