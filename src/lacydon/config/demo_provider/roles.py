"""The roles that invented agents hold from the start: somebody must be in charge for a demonstration to begin."""

from lacydon.capabilities.trust import public as trust

from .issuer import Issuer
from .people import agents


def give_roles(issuer: Issuer) -> int:
    """Make each agent with roles known, once, and give them; how many were new."""
    new = 0
    for each in agents():
        subject = issuer.subject_of(each)
        if not each.roles or trust.person_of_identity(issuer=issuer.issuer, subject=subject):
            continue
        claims = {"given_name": each.claims["given_name"], "family_name": each.claims["usual_name"]}
        claims |= {"siret": each.claims["siret"], "siren": each.claims["siren"]}
        person, _new = trust.sign_in(
            provider="proconnect", kind="agent", issuer=issuer.issuer, subject=subject, assurance=1, claims=claims
        )
        for organisation, _name, id, _roles in list(trust.members()):
            if id == str(person.id):
                for role in each.roles:
                    trust.appoint(agent=id, organisation=organisation, role=role)
        new += 1
    return new
