import pytest

from curtilage.foundation import errors
from curtilage.foundation.errors import DeclarationError, Problem


def test_a_problem_is_said_in_the_form_that_editors_jump_to():
    problem = Problem("inventory/city.yml", 3, "There is no seat.", "Write: seats: []", "inventory.no-seat")

    assert str(problem) == "inventory/city.yml:3: There is no seat. Write: seats: [] [inventory.no-seat]"


def test_a_problem_of_a_whole_file_has_no_line():
    assert str(Problem("city.yml", 0, "It is empty.")) == "city.yml: It is empty."


def test_a_declaration_error_tells_every_problem_once_in_the_order_of_the_files():
    late, early = Problem("b.yml", 2, "Late."), Problem("a.yml", 9, "Early.")
    error = DeclarationError([late, early, late], next_step="Mend them and validate again.")

    assert error.problems == (early, late)
    assert str(error).splitlines() == [
        "2 problems found. Nothing was changed.",
        "  a.yml:9: Early.",
        "  b.yml:2: Late.",
        "Mend them and validate again.",
    ]


def test_one_problem_is_one():
    assert str(DeclarationError([Problem("a.yml", 1, "Odd.")])).startswith("1 problem found.")


@pytest.mark.parametrize("kind", [errors.DeclarationError, errors.UsageError, errors.UndecidedError])
def test_every_group_is_an_error_of_curtilage_with_its_own_code(kind):
    assert issubclass(kind, errors.CurtilageError)
    assert kind.code != errors.CurtilageError.code
