import pytest

from curtilage.foundation.uri import quote_path


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("forms/intake.pdf", "forms/intake.pdf"),
        ("formularios/solicitud (niños).html", "formularios/solicitud%20%28ni%C3%B1os%29.html"),
        ("50%/a#b?c", "50%25/a%23b%3Fc"),
    ],
)
def test_a_path_is_written_so_that_a_link_leads_back_to_it(path, quoted):
    assert quote_path(path) == quoted
