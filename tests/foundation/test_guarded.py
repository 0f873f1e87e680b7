from curtilage.foundation.guarded import Guarded


def test_a_guarded_text_prints_its_length_only():
    held = Guarded("canary-7391")

    assert f"{held} {held!r} {held!s}".count("canary") == 0
    assert len(held) == 11
