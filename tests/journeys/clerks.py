"""Two clerks of two town halls, signed in: `python -m tests.journeys.clerks` → {"commune-13005": cookie, "commune-13055": cookie}."""

import json
import os


def clerks() -> dict[str, str]:
    """Made in the product whose environment this is."""
    from django.conf import settings

    from lacydon.capabilities.trust.models import Organisation
    from tests.capabilities.trust import people
    from tests.capabilities.trust.helping import named_agent

    cookies = {}
    for town, given, family in (("commune-13005", "Inès", "Roux"), ("commune-13055", "Yanis", "Colin")):
        person = people.agent(organisation=Organisation.objects.get(pk=town), roles=("requests.agent",))
        named_agent(person, organisation=town, given=given, family=family)
        client = people.signed_in(people.visitor(), person, organisation=town)
        cookies[town] = str(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return cookies


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    print(json.dumps(clerks()))
