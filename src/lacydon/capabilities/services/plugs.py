"""What the catalogue offers to the whole house."""

from lacydon.kernel.personal import PersonalData
from lacydon.kernel.plugs import folder_readers, indicators, personal_data, search_documents

from .loader import CatalogueReader
from .queries.indicators import of_services
from .queries.search import KIND, documents

folder_readers.plug("services")(CatalogueReader)
search_documents.plug(KIND)(documents)
indicators.plug("services")(of_services)


@personal_data.plug("services")
def personal() -> PersonalData:
    """The catalogue holds nothing about anybody."""
    return PersonalData()
