"""Run the checks of every room over what is declared and observed; one list of findings."""
