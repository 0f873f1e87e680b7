"""What leaves is what was approved, to the record; whatever comes in between, nothing does."""

import hashlib
import shutil
from datetime import timedelta

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.disclosure.release import carry_out as path
from curtilage.disclosure.release.carry_out import part_of
from curtilage.disclosure.release.desk import BrokenPlanError, approve
from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.files import NotWrittenError
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.testing.clock import StoppedClock
from tests.disclosure import casework as cw
from tests.disclosure.releases import SCOPE, SERIES, Town, load_town
from tests.ledger.ledgers import PlainSealer

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")


@pytest.fixture
def clock():
    return StoppedClock(cw.NOON)


@pytest.fixture
def town(tmp_path, clock):
    return Town(tmp_path, clock=clock, ledger=Record(MemoryStore(), clock=clock, sealer=PlainSealer()))


def files(town):
    return [each.name for each in town.out.iterdir()]


def refused(town, case, left):
    """Return the codes of the reasons; nothing left, and nothing is in the folder."""
    assert not left
    assert files(town) == []
    assert not town.read(case).gone
    return {reason.code for reason in left.reasons}


# --- what leaves --------------------------------------------------------------------------------


def test_the_package_holds_the_approved_fields_of_these_people_and_nothing_else(town):
    case, plan = town.approved()
    left = town.release(case, plan)
    held = town.open(left.path)
    assert (
        held["records/01-housing.applicants.csv"]
        == '"no.","name","received"\r\n"1","Ana Canary-4711","2016-02-03"\r\n'
    )
    assert set(held) == {"READ-ME.txt", "records/01-housing.applicants.csv", "manifest.json"}


def test_the_manifest_says_what_is_inside_and_what_stayed(town):
    case, plan = town.approved(SCOPE.replace("[name, received]", "[name, received, origin]"))
    said = town.manifest(town.release(case, plan).path)
    assert (said["case"], said["plan"], said["basis"]) == (case, plan.id, "court-order")
    assert said["files"][0]["records"] == 1
    assert said["left_out"] == [
        {"place": "housing.applicants", "fields": {"origin": "prohibited"}, "records": {}}
    ]
    assert "outside" not in str(said)


def test_the_manifest_says_where_nothing_was_found(town):
    scope = SCOPE + "  - {in: drive.list.csv, about: ['9'], fields: [name], dated_by: age}\n"
    case, plan = town.approved(scope)
    said = town.manifest(town.release(case, plan).path)
    assert said["searched"] == {"housing.applicants": 1, "drive.list.csv": 0}
    assert [each["place"] for each in said["files"]] == ["housing.applicants"]


def test_the_manifests_digest_is_that_of_the_file(town):
    case, plan = town.approved()
    left = town.release(case, plan)
    (said,) = town.manifest(left.path)["files"]
    assert hashlib.sha256(town.open(left.path)[said["name"]].encode()).hexdigest() == said["sha256"]


def test_the_ledger_holds_the_hash_of_the_package_and_its_counts(town):
    case, plan = town.approved()
    left = town.release(case, plan)
    (gone,) = town.read(case).gone
    assert gone.package_hash == left.digest == hashlib.sha256(left.path.read_bytes()).hexdigest()
    assert (gone.rows, gone.subjects, gone.fields) == (1, 1, (("housing.applicants", 2),))
    assert town.kinds(case)[-2:] == ["release-intended", "released"]


def test_nobody_but_the_recipient_opens_it(town):
    import pyrage

    case, plan = town.approved()
    left = town.release(case, plan)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(left.path.read_bytes(), [pyrage.x25519.Identity.generate()])


def test_nothing_plain_is_written_anywhere(town):
    case, plan = town.approved()
    left = town.release(case, plan)
    assert b"Canary" not in town.everything_written()
    assert files(town) == [left.path.name]
    assert "4711" not in left.path.name


def test_several_places_and_a_folder_leave_in_one_package(town):
    scope = """\
period: none named
records:
  - {in: housing.applicants, about: ['4711'], fields: [name, address]}
  - {in: library.loans, about: [A-1], fields: [title]}
  - {in: drive.list.csv, about: ['4712'], fields: [name]}
"""
    case, plan = town.approved(scope)
    held = town.open(town.release(case, plan).path)
    assert held["records/02-library.loans.csv"] == '"no.","title"\r\n"1","Knots"\r\n"2","Maps"\r\n'
    assert held["records/03-drive.list.csv.csv"] == '"no.","name"\r\n"1","Bo Canary-4712"\r\n'


def test_documents_that_an_order_names_leave_as_they_are_under_names_that_name_nobody(tmp_path):
    held = (
        SERIES
        + "  - {id: scans, title: Scans, held_in: [{in: drive.scans/**/*.pdf, subject: file_folder}]}\n"
    )
    town = Town(tmp_path, declared=load_town(**{"inventory/series/records.yml": held}))
    for person in ("4711", "4712"):
        folder = town.addresses["drive"] / "scans" / person
        folder.mkdir(parents=True)
        (folder / f"Canary-{person}.pdf").write_bytes(f"%PDF Canary-{person}".encode() * 5000)
    scope = """\
period: none named
records:
  - {in: drive.scans/**/*.pdf, about: [scans/4711], fields: [content], named_by_order: [content]}
"""
    case, plan = town.approved(scope, status="yes")
    left = town.release(case, plan)
    held = town.open(left.path)
    assert held["documents/01-00001.pdf"] == "%PDF Canary-4711" * 5000
    assert held["records/01-drive.scans_.pdf.csv"] == '"no.","content"\r\n"1","documents/01-00001.pdf"\r\n'
    assert [each["name"] for each in town.manifest(left.path)["files"]] == list(held)[1:3]
    assert "4712" not in str(held)
    assert b"Canary" not in town.everything_written()


def test_a_value_stands_in_it_as_the_system_has_it(town):
    odd = '=1+1,"so"\r\nñ 漢'
    town.run("housing", "UPDATE applicants SET name = ?, address = NULL WHERE received LIKE '2016-02%'", odd)
    case, plan = town.approved(SCOPE.replace("[name, received]", "[name, address]"))
    (row,) = _rows(town.open(town.release(case, plan).path)["records/01-housing.applicants.csv"])
    assert row == [odd, ""]


def _rows(text):
    import csv
    import io

    return [row[1:] for row in csv.reader(io.StringIO(text, newline=""))][1:]


def test_a_record_that_holds_nothing_of_what_was_asked_is_a_record_all_the_same(town):
    town.run("housing", "UPDATE applicants SET address = NULL")
    case, plan = town.approved(SCOPE.replace("[name, received]", "[address]"))
    held = town.open(town.release(case, plan).path)
    assert held["records/01-housing.applicants.csv"] == '"no.","address"\r\n"1",\r\n'


def test_a_release_that_is_run_again_says_that_it_is_done(town):
    case, plan = town.approved()
    first = town.release(case, plan)
    before = first.path.read_bytes(), town.kinds(case)
    again = town.release(case, plan)
    assert again.is_again
    assert (again.path.read_bytes(), town.kinds(case)) == before


def test_in_another_folder_nothing_is_made_a_second_time(town, tmp_path):
    case, plan = town.approved()
    town.release(case, plan)
    (tmp_path / "other").mkdir()
    left = town.release(case, plan, out=tmp_path / "other")
    assert [reason.code for reason in left.reasons] == ["not-here"]
    assert list((tmp_path / "other").iterdir()) == []


def test_a_package_that_somebody_changed_is_told(town):
    case, plan = town.approved()
    town.release(case, plan).path.write_bytes(b"another")
    assert [reason.code for reason in town.release(case, plan).reasons] == ["other-package"]


def test_a_file_in_the_way_is_left_as_it_is(town):
    case, plan = town.approved()
    (town.out / plan.package).write_bytes(b"whose?")
    left = town.release(case, plan)
    assert [reason.code for reason in left.reasons] == ["in-the-way"]
    assert (town.out / plan.package).read_bytes() == b"whose?"
    assert not town.read(case).gone


# --- who may, and when ----------------------------------------------------------------------------


def test_nothing_leaves_without_two_approvals(town):
    case = town.decided()
    plan = town.plan(case).plan
    assert refused(town, case, town.release(case, plan)) == {"not-approved"}
    town.approve(case, plan.id, cw.RELEASER)
    assert refused(town, case, town.release(case, plan)) == {"not-approved"}


def test_who_planned_does_not_approve(town):
    case = town.decided()
    plan = town.plan(case, by=cw.RELEASER).plan
    acted = approve(town.releasing(cw.RELEASER), case, plan.id, "releaser")
    assert cw.why(acted) >= {"own-plan"}


@pytest.mark.parametrize("who", [cw.DESK, cw.CLERK, cw.BOARD, cw.BUYER, cw.RECORDS, cw.LAW])
def test_only_the_role_of_the_ruling_hands_it_out(town, who):
    case, plan = town.approved()
    assert "not-your-role" in refused(town, case, town.release(case, plan, by=who))


@pytest.mark.parametrize("ground", ["counsel", "order", "motion"])
def test_a_case_that_is_held_releases_nothing(town, ground):
    case, plan = town.approved()
    cw.done(act(town.desk, case, ev.Held(ground, None), by=cw.LAW))
    assert "held" in refused(town, case, town.release(case, plan))


def test_a_fact_that_changed_takes_the_approvals_back(town):
    case, plan = town.approved()
    cw.done(act(town.desk, case, *cw.facts(motion_pending="yes"), by=cw.LAW))
    assert refused(town, case, town.release(case, plan)) >= {"not-decided", "no-plan"}


def test_policy_is_asked_anew_at_that_moment(town):
    case, plan = town.approved()
    town.policies, town.active = cw.policies("or"), cw.active("or")
    assert refused(town, case, town.release(case, plan)) == {"decided-on-others"}


def test_a_set_of_rules_that_is_not_active_lets_nothing_out(town):
    case, plan = town.approved()
    town.active = None
    assert refused(town, case, town.release(case, plan)) == {"no-active-rules"}


def test_a_plan_that_expired_is_not_carried_out(town, clock):
    case, plan = town.approved()
    clock.move(timedelta(days=8))
    assert "plan-expired" in refused(town, case, town.release(case, plan))


def test_another_plan_than_the_one_that_stands_is_not_carried_out(town, tmp_path):
    case = town.decided()
    old = town.plan(case).plan
    town.approve(case, old.id)
    town.plan(case, recipients=Town(tmp_path).recipients)
    assert refused(town, case, town.release(case, old)) >= {"other-plan", "not-approved"}


def test_a_plan_that_somebody_changed_is_evidence(town):
    case, _ = town.approved()
    standing = town.read(case).plan
    forged = ev.Planned("f" * 64, 1, 1, standing.fields, standing.left_out, standing.expires)
    body = cw.step(forged, plan='{"format": 1}')
    cw.done(act(town.desk, case, body, by=cw.RECORDS))
    with pytest.raises(BrokenPlanError):
        approve(town.releasing(cw.RELEASER), case, "f" * 64, "releaser")


# --- what changed since the plan -------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO applicants VALUES (4711, 'Canary-new', NULL, '2016-05-05', NULL, NULL, NULL)",
        "DELETE FROM applicants WHERE received LIKE '2017%'",
        "UPDATE applicants SET received = '2016-01-09' WHERE received LIKE '2017%'",
    ],
)
def test_records_that_changed_since_the_plan_stop_it(town, sql):
    case, plan = town.approved()
    town.run("housing", sql)
    left = town.release(case, plan)
    assert refused(town, case, left) == {"plan-changed"}
    assert "housing.applicants" in left.reasons[0].text


def test_records_of_others_that_changed_do_not(town):
    case, plan = town.approved()
    town.run("housing", "INSERT INTO applicants VALUES (1, 'Canary-x', NULL, '2016-05-05', NULL, NULL, NULL)")
    assert town.release(case, plan)


def test_records_that_are_all_gone_stop_it(town):
    case, plan = town.approved()
    town.run("housing", "DELETE FROM applicants WHERE person = 4711")
    assert refused(town, case, town.release(case, plan)) == {"no-such-record"}


def test_a_record_too_many_from_a_system_that_lies_stops_it(town):
    def opener(system):
        made = town.opener(system)
        read = made.read
        made.read = lambda wanted: (row for each in read(wanted) for row in (each, each))
        return made

    case, plan = town.approved()
    left = town.release(case, plan, opener=opener)
    assert refused(town, case, left) == {"disclosure.plan-missed"}
    assert town.kinds(case)[-2:] == ["release-intended", "release-stopped"]
    assert not town.read(case).releasing


def test_after_a_stop_it_can_be_planned_and_released_anew(town):
    test_a_record_too_many_from_a_system_that_lies_stops_it(town)
    case = town.desk.ledger.list_streams("disclosure/case-")[0].removeprefix("disclosure/case-")
    plan = town.plan(case).plan
    town.approve(case, plan.id)
    assert town.release(case, plan)


# --- what comes in between -------------------------------------------------------------------------


def test_a_hold_that_comes_while_the_package_is_made_stops_it(town):
    def opener(system):
        made = town.opener(system)
        read = made.read

        def reading(wanted):
            yield from read(wanted)
            cw.done(act(town.desk, case, ev.Held("counsel", None), by=cw.LAW))

        made.read = reading
        return made

    case, plan = town.approved()
    assert "held" in refused(town, case, town.release(case, plan, opener=opener))
    assert town.kinds(case)[-3:] == ["release-intended", "held", "release-stopped"]


def test_rules_that_change_while_the_package_is_made_stop_it(town):
    def opener(system):
        made = town.opener(system)
        read = made.read

        def reading(wanted):
            yield from read(wanted)
            town.policies = cw.policies("or")

        made.read = reading
        return made

    case, plan = town.approved()
    assert refused(town, case, town.release(case, plan, opener=opener)) == {"other-rules-active"}
    assert town.kinds(case)[-2:] == ["release-intended", "release-stopped"]


def test_a_paper_that_is_attached_meanwhile_does_not(town):
    def opener(system):
        made = town.opener(system)
        read = made.read

        def reading(wanted):
            yield from read(wanted)
            cw.done(act(town.desk, case, ev.Assigned("records"), by=cw.LAW))

        made.read = reading
        return made

    case, plan = town.approved()
    assert town.release(case, plan, opener=opener)


def test_a_system_that_fails_leaves_the_intent_and_nothing_else(town):
    class LostError(CurtilageError):
        """The system is gone."""

    def opener(system):
        made = town.opener(system)

        def reading(wanted):
            yield ("Ana Canary-4711", "2016-02-03")
            raise LostError("gone")

        made.read = reading
        return made

    case, plan = town.approved()
    with pytest.raises(LostError):
        town.release(case, plan, opener=opener)
    assert files(town) == []
    assert town.read(case).releasing == plan.id
    assert town.release(case, plan)
    assert town.kinds(case)[-3:] == ["release-intended", "release-intended", "released"]


def test_two_at_once_one_makes_it_and_the_other_is_told(town):
    inner = []

    def opener(system):
        inner.append(town.release(case, plan))
        return town.opener(system)

    case, plan = town.approved()
    assert town.release(case, plan, opener=opener)
    assert [reason.code for reason in inner[0].reasons] == ["taken"]
    assert town.kinds(case).count("released") == 1


def test_a_disk_that_fills_up_leaves_nothing(town, monkeypatch):
    def full(pieces, out, recipients):
        next(pieces)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(path, "seal_stream", full)
    case, plan = town.approved()
    with pytest.raises(NotWrittenError, match="No space left"):
        town.release(case, plan)
    assert files(town) == []
    assert not town.read(case).gone


def test_a_folder_that_is_not_there_is_told(town, tmp_path):
    case, plan = town.approved()
    with pytest.raises(NotWrittenError):
        town.release(case, plan, out=tmp_path / "nowhere")
    assert not town.read(case).gone


# --- cut off --------------------------------------------------------------------------------------


class CutError(BaseException):
    """Stands for a kill: nothing that comes after it runs."""


def cut(town, case, plan, monkeypatch, where):
    """Cut a release off at a point, as kill -9 does, and keep what was on the disk at that moment."""
    kept = town.folder / "kept"

    def die(*_):
        shutil.copytree(town.out, kept)
        raise CutError

    with monkeypatch.context() as patch:
        patch.setattr(path, where, die)
        with pytest.raises(CutError):
            town.release(case, plan)
    shutil.rmtree(town.out)
    kept.rename(town.out)


def test_cut_off_between_the_record_and_the_name_it_is_finished_with_the_very_bytes(town, monkeypatch):
    case, plan = town.approved()
    cut(town, case, plan, monkeypatch, "_rename")
    before = part_of(town.out / plan.package).read_bytes()
    left = town.release(case, plan)
    assert left.is_again
    assert left.path.read_bytes() == before
    assert files(town) == [plan.package]
    assert town.kinds(case).count("released") == 1


def test_cut_off_before_the_record_it_is_made_anew_and_the_first_is_destroyed(town, monkeypatch):
    case, plan = town.approved()
    cut(town, case, plan, monkeypatch, "_name")
    before = part_of(town.out / plan.package).read_bytes()
    assert not (town.out / plan.package).exists()
    left = town.release(case, plan)
    assert left.path.read_bytes() != before
    assert files(town) == [plan.package]
    assert town.kinds(case)[-3:] == ["release-intended", "release-intended", "released"]


def test_cut_off_and_held_since_it_is_recorded_as_stopped(town, monkeypatch):
    case, plan = town.approved()
    cut(town, case, plan, monkeypatch, "_name")
    cw.done(act(town.desk, case, ev.Held("order", None), by=cw.LAW))
    left = town.release(case, plan)
    assert "held" in {reason.code for reason in left.reasons}
    assert town.kinds(case)[-1] == "release-stopped"
    assert not (town.out / plan.package).exists()


def test_who_may_not_release_does_not_stop_one_that_was_cut_off(town, monkeypatch):
    case, plan = town.approved()
    cut(town, case, plan, monkeypatch, "_name")
    assert not town.release(case, plan, by=cw.RECORDS)
    assert town.read(case).releasing == plan.id


@pytest.mark.parametrize("who", [cw.DESK, cw.BOARD, cw.RECORDS])
def test_only_who_releases_finishes_what_was_cut_off(town, monkeypatch, who):
    case, plan = town.approved()
    cut(town, case, plan, monkeypatch, "_rename")
    assert [reason.code for reason in town.release(case, plan, by=who).reasons] == ["not-your-role"]
    assert not (town.out / plan.package).exists()


def test_a_package_that_was_lost_after_its_record_is_not_made_again(town, monkeypatch):
    case, plan = town.approved()
    cut(town, case, plan, monkeypatch, "_rename")
    part_of(town.out / plan.package).unlink()
    assert [reason.code for reason in town.release(case, plan).reasons] == ["not-here"]
    assert files(town) == []


def test_a_ledger_that_fails_at_the_record_is_asked_the_next_time_whether_it_stands(town, monkeypatch):
    case, plan = town.approved()
    true = path.record

    def failing(release, name, step):
        acted = true(release, name, step)
        if isinstance(step, ev.Released):
            raise ConnectionError  # it stands, and nobody was told
        return acted

    monkeypatch.setattr(path, "record", failing)
    with pytest.raises(ConnectionError):
        town.release(case, plan)
    monkeypatch.undo()
    left = town.release(case, plan)
    assert left.is_again
    assert town.kinds(case).count("released") == 1
