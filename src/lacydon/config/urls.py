"""Every address of the platform."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from lacydon.capabilities.agenda import api as agenda_api
from lacydon.capabilities.agenda import pages as agenda
from lacydon.capabilities.data import api as data_api
from lacydon.capabilities.data import pages as data
from lacydon.capabilities.home import pages as home
from lacydon.capabilities.mobility import api as mobility_api
from lacydon.capabilities.mobility import pages as mobility
from lacydon.capabilities.requests import pages as requests
from lacydon.capabilities.requests.api import open311
from lacydon.capabilities.services import pages as services
from lacydon.capabilities.services.api import catalogue
from lacydon.capabilities.territory import pages as territory
from lacydon.capabilities.trust import pages as trust
from lacydon.kernel import health, problems

from .api import api
from .api_page import api_page
from .prefixes import gathered

handler400 = home.handler400
handler403 = home.handler403
handler404 = home.handler404
handler500 = home.handler500

urlpatterns = [
    # Under /api the active language is the reader's, not the address's: the French page needs a line of its own.
    path("api/v1/docs", api_page),
    path("api/v1/", problems.urls_of(api)),
    *health.urlpatterns,
    *catalogue.urlpatterns,
    *home.for_robots,
    *trust.for_machines,
    *requests.for_machines,
    *open311.urlpatterns,
    *data_api.urlpatterns,
    *mobility_api.urlpatterns,
    *agenda_api.urlpatterns,
    *i18n_patterns(
        *gathered(
            [
                *home.urlpatterns,
                *services.urlpatterns,
                *territory.urlpatterns,
                *trust.urlpatterns,
                *requests.urlpatterns,
                *data.urlpatterns,
                *mobility.urlpatterns,
                *agenda.urlpatterns,
                path("api/v1/docs", api_page, name="api-page"),
            ]
        ),
        prefix_default_language=False,
    ),
]
