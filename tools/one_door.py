"""import-linter contract: a package is entered by its door module only.

A name starting with the path of an exempt importer is not exempt: `lacydon.configuration` is not `lacydon.config`.
"""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacadeContract(Contract):
    """Other code imports `<container>.<package>.<door>` and nothing else of that package."""

    container = fields.StringField()
    door = fields.StringField()
    exempt_importers = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  (import-linter's signature)
        wrong = []
        for package in graph.find_children(self.container):
            for inner in (graph.find_descendants(package) | {package}) - {f"{package}.{self.door}"}:
                for importer in graph.find_modules_that_directly_import(inner):
                    if not within(importer, package) and not any(
                        within(importer, exempt) for exempt in self.exempt_importers or ()
                    ):
                        wrong.append((importer, inner))
        return ContractCheck(kept=not wrong, metadata={"wrong": sorted(wrong)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, inner in check.metadata["wrong"]:
            output.print_error(f"- {importer} imports {inner}; use {self.door}.py")


def within(module: str, package: str) -> bool:
    """Whether `module` is that package or stands in it."""
    return module == package or module.startswith(f"{package}.")
