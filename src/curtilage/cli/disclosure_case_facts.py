"""``curtilage disclosure identify``, ``classify``, ``state``, ``narrow``, ``assign``, ``hold``, ``lift``.

What people say of a case, before policy is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.disclosure_case_desk import open_case_desk, read_words, step_options, tell
from curtilage.disclosure.case.nouns import AUTHENTIC, GROUNDS, PROOFS
from curtilage.disclosure.nouns import CUSTODIES, HOLDERS, ISSUERS, SIGNERS

if TYPE_CHECKING:
    from curtilage.foundation.guarded import Guarded

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.command(
    short_help="Say who issued and signed a paper, and whether it is genuine.",
    epilog=render.examples(
        "curtilage disclosure identify k3m7ab2x --issuer court --signer judge --authentic yes --how clerk-of-court --as records"
    ),
)
@step_options
@click.option("--issuer", required=True, type=click.Choice(ISSUERS), help="Who issued it, or asks.")
@click.option("--signer", required=True, type=click.Choice(SIGNERS), help="Who signed it.")
@click.option(
    "--authentic",
    required=True,
    type=click.Choice(AUTHENTIC),
    help="Whether it is genuine, as you found; this program never says so.",
)
@click.option(
    "--how", default="none", type=click.Choice(PROOFS), show_default=True, help="How you verified it."
)
def identify(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    issuer: str,
    signer: str,
    authentic: str,
    how: str,
) -> int:
    """Record who issued and signed a paper, and whether you verified that it is genuine.

    An immigration judge is an officer of the executive branch, not of a court. Verify with the clerk of the
    court, or by calling the issuer's published number; what a paper says of itself proves nothing.
    """
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import Identified

    with open_case_desk(city) as room:
        said = Identified(issuer, signer, authentic, how)
        return tell(room, act(room.desk, case, said, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    short_help="Say what a paper is, or what is asked.",
    epilog=render.examples(
        "curtilage disclosure classify k3m7ab2x judicial-warrant --not-civil-immigration --holder other --served 2026-11-23 --as records",
        "curtilage disclosure classify k3m7ab2x i-138 --civil-immigration --holder other --return-by 2026-12-14 --subjects people.txt --as records",
    ),
)
@step_options
@click.argument("instrument")
@click.option(
    "--civil-immigration/--not-civil-immigration",
    default=None,
    help="Whether the stated purpose is civil immigration enforcement.",
)
@click.option("--holder", required=True, type=click.Choice(HOLDERS), help="Whose records they are.")
@click.option(
    "--custody", default="city", type=click.Choice(CUSTODIES), show_default=True, help="Who was served."
)
@click.option("--form", default="", metavar="NUMBER", help="The form's number as printed, such as I-200.")
@click.option("--revision", default="", metavar="NUMBER", help="Its revision as printed.")
@click.option("--issued", callback=render.read_day, metavar="DAY", help="The date on the paper.")
@click.option("--served", callback=render.read_day, metavar="DAY", help="The day on which it was served.")
@click.option(
    "--return-by", callback=render.read_day, metavar="DAY", help="The day by which it wants an answer."
)
@click.option("--subjects", type=_FILE, help="Whom it names: a file with an identifier a line. Kept sealed.")
@click.option("--records", type=_FILE, help="Which records it describes: a text file. Kept sealed.")
@click.option("--gag", type=_FILE, help="The words that forbid telling of it: a text file. Kept sealed.")
def classify(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    instrument: str,
    civil_immigration: bool | None,
    holder: str,
    custody: str,
    form: str,
    revision: str,
    issued: date | None,
    served: date | None,
    return_by: date | None,
    subjects: Path | None,
    records: Path | None,
    gag: Path | None,
) -> int:
    """Record what a paper is: a row of the instruments, with its dates. A person classifies, never the program.

    Said anew, it takes back counsel's confirmation and whatever was decided. The instruments are listed by:
    curtilage disclosure table
    """
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.steps import Step

    if civil_immigration is None:
        raise click.UsageError(
            "Say --civil-immigration or --not-civil-immigration: it is never guessed. Nothing was recorded."
        )
    people = _read_people(subjects)
    bodies = {
        ev.SUBJECTS: people[1] if people else None,
        ev.RECORDS: read_words(records),
        ev.GAG: read_words(gag),
    }
    said = ev.Classified(
        instrument=instrument,
        form=form,
        revision=revision,
        issued=issued,
        served=served,
        return_by=return_by,
        civil_immigration=civil_immigration,
        custody=custody,
        holder=holder,
        gag=gag is not None,
        subjects=people[0] if people else 0,
        hints=(),
    )
    with open_case_desk(city) as room:
        step = Step(said, _given(bodies))
        return tell(room, act(room.desk, case, step, by=room.person(who), seen=seen), quiet=quiet)


def _read_people(path: Path | None) -> tuple[int, Guarded] | None:
    """Return how many identifiers a file names, and their canonical JSON; each once, in the file's order."""
    from curtilage.foundation.guarded import Guarded

    words = read_words(path)
    if words is None:
        return None
    lines = dict.fromkeys(line.strip() for line in words.unsafe_reveal().splitlines() if line.strip())
    return len(lines), Guarded(json.dumps(list(lines), ensure_ascii=False, separators=(",", ":")))


def _given(bodies: Mapping[str, Guarded | None]) -> dict[str, Guarded]:
    return {name: body for name, body in bodies.items() if body is not None}


@click.command(
    short_help="State facts of a case.",
    epilog=render.examples(
        "curtilage disclosure state k3m7ab2x status=no locator=yes other_personal=yes --as records",
        "curtilage disclosure state k3m7ab2x motion_pending=no in_force=yes --as attorney",
        "curtilage disclosure state k3m7ab2x consent=none --as records",
    ),
)
@step_options
@click.argument("facts", nargs=-1, required=True, metavar="FACT=WORD...")
def state(
    *, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, facts: tuple[str, ...]
) -> int:
    """State one or more facts; what was stated last counts, and FACT=none takes it back.

    What could only let something out is no until somebody states it. What would stop it is never guessed:
    until it is stated, policy is not asked. Whoever states a fact takes back what was decided before.
    """
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import FactStated

    said = []
    for each in facts:
        fact, is_there, word = each.partition("=")
        if not is_there:
            raise click.UsageError("Write FACT=WORD, such as status=no. Nothing was recorded.")
        said.append(FactStated(fact.strip().replace("-", "_"), word.strip()))
    with open_case_desk(city) as room:
        return tell(room, act(room.desk, case, *said, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    short_help="Say how far an answer goes: whom, which fields, which period.",
    epilog=render.examples("curtilage disclosure narrow k3m7ab2x scope.yml --matched --as attorney"),
)
@step_options
@click.argument("scope", type=click.File("rb"), metavar="SCOPE")
@click.option("--matched", is_flag=True, help="Also state, as counsel, that this is what the paper names.")
def narrow(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    scope: IO[bytes],
    matched: bool,
) -> int:
    """Record how far the answer goes at most: people, fields, systems, period, as somebody read the paper.

    The file names people, and is kept sealed; the record says how many. A scope that would reach everybody is
    refused. A new scope takes back that what is asked matches the paper: counsel states it anew.
    """
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.steps import Step
    from curtilage.disclosure.release.reach import check_declared
    from curtilage.disclosure.release.scope import read_scope
    from curtilage.foundation.canonical import canonical_bytes
    from curtilage.foundation.guarded import Guarded

    source = Path(scope.name).name
    read = read_scope(scope.read(), source)
    said = ev.Narrowed(read.subjects, read.fields, read.systems, read.since, read.until)
    body = Guarded(canonical_bytes(read.to_json()).decode())
    more = [ev.FactStated("scope", "matched")] if matched else []
    with open_case_desk(city) as room:
        check_declared(read, room.desk.declared, source)
        step = Step(said, {ev.SCOPE: body})
        return tell(room, act(room.desk, case, step, *more, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    short_help="Say who answers for a case.",
    epilog=render.examples("curtilage disclosure assign k3m7ab2x records --as privacy"),
)
@step_options
@click.argument("officer")
def assign(*, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, officer: str) -> int:
    """Record who answers for a case from now on. Nobody at a desk does."""
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import Assigned

    with open_case_desk(city) as room:
        return tell(
            room, act(room.desk, case, Assigned(officer), by=room.person(who), seen=seen), quiet=quiet
        )


@click.command(
    short_help="Hold a case: nothing leaves.",
    epilog=render.examples("curtilage disclosure hold k3m7ab2x motion --until 2026-12-14 --as attorney"),
)
@step_options
@click.argument("ground", type=click.Choice(GROUNDS))
@click.option(
    "--until",
    callback=render.read_day,
    metavar="DAY",
    help="The day on which somebody looks again. It stands until counsel lifts it.",
)
def hold(
    *, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, ground: str, until: date | None
) -> int:
    """Hold a case: nothing of it leaves until counsel lifts the hold. It takes back what was decided.

    This holds the case. That nothing it asks for is destroyed is another hold: curtilage disclosure preserve
    """
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import Held

    with open_case_desk(city) as room:
        said = Held(ground, until)
        return tell(room, act(room.desk, case, said, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    short_help="Lift the hold of a case.",
    epilog=render.examples("curtilage disclosure lift k3m7ab2x motion --as attorney"),
)
@step_options
@click.argument("ground", type=click.Choice(GROUNDS))
def lift(*, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, ground: str) -> int:
    """Lift a hold of a case, as counsel. What was decided before is decided anew."""
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import HoldLifted

    with open_case_desk(city) as room:
        return tell(
            room, act(room.desk, case, HoldLifted(ground), by=room.person(who), seen=seen), quiet=quiet
        )
