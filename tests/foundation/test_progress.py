from curtilage.foundation.progress import Progress, Quiet


def test_quiet_progress_shows_nothing(capsys):
    progress: Progress = Quiet()
    progress.start("Looking at files", 3)
    progress.step(2, "forms/intake.pdf")
    progress.finish()

    assert capsys.readouterr() == ("", "")
