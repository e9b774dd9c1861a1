"""The JSON API: every capability's router under /api/v1."""

from ninja import NinjaAPI

from lacydon.capabilities.agenda import api as agenda
from lacydon.capabilities.data import api as data
from lacydon.capabilities.mobility import api as mobility
from lacydon.capabilities.requests.api import figures, forms
from lacydon.capabilities.services.api import services
from lacydon.capabilities.territory import api as territory
from lacydon.kernel import problems

api = NinjaAPI(
    title="Lacydon",
    version="1",
    description="Public services of the territory, who is competent for what, communes and addresses. Open, no key.",
    urls_namespace="api-v1",
    docs_url=None,
)
problems.install(api)
api.add_router("/services", services.router)
api.add_router("/figures", figures.router)
api.add_router("/forms", forms.router)
api.add_router("/data", data.router)
api.add_router("/mobility", mobility.router)
api.add_router("/agenda", agenda.router)
api.add_router("", territory.router)
