"""What the catalogue offers to the whole house."""

from lacydon.kernel.plugs import folder_readers, search_documents

from .loader import CatalogueReader
from .queries.search import KIND, documents

folder_readers.plug("services")(CatalogueReader)
search_documents.plug(KIND)(documents)
