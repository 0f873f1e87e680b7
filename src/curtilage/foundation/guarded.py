"""Text that belongs to a resident, wrapped so that it cannot print itself by accident."""

from __future__ import annotations

from typing import Final, NoReturn, final


@final
class Guarded:
    """A resident's own words or numbers.

    Its ``repr`` and ``str`` tell the length and nothing else, it cannot be pickled, formatted or
    iterated, and two of them compare without showing what they hold. :meth:`unsafe_reveal` is the
    only way out, named so that a reviewer can search for it.

    >>> Guarded("Maria Lopez")
    <Guarded, 11 characters>
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def unsafe_reveal(self) -> str:
        """Return the text itself. The caller now answers for where it goes."""
        return self._text

    def __len__(self) -> int:
        """Return the number of characters."""
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        """Compare with another guarded text; anything else is unequal."""
        return isinstance(other, Guarded) and self._text == other._text

    def __hash__(self) -> int:
        """Hash by what is held, within this process only."""
        return hash((Guarded, self._text))

    def __repr__(self) -> str:
        """Tell the length, never the text."""
        return f"<Guarded, {len(self._text)} characters>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Tell the length, whatever format is asked for."""
        return repr(self)

    def __reduce__(self) -> NoReturn:
        """Refuse to be written out."""
        raise TypeError("A guarded text cannot be serialised: it would make a second copy.")
