"""`lacydon journal`: verify it, publish it, export it for any web server, have it witnessed."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from lacydon.capabilities.trust.actions.journal_keys import renew_key, retire_key
from lacydon.capabilities.trust.actions.publication import publish_checkpoint
from lacydon.capabilities.trust.actions.witnesses import ask_witness
from lacydon.capabilities.trust.queries import journal as queries
from lacydon.capabilities.trust.queries.signing import public_key, published_keys
from lacydon.capabilities.trust.queries.verification import Fault, verify
from lacydon.capabilities.trust.queries.witnesses import Witness, witnesses
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.merkle.succession import Term
from lacydon.kernel.merkle.tiles import HASH, tiles_of


def journal_verify(heads: Sequence[Path]) -> int:
    """Recompute the whole journal from the database; exit code 1 at the first fault, which is told with its position.

    `heads`: files of checkpoints kept elsewhere (an export, a witness).
    """
    began = time.monotonic()
    found = verify(heads=[path.read_text("utf-8") for path in heads], progress=_bar)
    _end_bar()
    if found.fault is not None:
        print(_fault(found.fault))
        return 1
    print(
        _("Juste : %(entries)d entrées, %(heads)d points de contrôle et %(witnesses)d cosignatures en %(seconds).1f s.")
        % {
            "entries": found.entries,
            "heads": found.checkpoints,
            "witnesses": found.cosignatures,
            "seconds": time.monotonic() - began,
        }
    )
    _print_keys(found.keys)
    if found.waiting:
        print(_("%d entrées attendent encore leur position : « lacydon journal publish ».") % found.waiting)
    if found.backwards:
        print(_("L’horloge a reculé %d fois ; l’ordre des positions reste le bon.") % found.backwards)
    return 0


def _fault(fault: Fault) -> str:
    said = {
        "edited": _("modifiée après coup"),
        "deleted": _("supprimée"),
        "inserted": _("ajoutée hors du journal"),
        "reordered": _("déplacée"),
        "truncated": _("manquante, ainsi que toutes celles qui suivaient : le journal est tronqué"),
        "rewritten": _("la première qui peut avoir été réécrite depuis un point de contrôle juste"),
        "tile": _("en désaccord avec la tuile publiée"),
        "signature": _("la dernière d’un point de contrôle dont la signature est fausse"),
    }[fault.kind]
    where = _("sans position encore") if fault.position is None else str(fault.position)
    return _("FAUTE. Entrée %(where)s : %(said)s. (%(kind)s %(detail)s)") % {
        "where": where,
        "said": said,
        "kind": fault.kind,
        "detail": fault.detail,
    }


def _bar(done: int, of: int) -> None:
    if sys.stderr.isatty():
        share = done / of if of else 1.0
        filled = "█" * round(share * 30)
        text = _("%(done)d entrées sur %(of)d") % {"done": done, "of": of}
        print(f"\r{filled:░<30} {share * 100:3.0f} %  {text}", end="", file=sys.stderr, flush=True)


def _end_bar() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)


def journal_publish() -> int:
    """Put what was recorded in the tree and sign its head, then ask the witnesses of the settings."""
    checkpoint = publish_checkpoint()
    if checkpoint is None:
        print(_("Le journal est vide."))
        return 0
    print(queries.cosigned(checkpoint), end="")
    return journal_witness([]) if witnesses() else 0


def journal_key() -> int:
    """Show the key that anybody verifies the journal with."""
    print(public_key())
    return 0


def journal_renew_key() -> int:
    """A new key in charge of what is signed from now on; the old one signs along until it is retired."""
    keys = renew_key()
    _print_keys(keys.terms)
    print(_("Sauvegardez maintenant le dossier de clés et donnez la nouvelle clé aux témoins."))
    print(_("Quand ils l’ont : « lacydon journal retire-key %s ».") % keys.terms[-2].key.id.hex())
    return 0


def journal_retire_key(id: str) -> int:
    """An old key signs no more: its private half is destroyed."""
    _print_keys(retire_key(id).terms)
    print(_("La clé %s est détruite. Ôtez-la aussi des sauvegardes ; ce qu’elle a signé reste juste.") % id)
    return 0


def _print_keys(terms: Sequence[Term]) -> None:
    """Who signs which heads, when the key has changed."""
    if len(terms) < 2:
        return
    for term in terms:
        said = [_("depuis la taille %d") % (term.after + 1) if term.after >= 0 else _("depuis le début")]
        if term.until is not None:
            said.append(_("ne signe plus après la taille %d") % term.until)
        elif term != terms[-1]:
            said.append(_("signe encore avec la suivante"))
        print(f"{term.key} : {', '.join(said)}")


def journal_witness(pairs: Sequence[str]) -> int:
    """Ask witnesses to sign the latest checkpoint: `pairs` of address and key, or else those of the settings."""
    if len(pairs) % 2:
        raise BadInput(_("Chaque témoin est donné par une adresse suivie de sa clé."))
    asked = [Witness(url=url, key=key) for url, key in zip(pairs[::2], pairs[1::2], strict=True)] or witnesses()
    if not asked:
        print(_("Aucun témoin : donnez « ADRESSE CLÉ », ou le réglage LACYDON_JOURNAL_WITNESSES."))
        return 1
    refused = 0
    for each in asked:
        try:
            made = ask_witness(each)
        except Refused as refusal:
            refused += 1
            print(f"{each} : {refusal.sentence}")
        else:
            print(_("%(name)s a signé les %(size)d entrées.") % {"name": each, "size": made.checkpoint_id})
    return 1 if refused else 0


def journal_export(folder: Path) -> int:
    """Write the published journal as files that any web server serves; what is there already is not written again."""
    checkpoint = publish_checkpoint()
    if checkpoint is None:
        print(_("Le journal est vide."))
        return 0
    written = 0
    for tile in tiles_of(checkpoint.size):
        path = folder / tile.path
        if path.exists() and path.stat().st_size == tile.width * HASH:
            continue
        hashes = queries.tile(tile.path)
        assert hashes is not None, tile.path
        _write(path, hashes)
        written += 1
    if said := published_keys():
        _write(folder / "keys", said.encode())
    _write(folder / "key", f"{public_key()}\n".encode())
    _write(folder / "checkpoint", queries.cosigned(checkpoint).encode())  # last: its tiles are all there
    print(
        _("%(written)d tuiles écrites dans %(folder)s ; %(size)d entrées publiées.")
        % {"written": written, "folder": folder, "size": checkpoint.size}
    )
    return 0


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
