"""Two agents of two communes who exchange kits, signed in: `python -m tests.journeys.replicators 13005 13056`."""

import json
import os
import sys


def replicators(citycodes: list[str]) -> dict[str, str]:
    """INSEE code → cookie, in the product whose environment this is."""
    from django.conf import settings

    from lacydon.capabilities.trust.models import Organisation
    from tests.capabilities.trust import people

    cookies = {}
    for code in citycodes:
        place = Organisation.objects.get(pk=f"commune-{code}")
        person = people.agent(organisation=place, roles=("agenda.replicator",))
        client = people.signed_in(people.visitor(), person, organisation=place.id)
        cookies[code] = str(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return cookies


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    print(json.dumps(replicators(sys.argv[1:])))
