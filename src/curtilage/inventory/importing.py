"""Add drafts to a city's files: what is not declared yet, and nothing over what is there.

The outcome is a plan, whole files to read and then to write. It has been loaded before it is given,
so an import never leaves a folder that does not load.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from curtilage.foundation.errors import UsageError
from curtilage.inventory import edit
from curtilage.inventory._emit import emit_noun
from curtilage.inventory.draft import Draft, DraftCollection, Names, Plain
from curtilage.inventory.load import INVENTORY, Documents, load_documents
from curtilage.inventory.nouns import Inventory
from curtilage.inventory.shapes import identities

_HEAD: Final = """\
# Drafted from what was seen; nobody has decided anything yet.
# Search for "decide": each is a question to the people who run the program. Until it is answered,
# `curtilage check` reports it. What is not needed should not be asked: delete it at the source too.
"""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would write: read it, then let the caller write the files.

    Attributes:
        files: Whole files, new or changed; empty when all is declared already.
        added: Ids of the fields that are added, in order.
        known: How many fields were declared already and are left as they are.
    """

    files: tuple[edit.Edited, ...]
    added: tuple[str, ...]
    known: int


class AlreadyThereError(UsageError):
    """An import would change a file that exists."""

    code = "inventory.already-there"

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path} exists. Nothing was written. Give --merge to add only what it does not declare yet, "
            "or name another --department."
        )


def plan_import(documents: Documents, drafts: Sequence[Draft], *, merge: bool) -> Import:
    """Return what would be written to declare drafts that are not declared yet.

    Args:
        documents: The city's files as they are.
        drafts: What was seen.
        merge: Whether files that exist may be added to.

    Raises:
        AlreadyThereError: A department's file exists and ``merge`` is not set.
        DeclarationError: The files as they are, or as they would become, do not load.
    """
    inventory = load_documents(documents)
    for draft in drafts:
        path = f"{INVENTORY}/departments/{draft.department}.yml"
        if path in documents and not merge:
            raise AlreadyThereError(path=path)
    planning = _Planning(dict(documents), inventory)
    for draft in drafts:
        planning.take(draft)
    load_documents(planning.documents)
    changed = [path for path, content in planning.documents.items() if documents.get(path) != content]
    files = tuple(edit.Edited(path, planning.documents[path]) for path in changed)
    return Import(files, tuple(planning.added), planning.known)


class _Planning:
    """Adds drafts to the files in memory, one after the other."""

    def __init__(self, documents: dict[str, bytes], inventory: Inventory) -> None:
        self.documents = documents
        self.declared = {key: noun for key, (_, noun, _) in identities(inventory).items()}
        self.places = {
            place for each in inventory.list_fields() for place in (*each.stored_in, *each.asked_in)
        }
        self.names: dict[str, Names] = {}
        self.added: list[str] = []
        self.known = 0

    def take(self, draft: Draft) -> None:
        """Add what a draft says and the files do not."""
        for system in draft.systems:
            self._add("system", "", str(system["id"]), [system])
        collections = [self._unknown(draft, self._at_home(draft, each)) for each in draft.collections]
        collections = [collection for collection in collections if collection.fields]
        if not collections and not draft.purposes:
            return
        program = f"{draft.department}.{draft.program}"
        whole = {
            "id": draft.program,
            "purposes": list(draft.purposes),
            "collections": [_whole(each) for each in collections],
        }
        whole = {key: value for key, value in whole.items() if value}
        if ("department", draft.department) not in self.declared:
            self._add_department(draft, whole)
        elif ("program", program) not in self.declared:
            self._add("program", draft.department, program, [whole])
        else:
            self._add_to_program(program, draft, collections)

    def _at_home(self, draft: Draft, collection: DraftCollection) -> DraftCollection:
        """Return the collection under the id of the one that answers for its form or table already."""
        above = f"{draft.department}.{draft.program}"
        program = self.declared.get(("program", above))
        seen = {*collection.plain.get("forms", ()), *collection.plain.get("tables", ())}
        for known in program.collections if program is not None else ():
            if seen.intersection((*known.forms, *known.tables)):
                own = known.id.removeprefix(f"{above}.")
                return replace(collection, plain={**collection.plain, "id": own})
        return collection

    def _unknown(self, draft: Draft, collection: DraftCollection) -> DraftCollection:
        """Return the collection with the fields that are not declared, under ids that are free."""
        above = f"{draft.department}.{draft.program}.{collection.plain['id']}"
        taken = {identifier.removeprefix(f"{above}."): 1 for identifier in self._fields_of(above)}
        names = self.names.setdefault(above, Names(taken))
        fields = []
        for plain in collection.fields:
            places = [*plain.get("stored_in", ()), *plain.get("asked_in", ())]
            if (places and self.places.issuperset(places)) or (
                not places and f"{above}.{plain['field']}" in self._fields_of(above)
            ):
                self.known += 1
                continue
            own = str(plain["field"])
            fields.append({**plain, "field": own if own not in names.taken else names.take(own)})
            names.taken.setdefault(own, 1)
            self.places.update(places)
            self.added.append(f"{above}.{fields[-1]['field']}")
        return replace(collection, fields=tuple(fields))

    def _fields_of(self, collection: str) -> list[str]:
        declared = self.declared.get(("collection", collection))
        return [each.id for each in declared.fields] if declared is not None else []

    def _add_department(self, draft: Draft, program: Plain) -> None:
        lines = emit_noun({"id": draft.department, "programs": [program]})
        path = f"{INVENTORY}/departments/{draft.department}.yml"
        self.documents[path] = (_HEAD + "".join(f"{line}\n" for line in lines)).encode()
        self._learn()

    def _add_to_program(self, program: str, draft: Draft, collections: Sequence[DraftCollection]) -> None:
        for purpose in draft.purposes:
            self._add("purpose", program, f"{program}.{purpose['id']}", [purpose])
        known = [
            each for each in collections if ("collection", f"{program}.{each.plain['id']}") in self.declared
        ]
        fresh = [_whole(each) for each in collections if each not in known]
        additions = [edit.Addition("field", f"{program}.{each.plain['id']}", each.fields) for each in known]
        additions += [edit.Addition("collection", program, fresh)] if fresh else []
        for edited in edit.add_together(self.documents, additions):
            self._write(edited)
        self._learn()

    def _add(self, noun: str, parent: str, identifier: str, plains: Sequence[Plain]) -> None:
        if (noun, identifier) in self.declared:
            return
        self._write(edit.add_nouns(self.documents, noun, parent, plains))
        self._learn()

    def _write(self, edited: edit.Edited) -> None:
        self.documents[edited.path] = edited.content

    def _learn(self) -> None:
        self.declared = {
            key: noun for key, (_, noun, _) in identities(load_documents(self.documents)).items()
        }


def _whole(collection: DraftCollection) -> Plain:
    return {**collection.plain, "fields": list(collection.fields)}
