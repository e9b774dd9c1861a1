"""`lacydon open311-keys`: who may post reports by machine."""

import sys

from lacydon.capabilities.requests import public as requests


def make(name: str) -> int:
    """A new key, shown now and never again."""
    try:
        key = requests.make_api_key(name=name)
    except requests.NameTaken as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 1
    print(f"Clé de « {name} », montrée cette fois seulement :\n{key}")
    return 0


def revoke(name: str) -> int:
    if not requests.revoke_api_key(name=name):
        print(f"Aucune clé en cours ne s’appelle « {name} ».", file=sys.stderr)
        return 1
    print(f"La clé de « {name} » ne sert plus.")
    return 0


def list_keys() -> int:
    keys = list(requests.api_keys())
    if not keys:
        print("Aucune clé. « lacydon open311-keys add NOM » en fait une.")
    for name, made, revoked in keys:
        print(f"{name}  {made:%Y-%m-%d}  {'retirée le ' + f'{revoked:%Y-%m-%d}' if revoked else 'en service'}")
    return 0
